from django.apps import AppConfig


class InstrumentsConfig(AppConfig):
    name = "virage.instruments"
    verbose_name = "Évaluations"

    def ready(self) -> None:
        from virage.foundation.content import loader
        from virage.instruments.rules.aggir import AggirTable

        loader.register("aggir/groups", AggirTable)
