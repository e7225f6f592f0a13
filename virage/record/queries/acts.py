"""What a professional read and wrote in records: the journal searched by who did it."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from django.db.models import Exists, OuterRef, Prefetch
from django.http import QueryDict

from virage.directory.models import Professional
from virage.foundation.access.actor import Actor
from virage.foundation.access.enums import Cell, Volet
from virage.foundation.access.predicates import subjects_visible_to
from virage.foundation.access.verdict import require
from virage.foundation.calendar import midnight
from virage.foundation.journal.collector import saw
from virage.foundation.journal.models import JournalEvent, JournalLine
from virage.foundation.journal.queries import acts_of
from virage.foundation.ui.paging import Column, Paging, paginate
from virage.persons.models import Person
from virage.persons.queries import persons_visible_to
from virage.record.queries.accesses import told_gesture

COLUMNS = tuple(Column(label) for label in ("Quand", "Dossier", "Geste", "Volets", "Motif"))
# How many records of a list are named.
NAMED = 3


@dataclass(frozen=True)
class ActFilter:
    """Which gestures to tell: writings or readings alone, between two days, both included."""

    is_write: bool | None = None
    since: date | None = None
    until: date | None = None


@dataclass(frozen=True, kw_only=True)
class Act:
    """One gesture of a professional: in whose records, which volets, why.

    Of a list, the first records alone are named, with how many others there were.
    """

    at: datetime
    people: Sequence[Person]
    others: int
    gesture: str
    volets: str
    purpose: str


def acts_in_records(
    actor: Actor, professional: Professional, query: QueryDict, wanted: ActFilter
) -> Paging[Act]:
    """Return a page of what a professional of the operator read and wrote in the records that the
    actor reaches, latest first, journalled; four SQL statements.

    Refused to all but the direction, which answers for who reads what.
    """
    require(actor, Cell.VALIDATE, None, Volet.PROJECT)
    reached = JournalLine.objects.filter(subjects_visible_to(actor, "subject_id"))
    events = acts_of(professional.pk).filter(Exists(reached.filter(event=OuterRef("pk"))))
    if wanted.is_write is not None:
        events = events.filter(is_write=wanted.is_write)
    if wanted.since:
        events = events.filter(at__gte=midnight(wanted.since))
    if wanted.until:
        events = events.filter(at__lt=midnight(wanted.until + timedelta(days=1)))
    with_lines = events.prefetch_related(Prefetch("lines", reached.order_by("id")))
    page: Paging[Any] = paginate(with_lines, query, COLUMNS)
    subject_ids = {line.subject_id for event in page.rows for line in event.lines.all()}
    persons = persons_visible_to(actor).filter(subject__in=subject_ids)
    saw(actor, "professional.acts", subject_ids)
    by_subject = {one.subject_id: one for one in persons}
    return replace(page, rows=[_act(event, by_subject) for event in page.rows])


def _act(event: JournalEvent, persons: dict[UUID, Person]) -> Act:
    lines = list(event.lines.all())
    volets = {volet for line in lines for volet in line.volets.split(",") if volet}
    return Act(
        at=event.at,
        people=[persons[line.subject_id] for line in lines[:NAMED]],
        others=len(lines[NAMED:]),
        gesture=told_gesture(event, has_volets=bool(volets)),
        volets=", ".join(volet.label for volet in Volet if volet in volets) or "Identité",
        purpose=event.purpose,
    )
