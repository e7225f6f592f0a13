from django.apps import AppConfig


class ExchangeConfig(AppConfig):
    name = "virage.exchange"
    verbose_name = "Échanges"

    def ready(self) -> None:
        from virage.exchange.actions.receiving import TOPIC
        from virage.exchange.jobs import treat_received_file
        from virage.exchange.queries.imports import count_held, may_export, may_import
        from virage.exchange.queries.received import received_visible_to
        from virage.foundation.outbox import actions as outbox
        from virage.foundation.ui import navigation
        from virage.persons import tabs
        from virage.record.queries.tabs import reads_something

        outbox.register(TOPIC, treat_received_file, label="Import d’un dossier reçu")
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
                label="Identités à comparer", url_name="exchange:import_list", count=count_held
            )
        )
        tabs.register(
            tabs.Tab(
                key="received",
                label="Reçu, non repris",
                url_name="exchange:received_list",
                allowed=reads_something,
                order=90,
                holds=received_visible_to,
            )
        )
        tabs.register(
            tabs.Tab(
                key="export",
                label="Exporter",
                url_name="exchange:export",
                allowed=may_export,
                order=95,
            )
        )
