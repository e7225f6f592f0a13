from django.apps import AppConfig


class WorkflowConfig(AppConfig):
    name = "virage.foundation.workflow"
    label = "workflow"
    verbose_name = "Déroulements"

    def ready(self) -> None:
        from virage.foundation.content import loader
        from virage.foundation.workflow.tables import Table

        loader.register("workflows/*/*", Table)
