from django.apps import AppConfig


class DraftsConfig(AppConfig):
    name = "virage.foundation.drafts"
    label = "drafts"
    verbose_name = "Brouillons"

    def ready(self) -> None:
        """Erase every day what is too old."""
        from virage.foundation.drafts.jobs import expire
        from virage.foundation.drafts.rules import EXPIRY_PERIOD
        from virage.foundation.outbox.actions import register

        register("drafts.expire", expire, label="Effacement des brouillons", every=EXPIRY_PERIOD)
