from django.apps import AppConfig


class InstrumentsConfig(AppConfig):
    name = "virage.instruments"
    verbose_name = "Évaluations"
