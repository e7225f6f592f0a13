"""One event, one evaluation, the documents: each as its page shows it, journalled."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any
from uuid import UUID

from django.http import QueryDict
from django.urls import reverse

from virage.agenda.models import Event, Transport
from virage.agenda.queries import participations_in, refusal_to_report
from virage.agenda.rules import awaits_report, place_label, resource_labels, type_labels
from virage.documents.enums import Confidentiality
from virage.documents.models import Document, DocumentVersion
from virage.documents.queries import (
    cancelled_of,
    content_of,
    documents_of,
    find_document,
    find_version,
    refusal_to_cancel,
    refusal_to_replace,
)
from virage.documents.rules import nature_label, size_label
from virage.foundation.access.actor import Actor
from virage.foundation.access.enums import Verb, Volet
from virage.foundation.errors import Refused
from virage.foundation.journal.collector import saw
from virage.foundation.ui.components import Badge
from virage.foundation.ui.paging import Column, Paging, paginate
from virage.foundation.workflow.models import Transition
from virage.foundation.workflow.queries import history_of
from virage.instruments.models import Evaluation, ReceivedResponse
from virage.instruments.queries import (
    OpenSheet,
    find_evaluation,
    may_go_out,
    received_response_of,
    refusal_to_touch,
)
from virage.instruments.rules.answers import Line, lines_of
from virage.instruments.rules.gir import AGGIR, GirTold, gir_told
from virage.instruments.rules.instrument import Instrument
from virage.instruments.rules.results import FrozenScore, scores_from_json
from virage.instruments.rules.shipped import version_of
from virage.persons.models import Person
from virage.record.enums import FactKind
from virage.record.queries.answers_planned import plannable_items
from virage.record.queries.marks import author_label, badges_of

DOCUMENT_COLUMNS = (
    Column("Titre", "title", ("title",)),
    Column("Volet", "volet", ("volet",)),
    Column("Date", "date", ("happened_at",)),
    Column("Auteur"),
    Column("Fichier"),
    Column("Fiche"),
)
CONFIDENTIALITY_BADGES = {
    Confidentiality.NORMAL: (),
    Confidentiality.RESTRICTED: (Badge("Restreint", "warning", "lock"),),
    Confidentiality.VERY_RESTRICTED: (Badge("Très restreint", "danger", "lock"),),
}


@dataclass(frozen=True, kw_only=True)
class DocumentRow:
    """One document of a list."""

    document: Document
    url: str
    volet: str
    file: str
    author: str
    badges: tuple[Badge, ...]
    is_expired: bool


@dataclass(frozen=True, kw_only=True)
class VersionRow:
    """A former version of a document, with who replaced it, when and why."""

    version: DocumentVersion
    url: str
    file: str
    badges: tuple[Badge, ...]
    replaced_by: str


@dataclass(frozen=True, kw_only=True)
class DocumentShown:
    """A document with its former versions, the latest first."""

    row: DocumentRow
    former: list[VersionRow]
    may_replace: bool
    may_cancel: bool


@dataclass(frozen=True, kw_only=True)
class EventShown:
    """An event with all that its page says; `others` are the other persons who take part."""

    event: Event
    volet: str
    author: str
    types: list[str]
    place: str
    resources: list[str]
    badges: tuple[Badge, ...]
    structure: str
    professionals: list[str]
    others: list[Person]
    transports: list[Transport]
    documents: list[DocumentRow]
    may_report: bool
    history: list[Transition]


@dataclass(frozen=True, kw_only=True)
class EvaluationShown:
    """An evaluation with its answers in words."""

    evaluation: Evaluation
    volet: str
    author: str
    badges: tuple[Badge, ...]
    lines: Sequence[Line]
    scores: list[FrozenScore]
    instrument: Instrument | None
    gir: GirTold | None
    documents: list[DocumentRow]
    plannable: frozenset[str]
    may_change: bool
    may_withdraw: bool
    may_export: bool
    has_history: bool
    received: ReceivedResponse | None

    @property
    def imported_by(self) -> str:
        """Who took in the answers of a file."""
        return f"Importée par {self.author}"

    @property
    def expired(self) -> list[DocumentRow]:
        """The documents attached that are no longer valid."""
        return [row for row in self.documents if row.is_expired]


def open_event(actor: Actor, person: Person, event_id: UUID) -> EventShown:
    """Return an event of a visible person, with its history; four SQL statements.

    Refused as if it did not exist when the actor does not read it.
    """
    taking_part = participations_in(actor, person.subject_id, event_id)
    participations = list(taking_part.select_related("subject__person"))
    if not participations:
        raise Refused.hidden()
    event = participations[0].event
    persons = [one.subject.person for one in participations if one.subject]
    transports = event.transports.select_related("professional", "received_structure")
    saw(actor, "event.read", (one.subject_id for one in persons), [event.volet])
    return EventShown(
        event=event,
        volet=Volet(event.volet).label,
        author=author_label(event.author_name, event.author_profession),
        types=type_labels(event.types),
        place=place_label(event.place_name, event.place),
        resources=resource_labels(event.used_resources),
        badges=badges_of(FactKind.EVENT, event, actor.at),
        structure=str(event.received_structure or event.establishment),
        professionals=[one.professional.display_name for one in participations if one.professional],
        others=[one for one in persons if one != person],
        transports=list(transports.order_by("starts_at", "id")),
        documents=_attached(actor, person, "event.read", event_id=event_id),
        may_report=awaits_report(event.status) and refusal_to_report(actor, event) is None,
        history=list(history_of(event)),
    )


def open_evaluation(actor: Actor, person: Person, evaluation_id: UUID) -> EvaluationShown:
    """Return an evaluation of a visible person; two SQL statements.

    Refused as if it did not exist when the actor does not read it.
    """
    evaluation = find_evaluation(actor, person.subject_id, evaluation_id)
    saw(actor, "evaluation.read", [person.subject_id], [evaluation.volet])
    may_change = refusal_to_touch(actor, evaluation) is None
    scores, lines = scores_from_json(evaluation.scores), lines_of(evaluation.answers)
    made_with = evaluation.instrument, evaluation.instrument_version
    instrument = version_of(*made_with) if evaluation.instrument else None
    return EvaluationShown(
        evaluation=evaluation,
        volet=Volet(evaluation.volet).label,
        author=author_label(evaluation.author_name, evaluation.author_profession),
        badges=badges_of(FactKind.EVALUATION, evaluation, actor.at),
        lines=lines,
        scores=scores,
        instrument=instrument,
        gir=gir_told(instrument, scores) if instrument and instrument.id == AGGIR else None,
        documents=_attached(actor, person, "evaluation.read", evaluation_id=evaluation_id),
        may_change=may_change,
        may_withdraw=may_change and evaluation.is_result,
        plannable=plannable_items(actor, evaluation, lines),
        may_export=actor.has_verb(Verb.EXPORT) and may_go_out(evaluation),
        has_history=hasattr(evaluation, "sheet"),
        received=received_response_of(evaluation),
    )


def document_page(actor: Actor, person: Person, query: QueryDict) -> Paging[DocumentRow]:
    """Return a page of the documents that the actor reads, latest first; two SQL statements."""
    documents = documents_of(actor, person.subject_id).order_by("-happened_at", "-id")
    page: Paging[Any] = paginate(documents, query, DOCUMENT_COLUMNS)
    saw(actor, "document.list", [person.subject_id], {one.volet for one in page.rows})
    return replace(page, rows=[_row(actor, one, person) for one in page.rows])


def open_document(actor: Actor, person: Person, document_id: UUID) -> tuple[Document, bytes]:
    """Return a document and its bytes, to be downloaded; one SQL statement.

    Refused as if it did not exist when the actor does not read it.
    """
    document = find_document(actor, person.subject_id, document_id)
    saw(actor, "document.download", [person.subject_id], [document.volet])
    return document, content_of(document)


def open_version(
    actor: Actor, person: Person, document_id: UUID, version: int
) -> tuple[Document, DocumentVersion, bytes]:
    """Return a former version and its bytes, to be downloaded, by the rule of its document; two SQL
    statements."""
    document = find_document(actor, person.subject_id, document_id)
    former = find_version(document, version)
    saw(actor, "document.download", [person.subject_id], [document.volet])
    return document, former, content_of(former)


def show_document(actor: Actor, person: Person, document_id: UUID) -> DocumentShown:
    """Return a document with its history, taken back or not; three SQL statements.

    Refused as if it did not exist when the actor does not read it.
    """
    document = find_document(actor, person.subject_id, document_id)
    saw(actor, "document.read", [person.subject_id], [document.volet])
    return DocumentShown(
        row=_row(actor, document, person),
        former=[_version_row(one, person) for one in document.former_versions.order_by("-version")],
        may_replace=refusal_to_replace(actor, document) is None,
        may_cancel=refusal_to_cancel(actor, document) is None,
    )


def cancelled_rows(actor: Actor, person: Person) -> list[DocumentRow]:
    """Return the documents taken back that the actor is told of, the latest first; one SQL
    statement."""
    documents = list(cancelled_of(actor, person.subject_id).order_by("-cancelled_at", "-id"))
    saw(actor, "document.list", [person.subject_id], {one.volet for one in documents})
    return [_row(actor, one, person) for one in documents]


def attached_to_sheet(actor: Actor, person: Person, opened: OpenSheet) -> list[DocumentRow]:
    """Return what is attached to a sheet that the actor was given; one SQL statement."""
    return _attached(actor, person, "sheet.read", evaluation_id=opened.sheet.pk)


def proofs_of(actor: Actor, person: Person, action_id: UUID) -> list[DocumentRow]:
    """Return the documents that prove an action of a plan that the actor was given; one SQL
    statement."""
    return _attached(actor, person, "plan.read", plan_action_id=action_id)


def _attached(actor: Actor, person: Person, action: str, **link: UUID) -> list[DocumentRow]:
    """Return the documents tied to one thing of a record, each of a volet of its own.

    One SQL statement.
    """
    documents = documents_of(actor, person.subject_id).filter(**link).order_by("title", "id")
    saw(actor, action, [person.subject_id], {one.volet for one in documents})
    return [_row(actor, one, person) for one in documents]


def _validity_badges(document: Document, is_expired: bool) -> tuple[Badge, ...]:
    if document.valid_until is None:
        return ()
    day = f"{document.valid_until:%d/%m/%Y}"
    if is_expired:
        return (Badge(f"Périmé : valable jusqu’au {day}", "warning"),)
    return (Badge(f"Valable jusqu’au {day}"),)


def _scan_badges(document: Document | DocumentVersion) -> tuple[Badge, ...]:
    """Say that the antivirus found something, or has said nothing yet."""
    if document.threat:
        return (Badge("Infecté", "danger", "shield-alert"),)
    return () if document.scanned_at else (Badge("Non analysé"),)


def _file_label(document: Document | DocumentVersion) -> str:
    return f"{nature_label(document.content_type)},\u00a0{size_label(document.size_bytes)}"


def _version_row(version: DocumentVersion, person: Person) -> VersionRow:
    where = [person.pk, version.document_id, version.version]
    return VersionRow(
        version=version,
        url=reverse("record:document_version", args=where),
        file=_file_label(version),
        badges=_scan_badges(version),
        replaced_by=author_label(version.replaced_by_name, version.replaced_by_profession),
    )


def _row(actor: Actor, document: Document, person: Person) -> DocumentRow:
    is_expired = document.valid_until is not None and document.valid_until < actor.today
    return DocumentRow(
        document=document,
        url=reverse("record:document", args=[person.pk, document.pk]),
        volet=Volet(document.volet).label,
        file=_file_label(document),
        author=author_label(document.author_name, document.author_profession),
        badges=(
            *_scan_badges(document),
            *CONFIDENTIALITY_BADGES[Confidentiality(document.confidentiality)],
            *_validity_badges(document, is_expired),
            *badges_of(FactKind.DOCUMENT, document, actor.at),
        ),
        is_expired=is_expired,
    )
