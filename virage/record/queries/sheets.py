"""A sheet that is being filled in, or was: its answers, what clashes, and its history."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from uuid import UUID

from django.urls import reverse

from virage.foundation.access.actor import Actor
from virage.foundation.access.enums import Volet
from virage.foundation.journal.collector import saw
from virage.foundation.workflow.models import Transition
from virage.foundation.workflow.queries import history_of
from virage.instruments.enums import SheetState
from virage.instruments.models import Sheet
from virage.instruments.queries import (
    OpenSheet,
    find_evaluation,
    find_sheet,
    instrument_of,
    sheet_behind,
)
from virage.instruments.rules.answers import Line
from virage.instruments.rules.differences import Change
from virage.instruments.rules.items import COMMENT
from virage.instruments.rules.sheet import told
from virage.persons.models import Person
from virage.record.queries.marks import author_label


@dataclass(frozen=True, kw_only=True)
class Clash:
    """A question answered meanwhile: what was said, by whom and when.

    `is_own`: by who answers it now, from another page.
    """

    label: str
    answer: str
    author: str
    at: datetime
    is_own: bool


@dataclass(frozen=True, kw_only=True)
class Moment:
    """What one person did at once to a sheet: a step, with its reason, or answers changed."""

    title: str
    at: datetime
    author: str
    kind: str = "neutral"
    reason: str = ""
    changes: Sequence[Change] = ()


@dataclass(frozen=True, kw_only=True)
class SheetHistory:
    """All that was done to a sheet, the first of it first."""

    opened: OpenSheet
    moments: list[Moment]


@dataclass(frozen=True, kw_only=True)
class Left:
    """A sheet given up: by whom, when and why."""

    title: str
    url: str
    author: str
    at: datetime
    reason: str


def open_sheet(actor: Actor, person: Person, sheet_id: UUID) -> OpenSheet:
    """Return a sheet of a visible person with its answers, journalled; two SQL statements."""
    opened = find_sheet(actor, person.subject_id, sheet_id)
    saw(actor, "sheet.read", [person.subject_id], [Volet(opened.sheet.volet)])
    return opened


def clashes_of(actor: Actor, opened: OpenSheet, names: Sequence[str]) -> list[Clash]:
    """Return what was answered to these questions meanwhile."""
    return [
        Clash(
            label=opened.asked[name].label,
            answer=told(opened.asked[name], opened.answers.get(name)) or "Réponse retirée",
            author=opened.latest[name].author_name,
            at=opened.latest[name].recorded_at,
            is_own=opened.latest[name].author_id == actor.professional_id,
        )
        for name in names
        if name in opened.asked
    ]


def answered_lines(opened: OpenSheet) -> list[Line]:
    """Return the questions that a sheet asks now, with their answers in words."""
    return [
        Line(label=item.label, value=told(item, opened.answers.get(name)) or "Sans réponse")
        for name, item in opened.asked.items()
    ]


def sheet_history(actor: Actor, person: Person, sheet_id: UUID) -> SheetHistory:
    """Return all that was done to a sheet, journalled; three SQL statements.

    Refused as if it did not exist when the actor does not read it.
    """
    return _history(actor, person, find_sheet(actor, person.subject_id, sheet_id))


def evaluation_history(actor: Actor, person: Person, evaluation_id: UUID) -> SheetHistory:
    """Return all that was done to the sheet behind an evaluation, journalled; three SQL statements.

    Refused as if it did not exist when the actor does not read the evaluation, or it has none.
    """
    evaluation = find_evaluation(actor, person.subject_id, evaluation_id)
    return _history(actor, person, sheet_behind(evaluation))


def left_among(sheets: Sequence[Sheet], person: Person) -> list[Left]:
    """Return those of these sheets that were given up, the latest first; one SQL statement, and
    none without any.
    """
    left = {one.pk: one for one in sheets if one.state == SheetState.LEFT}
    if not left:
        return []
    steps = Transition.objects.filter(item_id__in=left, to_state=SheetState.LEFT)
    return [
        Left(
            title=instrument_of(left[one.item_id]).title,
            url=reverse("record:sheet", args=[person.pk, one.item_id]),
            author=author_label(one.actor_name, one.profession),
            at=one.happened_at,
            reason=one.why,
        )
        for one in steps.order_by("-recorded_at", "-id")
    ]


def _history(actor: Actor, person: Person, opened: OpenSheet) -> SheetHistory:
    saw(actor, "sheet.history", [person.subject_id], [opened.sheet.volet])
    steps = list(history_of(opened.sheet))
    moments = [
        *(_step(one) for one in steps if not one.verb),
        *_saves(opened),
        *(_step(one) for one in steps if one.verb),
    ]
    return SheetHistory(opened=opened, moments=moments)


def _step(one: Transition) -> Moment:
    return Moment(
        title=one.reached.label if one.verb else "Commencée",
        at=one.happened_at,
        author=author_label(one.actor_name, one.profession),
        kind=one.reached.tone,
        reason=one.why,
    )


def _saves(opened: OpenSheet) -> Iterator[Moment]:
    """Give the answers written at once together, each with the one that it replaces."""
    before: dict[str, str] = {}
    for _, written in groupby(opened.rows, key=lambda row: row.number):
        rows = list(written)
        after = {row.item: told(opened.item(row.item), opened.given(row)) for row in rows}
        yield Moment(
            title="Réponses",
            at=rows[0].recorded_at,
            author=author_label(rows[0].author_name, rows[0].author_profession),
            changes=[
                Change(opened.item(name).label, before.get(name, ""), after[name])
                for name in sorted(after, key=[*opened.instrument.items, COMMENT.id].index)
            ],
        )
        before |= after
