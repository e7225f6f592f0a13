from django.apps import AppConfig


class PlansConfig(AppConfig):
    name = "virage.plans"
    verbose_name = "Plans"

    def ready(self) -> None:
        from virage.directory.actions import leaving
        from virage.plans.actions.handing_over import count_to_do, hand_actions_over

        leaving.register(leaving.OpenWork("actions de plans", count_to_do, hand_actions_over))
