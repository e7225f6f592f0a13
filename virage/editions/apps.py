from datetime import timedelta

from django.apps import AppConfig


class EditionsConfig(AppConfig):
    name = "virage.editions"
    verbose_name = "Éditions"

    def ready(self) -> None:
        from virage.editions.actions.making import TOPIC
        from virage.editions.jobs import drop_abandoned, drop_files, prepare
        from virage.editions.rules.templates import Template
        from virage.foundation.content import loader
        from virage.foundation.outbox import actions as outbox
        from virage.persons import tabs
        from virage.persons.queries.people import knows_identities

        loader.register("documents/*/*", Template)
        outbox.register(TOPIC, prepare, label="Édition d’un long document")
        outbox.register(
            "editions.drop_files",
            drop_files,
            label="Effacement des longues éditions",
            every=timedelta(hours=1),
        )
        outbox.register(
            "editions.drop_abandoned",
            drop_abandoned,
            label="Effacement des fichiers abandonnés",
            every=timedelta(days=1),
        )
        tabs.register(
            tabs.Tab(
                key="editions",
                label="Éditer",
                url_name="editions:choice",
                allowed=knows_identities,
                order=85,
            )
        )
