from django.apps import AppConfig


class EditionsConfig(AppConfig):
    name = "virage.editions"
    verbose_name = "Éditions"

    def ready(self) -> None:
        from virage.editions.rules.templates import Template
        from virage.foundation.content import loader
        from virage.persons import tabs
        from virage.persons.queries.people import knows_identities

        loader.register("documents/*/*", Template)
        tabs.register(
            tabs.Tab(
                key="editions",
                label="Éditer",
                url_name="editions:choice",
                allowed=knows_identities,
                order=85,
            )
        )
