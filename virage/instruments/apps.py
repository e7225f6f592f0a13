from django.apps import AppConfig


class InstrumentsConfig(AppConfig):
    name = "virage.instruments"
    verbose_name = "Évaluations"

    def ready(self) -> None:
        from virage.foundation.content import loader
        from virage.instruments.rules.aggir import AggirTable
        from virage.instruments.rules.instrument import Instrument
        from virage.instruments.rules.shipped import Published, faults_in
        from virage.instruments.rules.themes import Themes, faults_of_themes

        loader.register("aggir/groups", AggirTable)
        loader.register("instruments/*/*", Instrument)
        loader.register("instruments/published", Published)
        loader.register("instruments/themes", Themes)
        loader.register_proof("instruments", faults_in)
        loader.register_proof("instruments", faults_of_themes)
