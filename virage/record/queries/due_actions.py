"""What the actor has to do in plans, and what of his plans is due: on the home page, and in full.

Actions, objectives and reviews are read in one statement, in the order of their days.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date
from typing import Any, NamedTuple
from uuid import UUID

from django.db.models import F, QuerySet, Value
from django.db.models.expressions import Combinable
from django.http import QueryDict
from django.urls import reverse

from virage.foundation.access.actor import Actor
from virage.foundation.journal.collector import saw
from virage.foundation.ui.components import Badge
from virage.foundation.ui.home import Card, Line
from virage.foundation.ui.paging import Column, Paging, paginate
from virage.persons.models import Person
from virage.plans.enums import Priority
from virage.plans.models import Objective, Plan, PlannedAction
from virage.plans.queries.due import own_actions, own_objectives, own_plans
from virage.plans.rules.tasks import SOON, towards
from virage.record.queries.plans import DUE_BADGES, badge_of

LINES = 5
# Beyond it, the card no longer says how many there are: it would take another statement.
MANY = 100
COLUMNS = tuple(Column(label) for label in ("Action", "Pour qui", "Échéance", "Priorité", "État"))
# What each kind of thing is, and how its title begins.
KINDS: dict[str, tuple[type[PlannedAction | Objective | Plan], str]] = {
    "action": (PlannedAction, ""),
    "objective": (Objective, "Objectif\u00a0: "),
    "review": (Plan, "Bilan\u00a0: "),
}


@dataclass(frozen=True, kw_only=True)
class OwnAction:
    """One line of « Mes actions »."""

    title: str
    person_name: str
    url: str
    due_on: date | None
    due: Badge | None
    priority: str
    badge: Badge


class _Due(NamedTuple):
    """The columns that all that is due gives: what it is, of which plan, for whom."""

    kind: str
    item: UUID
    words: str
    day: date | None
    rank: int
    step: str
    of_plan: UUID
    of_volet: str
    of_subject: UUID
    whom: UUID
    used_family_name: str
    birth_family_name: str
    used_given_name: str
    first_birth_given_name: str


def own_actions_card(actor: Actor) -> Card | None:
    """Return what the actor has to do in plans in force, with the objectives and the reviews of his
    plans that are due, the most overdue first, journalled.

    One SQL statement; no card when there is nothing to do. Whom a bris de glace opens is in none.
    """
    if not actor.readable_volets:
        return None
    found = [_Due(*row) for row in _own_due(actor)[:MANY]]
    if not found:
        return None
    shown = found[:LINES]
    _saw(actor, "plan.due", shown)
    in_all = f"{len(found)}" if len(found) < MANY else f"{MANY} au moins"
    return Card(
        title="Actions à faire",
        url=reverse("record:own_actions"),
        icon="list-checks",
        summary=f"Les {LINES} premières sur {in_all}." if len(found) > LINES else "",
        lines=tuple(_line(one, actor.today) for one in shown),
    )


def own_action_list(actor: Actor, query: QueryDict) -> Paging[OwnAction]:
    """Return a page of what the actor has to do, in the order of the card, journalled; two SQL
    statements.
    """
    page: Paging[Any] = paginate(_own_due(actor), query, COLUMNS)
    found = [_Due(*row) for row in page.rows]
    _saw(actor, "plan.own_actions", found)
    return replace(page, rows=[_row(one, actor.today) for one in found])


def _own_due(actor: Actor) -> QuerySet[Any, Any]:
    """Return what is to be told, as rows of `_Due`."""
    reader, soon = replace(actor, has_broken_glass=False), actor.today + SOON
    objectives = own_objectives(reader).filter(due_on__lte=soon)
    reviews = own_plans(reader).filter(review_on__lte=soon)
    rows = _columns("action", own_actions(reader), "objective__plan__", rank=F("priority")).union(
        _columns("objective", objectives, "plan__"),
        _columns("review", reviews, "", day=F("review_on")),
        all=True,
    )
    return rows.order_by(F("day").asc(nulls_last=True), "rank", "item")


def _columns(kind: str, rows: QuerySet[Any], plan: str, **own: Combinable) -> QuerySet[Any, Any]:
    """`plan` is the path to the plan, `own` are the columns that are not those of the others."""
    person = f"{plan}subject__person"
    names = {name: F(f"{person}__{name}") for name in _Due._fields if name.endswith("_name")}
    columns: dict[str, Combinable] = {
        "kind": Value(kind),
        "item": F("pk"),
        "words": F("title"),
        "day": F("due_on"),
        "rank": Value(Priority.FIRST.value),
        "step": F("state"),
        "of_plan": F(f"{plan}pk"),
        "of_volet": F(f"{plan}volet"),
        "of_subject": F(f"{plan}subject"),
        "whom": F(f"{person}__pk"),
        **names,
        **own,
    }
    of_persons = rows.filter(**{f"{person}__isnull": False})
    told: QuerySet[Any, Any] = of_persons.annotate(**columns).values_list(*_Due._fields)
    return told


def _saw(actor: Actor, gesture: str, found: Iterable[_Due]) -> None:
    for one in found:
        saw(actor, gesture, [one.of_subject], [one.of_volet])


def _url(one: _Due) -> str:
    if one.kind == "action":
        return reverse("record:plan_action", args=[one.whom, one.of_plan, one.item])
    return reverse("record:plan", args=[one.whom, one.of_plan])


def _title(one: _Due) -> str:
    return KINDS[one.kind][1] + one.words


def _person_name(one: _Due) -> str:
    names = {name: value for name, value in one._asdict().items() if name.endswith("_name")}
    return Person(**names).display_name


def _row(one: _Due, today: date) -> OwnAction:
    due = towards(one.day, today)
    return OwnAction(
        title=_title(one),
        person_name=_person_name(one),
        url=_url(one),
        due_on=one.day,
        due=DUE_BADGES.get(due) if due else None,
        priority=Priority(one.rank).label if one.kind == "action" else "",
        badge=badge_of(KINDS[one.kind][0](state=one.step)),
    )


def _line(one: _Due, today: date) -> Line:
    return Line(
        label=f"{_person_name(one)} · {_title(one)}", url=_url(one), note=_when(one.day, today)
    )


def _when(due_on: date | None, today: date) -> str:
    if due_on is None:
        return ""
    return f"{'depuis' if due_on < today else 'pour'} le {due_on:%d/%m/%Y}"
