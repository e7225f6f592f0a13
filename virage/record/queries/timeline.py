"""All the facts of a record in one list: transmissions, events, evaluations, documents."""

from collections.abc import Callable, Collection
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Any, NamedTuple
from uuid import UUID

from django.db.models import Case, CharField, F, Q, QuerySet, TextField, Value, When
from django.db.models.fields.json import KT
from django.db.models.functions import Coalesce
from django.http import QueryDict
from django.urls import reverse

from virage.agenda.queries import events_of
from virage.documents.queries import documents_of
from virage.foundation.access.actor import Actor
from virage.foundation.access.enums import Volet
from virage.foundation.calendar import in_paris, midnight
from virage.foundation.content.nomenclature import typeset
from virage.foundation.journal.collector import saw
from virage.foundation.ui.components import Badge
from virage.foundation.ui.paging import Paging, paginate
from virage.instruments.queries import evaluations_of
from virage.persons.models import Person
from virage.record.enums import FactKind
from virage.record.queries.marks import author_label, badges_of
from virage.record.queries.notes import notes_visible_to, text_hidden_from

ICONS = {
    FactKind.NOTE: "message-square-text",
    FactKind.EVENT: "calendar",
    FactKind.EVALUATION: "clipboard-list",
    FactKind.DOCUMENT: "file-text",
}
Part = QuerySet[Any, Any]
Column = F | Case | Value | Coalesce
LABEL_PARTS = ("text", "display", "code")


@dataclass(frozen=True, kw_only=True)
class FactFilter:
    """Which facts to tell; days are inclusive, in Paris."""

    kinds: Collection[FactKind] = tuple(FactKind)
    volets: Collection[Volet] = tuple(Volet)
    since: date | None = None
    until: date | None = None


@dataclass(frozen=True, kw_only=True)
class Fact:
    """One fact of a record, whatever it is, ready to be told.

    `text` is what was written, the report or reason of an event, what a document is; `anchor` names
    it within a page. What bears a day alone has no clock, and comes before the other facts of its
    day.
    """

    kind: FactKind
    anchor: str
    title: str
    text: str
    happened_at: datetime
    has_clock: bool
    author: str
    url: str
    icon: str
    badges: tuple[Badge, ...]


def facts_of(actor: Actor, person: Person, wanted: FactFilter, query: QueryDict) -> Paging[Fact]:
    """Return a page of the facts that the actor reads, latest first, journalled.

    Two SQL statements. The text of a withdrawn transmission is empty, except for its author.
    """
    parts = [
        _PARTS[kind](actor, person.subject_id).filter(_within(wanted)) for kind in wanted.kinds
    ]
    union: Any = parts[0].union(*parts[1:], all=True).order_by("-happened_at", "-id")
    page = paginate(union, query)
    rows = [_Row(*values) for values in page.rows]
    action = "record.notes" if {*wanted.kinds} == {FactKind.NOTE} else "record.facts"
    saw(actor, action, [person.subject_id], {row.volet for row in rows})
    return replace(page, rows=[_fact(row, person, actor.at) for row in rows])


def _within(wanted: FactFilter) -> Q:
    condition = Q(volet__in=wanted.volets)
    if wanted.since:
        condition &= Q(happened_at__gte=midnight(wanted.since))
    if wanted.until:
        condition &= Q(happened_at__lt=midnight(wanted.until + timedelta(days=1)))
    return condition


def _notes(actor: Actor, subject_id: UUID) -> Part:
    hidden = text_hidden_from(actor)
    text = Case(When(hidden, then=Value("")), default="text", output_field=TextField())
    return _columns(
        notes_visible_to(actor).filter(subject=subject_id), FactKind.NOTE, Value(""), text
    )


def _events(actor: Actor, subject_id: UUID) -> Part:
    text = Case(When(report="", then="reason"), default="report", output_field=TextField())
    return _columns(events_of(actor, subject_id), FactKind.EVENT, F("label"), text)


def _evaluations(actor: Actor, subject_id: UUID) -> Part:
    evaluations = evaluations_of(actor, subject_id)
    return _columns(evaluations, FactKind.EVALUATION, F("title"), F("comment"))


def _documents(actor: Actor, subject_id: UUID) -> Part:
    # The label of the type, else of the category, in the order of `Coded.label`.
    labels = (KT(f"{name}__{part}") for name in ("type", "category") for part in LABEL_PARTS)
    text = Coalesce(*labels, Value(""), output_field=TextField())
    return _columns(documents_of(actor, subject_id), FactKind.DOCUMENT, F("title"), text)


class _Row(NamedTuple):
    """The columns that every kind gives, in the order of `_columns`."""

    kind: str
    id: UUID
    happened_at: datetime
    recorded_at: datetime
    volet: str
    status: str
    title: str
    text: str
    author_name: str
    author_profession: str
    is_published: bool


def _columns(items: QuerySet[Any], kind: FactKind, title: Column, text: Column) -> Part:
    return items.values_list(
        Value(kind.value, output_field=CharField()),
        *("id", "happened_at", "recorded_at", "volet", "status"),
        title,
        text,
        *("author_name", "author_profession", "is_published"),
    )


_PARTS: dict[FactKind, Callable[[Actor, UUID], Part]] = {
    FactKind.NOTE: _notes,
    FactKind.EVENT: _events,
    FactKind.EVALUATION: _evaluations,
    FactKind.DOCUMENT: _documents,
}


def _has_clock(kind: FactKind, happened_at: datetime) -> bool:
    """Whether the hour says something: a document bears a day, an evaluation maybe no more."""
    if kind == FactKind.EVALUATION:
        return happened_at != midnight(in_paris(happened_at).date())
    return kind != FactKind.DOCUMENT


def _fact(row: _Row, person: Person, at: datetime) -> Fact:
    kind, volet = FactKind(row.kind), Volet(row.volet).label
    return Fact(
        kind=kind,
        anchor=f"{kind}-{row.id}",
        title=row.title or volet,
        text=typeset(row.text) if kind == FactKind.DOCUMENT else row.text,
        happened_at=row.happened_at,
        has_clock=_has_clock(kind, row.happened_at),
        author=author_label(row.author_name, row.author_profession),
        url=reverse(f"record:{kind}", args=[person.pk, row.id]),
        icon=ICONS[kind],
        badges=(*((Badge(volet),) if row.title else ()), *badges_of(kind, row, at)),
    )
