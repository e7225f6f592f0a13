"""The parts of a plan of a record: a month, one action, the versions."""

from calendar import Calendar
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from itertools import pairwise
from uuid import UUID

from django.urls import reverse

from virage.foundation.access.actor import Actor
from virage.foundation.errors import Refused
from virage.foundation.ui.components import Badge, Kind
from virage.instruments.queries import evaluations_of
from virage.instruments.rules.shipped import shipped
from virage.plans.enums import Agreement
from virage.plans.models import Comment, Objective, Part, PlannedAction, PlanVersion, Signature
from virage.plans.queries.plans import (
    comments_of,
    find_action,
)
from virage.plans.rules import agreements
from virage.plans.rules.frozen import digest_of, from_json, told
from virage.record.queries.items import DocumentRow, proofs_of
from virage.record.queries.plans import ActionRow, PlanShown, badge_of, objective_due

# The number of the plan as it stands today, among its versions.
NOW = 0
WEEKDAYS = ("lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi", "dimanche")
AGREEMENT_KINDS: dict[Agreement, Kind] = {
    Agreement.AGREED: "success",
    Agreement.REFUSED: "danger",
    Agreement.NOT_COLLECTED: "neutral",
}


@dataclass(frozen=True, kw_only=True)
class Day:
    """One day of a month, with what is due."""

    day: date
    is_in_month: bool
    is_today: bool
    rows: Sequence[ActionRow]
    objectives: Sequence[tuple[Objective, Badge]]
    has_review: bool

    @property
    def is_bare(self) -> bool:
        """Whether nothing is due."""
        return not (self.rows or self.objectives or self.has_review)


@dataclass(frozen=True, kw_only=True)
class Month:
    """A month of a plan, week by week, and the months before and after."""

    first: date
    weeks: Sequence[Sequence[Day]]
    before: date
    after: date
    weekdays: tuple[str, ...] = WEEKDAYS

    @property
    def is_bare(self) -> bool:
        """Whether nothing is due: on a phone, no day is then shown."""
        return all(day.is_bare for week in self.weeks for day in week if day.is_in_month)


@dataclass(frozen=True, kw_only=True)
class ActionShown:
    """One action with its proofs, its comments and its history."""

    row: ActionRow
    needed: Sequence[PlannedAction]
    proofs: Sequence[DocumentRow]
    comments: Sequence[Comment]
    # "" unless it comes from an answer of an evaluation that the reader may open.
    origin_url: str
    # The question that it comes from and its instrument, in words, as far as they are known here.
    origin: str


@dataclass(frozen=True, kw_only=True)
class VersionShown:
    """A frozen version: whether it is still what was frozen, what it says, who signed it."""

    version: PlanVersion
    title: str
    former_url: str
    is_intact: bool
    text: str
    # Each, and whether another one came in its place.
    signatures: Sequence[tuple[Signature, Badge, bool]]


@dataclass(frozen=True, kw_only=True)
class Place:
    """An objective or an action in its place, and the addresses that move it; "" at an end."""

    part: Part
    up_url: str
    down_url: str
    actions: Sequence["Place"] = ()


def month_of(shown: PlanShown, first: date, today: date) -> Month:
    """Return what is due in the month that begins on this day, in whole weeks."""
    due: dict[date, list[ActionRow]] = {}
    for row in shown.actions.values():
        if row.action.due_on:
            due.setdefault(row.action.due_on, []).append(row)
    to_reach: dict[date, list[tuple[Objective, Badge]]] = {}
    for one in shown.opened.objectives:
        if one.due_on:
            badge = objective_due(one, today) or badge_of(one)
            to_reach.setdefault(one.due_on, []).append((one, badge))
    weeks = [
        [
            Day(
                day=day,
                is_in_month=day.month == first.month,
                is_today=day == today,
                rows=due.get(day, ()),
                objectives=to_reach.get(day, ()),
                has_review=day == shown.plan.review_on,
            )
            for day in week
        ]
        for week in Calendar().monthdatescalendar(first.year, first.month)
    ]
    return Month(first=first, weeks=weeks, before=_months(first, -1), after=_months(first, 1))


