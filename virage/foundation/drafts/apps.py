from django.apps import AppConfig


class DraftsConfig(AppConfig):
    name = "virage.foundation.drafts"
    label = "drafts"
    verbose_name = "Brouillons"

    def ready(self) -> None:
        """Erase every day what is too old; a change of keys takes drafts along."""
        from virage.foundation.drafts.actions import encrypt_drafts_again
        from virage.foundation.drafts.jobs import expire
        from virage.foundation.drafts.rules import EXPIRY_PERIOD
        from virage.foundation.encryption import columns
        from virage.foundation.outbox.actions import register

        columns.register(encrypt_drafts_again)
        register("drafts.expire", expire, label="Effacement des brouillons", every=EXPIRY_PERIOD)
