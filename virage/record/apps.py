from django.apps import AppConfig


class RecordConfig(AppConfig):
    name = "virage.record"
    verbose_name = "Dossier"

    def ready(self) -> None:
        from virage.foundation.ui import home
        from virage.record.queries.home import latest_notes_card
        from virage.record.queries.tabs import register_tabs

        home.register(latest_notes_card, order=20)
        register_tabs()
