from django.apps import AppConfig


class ExchangeConfig(AppConfig):
    name = "virage.exchange"
    verbose_name = "Échanges"

    def ready(self) -> None:
        from virage.exchange.actions.receiving import TOPIC
        from virage.exchange.jobs import treat_received_file
        from virage.exchange.queries.imports import count_held, may_import
        from virage.foundation.outbox import actions as outbox
        from virage.foundation.ui import navigation

        outbox.register(TOPIC, treat_received_file)
        navigation.register(
            navigation.NavItem(
                label="Imports",
                url_name="exchange:import_list",
                icon="file-down",
                key="i",
                allowed=may_import,
                order=60,
            )
        )
        navigation.register_alert(
            navigation.AlertSource(
                label="identités à comparer", url_name="exchange:import_list", count=count_held
            )
        )
