from django.apps import AppConfig


class ExchangeConfig(AppConfig):
    name = "virage.exchange"
    verbose_name = "Échanges"
