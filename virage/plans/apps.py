from datetime import timedelta

from django.apps import AppConfig


class PlansConfig(AppConfig):
    name = "virage.plans"
    verbose_name = "Plans"

    def ready(self) -> None:
        from virage.directory.actions import leaving
        from virage.foundation.outbox import actions as outbox
        from virage.plans import jobs
        from virage.plans.actions.due import REMINDER
        from virage.plans.actions.handing_over import (
            answered_for,
            hand_actions_over,
            hand_plans_over,
            may_be_answered_for_by,
            may_be_done_by,
            still_to_do,
        )

        leaving.register(
            leaving.OpenWork("plans", answered_for, may_be_answered_for_by, hand_plans_over),
            order=30,
        )
        leaving.register(
            leaving.OpenWork("actions de plans", still_to_do, may_be_done_by, hand_actions_over),
            order=30,
        )
        every = timedelta(days=1)
        outbox.register(
            "plans.remind", jobs.remind, label="Rappel des actions à échéance", every=every
        )
        outbox.register(REMINDER, jobs.tell_due, label="Message\u00a0: actions à échéance")
