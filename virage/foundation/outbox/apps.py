from django.apps import AppConfig


class OutboxConfig(AppConfig):
    name = "virage.foundation.outbox"
    label = "outbox"
    verbose_name = "Boîte d’envoi"
