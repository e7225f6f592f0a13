"""The actions of plans that the actor has to do: a few on the home page, all of them on theirs."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from django.db.models import Count, F, QuerySet, Window
from django.http import QueryDict
from django.urls import reverse

from virage.foundation.access.actor import Actor
from virage.foundation.journal.collector import saw
from virage.foundation.ui.components import Badge
from virage.foundation.ui.home import Card, Line
from virage.foundation.ui.paging import Column, Paging, paginate
from virage.plans.models import PlannedAction
from virage.plans.queries.due import own_actions
from virage.plans.rules.tasks import due_of
from virage.record.queries.plans import DUE_BADGES, badge_of

LINES = 5
COLUMNS = tuple(Column(label) for label in ("Action", "Pour qui", "Échéance", "Priorité", "État"))


@dataclass(frozen=True, kw_only=True)
class OwnAction:
    """One line of « Mes actions »."""

    action: PlannedAction
    person_name: str
    url: str
    badge: Badge
    due: Badge | None


def own_actions_card(actor: Actor) -> Card | None:
    """Return what the actor has to do in plans in force, the most overdue first, journalled.

    One SQL statement; no card when there is nothing to do. Whom a bris de glace opens is in none.
    """
    if not actor.readable_volets:
        return None
    counted = _own_actions(actor).annotate(in_all=Window(Count("pk")))
    shown: list[Any] = list(counted[:LINES])
    if not shown:
        return None
    _saw(actor, "plan.due", shown)
    in_all = shown[0].in_all
    return Card(
        title="Actions à faire",
        url=reverse("record:own_actions"),
        icon="list-checks",
        summary=f"Les {LINES} premières sur {in_all}." if in_all > LINES else "",
        lines=tuple(_line(one, actor.today) for one in shown),
    )


def own_action_list(actor: Actor, query: QueryDict) -> Paging[OwnAction]:
    """Return a page of what the actor has to do, in the order of the card, journalled; two SQL
    statements.
    """
    page: Paging[Any] = paginate(_own_actions(actor), query, COLUMNS)
    _saw(actor, "plan.own_actions", page.rows)
    return replace(page, rows=[_row(one, actor.today) for one in page.rows])


def _own_actions(actor: Actor) -> QuerySet[PlannedAction]:
    mine = own_actions(replace(actor, has_broken_glass=False))
    of_persons = mine.filter(objective__plan__subject__person__isnull=False)
    order = (F("due_on").asc(nulls_last=True), "priority", "id")
    return of_persons.select_related("objective__plan__subject__person").order_by(*order)


def _saw(actor: Actor, gesture: str, actions: Iterable[PlannedAction]) -> None:
    for one in actions:
        plan = one.objective.plan
        saw(actor, gesture, [plan.subject_id], [plan.volet])


def _url(action: PlannedAction) -> str:
    plan = action.objective.plan
    return reverse("record:plan_action", args=[plan.subject.person.pk, plan.pk, action.pk])


def _row(action: PlannedAction, today: date) -> OwnAction:
    due = due_of(action, today)
    return OwnAction(
        action=action,
        person_name=action.objective.plan.subject.person.display_name,
        url=_url(action),
        badge=badge_of(action),
        due=DUE_BADGES.get(due) if due else None,
    )


def _line(action: PlannedAction, today: date) -> Line:
    return Line(
        label=f"{action.objective.plan.subject.person.display_name} · {action.title}",
        url=_url(action),
        note=_when(action.due_on, today),
    )


def _when(due_on: date | None, today: date) -> str:
    if due_on is None:
        return ""
    return f"{'depuis' if due_on < today else 'pour'} le {due_on:%d/%m/%Y}"
