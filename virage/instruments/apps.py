from django.apps import AppConfig


class InstrumentsConfig(AppConfig):
    name = "virage.instruments"
    verbose_name = "Évaluations"

    def ready(self) -> None:
        from virage.directory.actions import leaving
        from virage.foundation.content import loader, published
        from virage.instruments.actions import hand_requests_over
        from virage.instruments.queries import asked_of, may_be_answered_by
        from virage.instruments.rules.aggir import AdverbTable, AggirTable
        from virage.instruments.rules.instrument import Instrument
        from virage.instruments.rules.shipped import faults_in
        from virage.instruments.rules.themes import Themes, faults_of_themes

        leaving.register(
            leaving.OpenWork(
                "réponses demandées", asked_of, may_be_answered_by, hand_requests_over
            ),
            order=40,
        )
        loader.register("aggir/groups/*", AggirTable)
        loader.register("aggir/adverbs/*", AdverbTable)
        loader.register("aggir/published", published.Published)
        loader.register_proof("aggir", published.faults_in)
        loader.register("instruments/*/*", Instrument)
        loader.register("instruments/published", published.Published)
        loader.register("instruments/themes", Themes)
        loader.register_proof("instruments", faults_in)
        loader.register_proof("instruments", faults_of_themes)
