from django.apps import AppConfig


class JournalConfig(AppConfig):
    name = "virage.foundation.journal"
    label = "journal"
    verbose_name = "Journal des accès"

    def ready(self) -> None:
        """Seal what was journalled every minute."""
        from virage.foundation.journal.jobs import seal
        from virage.foundation.journal.rules import PERIOD
        from virage.foundation.outbox.actions import register

        register("journal.seal", seal, label="Scellement du journal", every=PERIOD)
