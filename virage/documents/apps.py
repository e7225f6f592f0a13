from django.apps import AppConfig


class DocumentsConfig(AppConfig):
    name = "virage.documents"
    verbose_name = "Documents"

    def ready(self) -> None:
        """Have the antivirus look at what it has not seen yet, every minute."""
        from virage.documents.jobs import scan_waiting
        from virage.documents.rules import SCAN_PERIOD
        from virage.foundation.outbox.actions import register

        register("documents.scan", scan_waiting, label="Analyse des documents", every=SCAN_PERIOD)
