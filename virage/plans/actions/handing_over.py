"""What a professional who leaves had to do goes to a colleague."""

from datetime import date

from django.db.models import QuerySet

from virage.directory.models import Professional
from virage.foundation.access.actor import Actor
from virage.foundation.journal.writing import record_writes
from virage.plans.enums import TO_DO, PlanState
from virage.plans.models import PlannedAction


def hand_actions_over(
    actor: Actor, leaver: Professional, heir: Professional, last_day: date
) -> None:
    """Give a colleague the actions that someone who leaves still had to do.

    The right to decide of it is judged by `directory.leave`.
    """
    for action in still_to_do(leaver, last_day).select_related("objective__plan").order_by("id"):
        plan = action.objective.plan
        action.owner = heir
        action.version += 1
        action.save(update_fields=["owner", "version"])
        record_writes(actor, "plan_action.hand_over", {plan.subject_id: {plan.volet}}, target=plan)


def still_to_do(professional: Professional, last_day: date) -> QuerySet[PlannedAction]:
    """Return the actions of plans that a professional has to do, whatever their dates."""
    going_on = (PlanState.DRAFT, PlanState.IN_FORCE)
    return PlannedAction.objects.filter(
        owner=professional, state__in=TO_DO, objective__plan__state__in=going_on
    )
