from django.apps import AppConfig

from virage.foundation.content import loader


class GuideConfig(AppConfig):
    name = "virage.foundation.guide"
    label = "guide"
    verbose_name = "Aide"

    def ready(self) -> None:
        from virage.foundation.guide.rules import Help, Visits

        loader.register("help/pages", Help)
        loader.register("help/visits", Visits)
