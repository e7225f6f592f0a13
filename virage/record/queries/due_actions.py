"""What the home page says of plans: the actions that the actor has to do."""

from dataclasses import replace
from datetime import date

from django.db.models import F
from django.urls import reverse

from virage.foundation.access.actor import Actor
from virage.foundation.journal.collector import saw
from virage.foundation.ui.home import Card, Line
from virage.plans.models import PlannedAction
from virage.plans.queries.due import own_actions

LINES = 5


def own_actions_card(actor: Actor) -> Card | None:
    """Return what the actor has to do in plans in force, the most overdue first, journalled.

    One SQL statement; no card when there is nothing to do. Whom a bris de glace opens is in none.
    """
    if not actor.readable_volets:
        return None
    mine = own_actions(replace(actor, has_broken_glass=False))
    mine = mine.filter(objective__plan__subject__person__isnull=False)
    joined = mine.select_related("objective__plan__subject__person")
    order = (F("due_on").asc(nulls_last=True), "priority", "id")
    shown = list(joined.order_by(*order)[:LINES])
    if not shown:
        return None
    for one in shown:
        plan = one.objective.plan
        saw(actor, "plan.due", [plan.subject_id], [plan.volet])
    return Card(
        title="Actions à faire",
        icon="list-checks",
        summary="",
        lines=tuple(_line(one, actor.today) for one in shown),
    )


def _line(action: PlannedAction, today: date) -> Line:
    plan = action.objective.plan
    person = plan.subject.person
    return Line(
        label=f"{person.display_name} · {action.title}",
        url=reverse("record:plan_action", args=[person.pk, plan.pk, action.pk]),
        note=_when(action.due_on, today),
    )


def _when(due_on: date | None, today: date) -> str:
    if due_on is None:
        return ""
    return f"{'depuis' if due_on < today else 'pour'} le {due_on:%d/%m/%Y}"
