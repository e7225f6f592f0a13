from django.apps import AppConfig


class JournalConfig(AppConfig):
    name = "virage.foundation.journal"
    label = "journal"
    verbose_name = "Journal des accès"

    def ready(self) -> None:
        """Seal what was journalled every minute, and send the last head away every day."""
        from virage.foundation.journal.jobs import mail_head, seal
        from virage.foundation.journal.rules import MAIL_PERIOD, PERIOD
        from virage.foundation.outbox.actions import register

        register("journal.seal", seal, label="Scellement du journal", every=PERIOD)
        register(
            "journal.mail_head",
            mail_head,
            label="Envoi de la tête du journal",
            every=MAIL_PERIOD,
        )
