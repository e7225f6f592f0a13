from django.apps import AppConfig


class InstrumentsConfig(AppConfig):
    name = "virage.instruments"
    verbose_name = "Évaluations"

    def ready(self) -> None:
        from virage.foundation.content import loader, published
        from virage.instruments.rules.aggir import AdverbTable, AggirTable
        from virage.instruments.rules.instrument import Instrument
        from virage.instruments.rules.shipped import Published, faults_in
        from virage.instruments.rules.themes import Themes, faults_of_themes

        loader.register("aggir/groups/*", AggirTable)
        loader.register("aggir/adverbs/*", AdverbTable)
        loader.register("aggir/published", published.Published)
        loader.register_proof("aggir", published.faults_in)
        loader.register("instruments/*/*", Instrument)
        loader.register("instruments/published", Published)
        loader.register("instruments/themes", Themes)
        loader.register_proof("instruments", faults_in)
        loader.register_proof("instruments", faults_of_themes)