def places_of(shown: PlanShown) -> list[Place]:
    """Return the objectives of a plan shown, each with its actions, in their order."""
    opened = shown.opened
    places = _places(shown, opened.objectives)
    return [
        replace(place, actions=_places(shown, opened.of(objective)))
        for place, objective in zip(places, opened.objectives, strict=True)
    ]


def show_action(actor: Actor, shown: PlanShown, action_id: UUID) -> ActionShown:
    """Return an action of a plan shown, with its proofs and comments; two SQL statements, three
    for one that comes from an answer, which is told to who reads the evaluation.

    Refused as if it did not exist when the plan has none such.
    """
    opened, person = shown.opened, shown.person
    action = find_action(opened, action_id)
    origin = action.origin_evaluation_id
    reads_origin = origin and evaluations_of(actor, person.subject_id).filter(pk=origin).exists()
    return ActionShown(
        row=shown.actions[action.pk],
        needed=opened.needed_by(action),
        proofs=proofs_of(actor, person, action.pk),
        comments=list(comments_of(opened).filter(action=action)),
        origin_url=reverse("record:evaluation", args=[person.pk, origin]) if reads_origin else "",
        origin=_origin_of(action),
    )


def _origin_of(action: PlannedAction) -> str:
    asked = (one for one in shipped() if one.id == action.origin_instrument)
    names = (
        f"«\u00a0{one.items[action.origin_item].label}\u00a0», {one.title}"
        for one in asked
        if action.origin_item in one.items
    )
    return next(names, "")


def version_list(shown: PlanShown) -> list[tuple[PlanVersion, str]]:
    """Return the versions of a plan shown, latest first, with how many agree."""
    return [(one, agreements.told(one.signatures.all())) for one in shown.versions]


def show_version(shown: PlanShown, number: int) -> VersionShown:
    """Return a version of a plan shown, with its signatures; Refused for none such."""
    version = next((one for one in shown.versions if one.number == number), None)
    if version is None:
        raise Refused.hidden()
    signatures = version.signatures.all()
    last = agreements.in_force(signatures)
    former = [shown.person.pk, shown.plan.pk, number - 1, number]
    return VersionShown(
        version=version,
        title=str(version),
        former_url=reverse("record:plan_compare", args=former) if number > 1 else "",
        is_intact=digest_of(version) == version.digest,
        text=told(from_json(version.content)),
        signatures=[(one, _signature_badge(one), one not in last) for one in signatures],
    )


def texts_of(shown: PlanShown, *numbers: int) -> list[str]:
    """Return what versions say; number 0 is the plan as it stands today.

    Refused as if it did not exist for a number that the plan does not have.
    """
    frozen = {one.number: from_json(one.content) for one in shown.versions}
    said = {NOW: shown.opened.frozen(), **frozen}
    if not said.keys() >= set(numbers):
        raise Refused.hidden()
    return [told(said[number]) for number in numbers]


def _places(shown: PlanShown, row: Sequence[Part]) -> list[Place]:
    names = [shown.person.pk, shown.plan.pk]
    ups = ["", *(_move("plan_move_up", names, two, one) for one, two in pairwise(row))]
    downs = [*(_move("plan_move_down", names, one, two) for one, two in pairwise(row)), ""]
    ends = zip(row, ups, downs, strict=False)  # without anything in it, a row still has ends
    return [Place(part=one, up_url=up, down_url=down) for one, up, down in ends]


def _move(door: str, names: list[UUID], part: Part, other: Part) -> str:
    return reverse(f"record:{door}", args=[*names, part.pk, other.pk])


def _signature_badge(signature: Signature) -> Badge:
    agreement = Agreement(signature.agreement)
    return Badge(agreement.label, AGREEMENT_KINDS[agreement])


def _months(first: date, more: int) -> date:
    month = first.year * 12 + first.month - 1 + more
    return date(month // 12, month % 12 + 1, 1)
