from datetime import timedelta

from django.apps import AppConfig


class OutboxConfig(AppConfig):
    name = "virage.foundation.outbox"
    label = "outbox"
    verbose_name = "Boîte d’envoi"

    def ready(self) -> None:
        from virage.foundation.outbox.actions import forget_done, register

        register(
            "outbox.forget_done",
            forget_done,
            label="Effacement des travaux faits",
            every=timedelta(days=1),
        )
