"""What a professional who leaves had to do goes to a colleague."""

from datetime import date

from django.db.models import Q, QuerySet

from virage.directory.models import Professional
from virage.foundation.access.actor import Actor
from virage.foundation.access.predicates import items_visible_to
from virage.foundation.journal.writing import record_writes
from virage.foundation.versions import save
from virage.plans.actions.plans import tell_anew
from virage.plans.enums import TO_DO, PlanState
from virage.plans.models import Plan, PlannedAction

GOING_ON = (PlanState.DRAFT, PlanState.IN_FORCE)


def hand_actions_over(
    actor: Actor, actions: QuerySet[PlannedAction], heir: Professional, _last_day: date
) -> None:
    """Give a colleague actions that someone who leaves still had to do.

    At once, whatever the last day: they finish them together. The right to decide of it is judged
    by `directory.leave`.
    """
    for action in actions.select_related("objective__plan").order_by("id"):
        plan = action.objective.plan
        action.owner = heir
        action.reminded_due_on = None
        action.version += 1
        action.save(update_fields=["owner", "reminded_due_on", "version"])
        record_writes(
            actor, "plan_action.hand_over", {plan.subject_id: {plan.volet}}, target=action
        )


def still_to_do(professional: Professional, _last_day: date) -> QuerySet[PlannedAction]:
    """Return the actions of plans that a professional has to do, whatever their dates."""
    return PlannedAction.objects.filter(
        owner=professional, state__in=TO_DO, objective__plan__state__in=GOING_ON
    )


def hand_plans_over(
    actor: Actor, plans: QuerySet[Plan], heir: Professional, _last_day: date
) -> None:
    """Let a colleague answer, at once, for plans that someone who leaves answered for."""
    for plan in plans.order_by("id"):
        plan.owner = heir
        save(plan, ["owner", *tell_anew(plan)])
        record_writes(actor, "plan.hand_over", {plan.subject_id: {plan.volet}}, target=plan)


def answered_for(professional: Professional, _last_day: date) -> QuerySet[Plan]:
    """Return the plans that go on for which a professional answers, whatever their dates."""
    return Plan.objects.filter(owner=professional, state__in=GOING_ON)


def may_be_answered_for_by(actor: Actor) -> Q:
    """Return the condition under which the actor reads a plan."""
    return items_visible_to(actor)


def may_be_done_by(actor: Actor) -> Q:
    """Return the condition under which an action is of a plan that the actor reads."""
    return Q(objective__plan__in=Plan.objects.filter(items_visible_to(actor)))
