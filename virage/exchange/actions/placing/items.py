"""Placing events, evaluations, documents, transmissions and what has no field of ours."""

from collections.abc import Collection, Sequence
from dataclasses import replace
from datetime import date, datetime, time
from typing import Any
from uuid import UUID

from django.utils import timezone

from virage.agenda.actions import plan_events
from virage.agenda.enums import Traveller
from virage.agenda.models import Event
from virage.agenda.rules import EventDraft, TransportDraft
from virage.documents.actions import add_documents
from virage.documents.enums import Confidentiality
from virage.documents.models import Document
from virage.documents.rules import DocumentDraft
from virage.exchange.actions.placing.context import Placing
from virage.exchange.enums import LineLevel
from virage.exchange.models import Import, ReceivedItem
from virage.exchange.rules.shelving import (
    volet_of_document,
    volet_of_evaluation,
    volet_of_event,
    volet_of_leftover,
)
from virage.formats.tddui import record as transit
from virage.foundation.access.enums import Volet
from virage.foundation.access.writing import signature
from virage.foundation.coded import Coded
from virage.instruments.actions import freeze_evaluations
from virage.instruments.models import Evaluation
from virage.instruments.rules import EvaluationDraft
from virage.persons.rules.photo import UnusablePhoto, portrait
from virage.record.actions import write_notes
from virage.record.models import Note
from virage.record.rules import Correction, NoteDraft


def place_items(placing: Placing, subject_id: UUID, received: Import) -> None:
    """Write every item of the record that is not known yet, and say where each one went."""
    volets = {"": Volet.ADMINISTRATIVE, placing.record.person.key: Volet.ADMINISTRATIVE}
    volets |= dict.fromkeys(placing.stays, Volet.ADMINISTRATIVE)
    _place_events(placing, subject_id)
    volets |= {event.key: volet_of_event(event) for event in placing.record.events}
    _place_evaluations(placing, subject_id)
    volets |= {one.key: volet_of_evaluation(one) for one in placing.record.evaluations}
    _place_documents(placing, subject_id, volets)
    _place_notes(placing, subject_id)
    _place_leftovers(placing, subject_id, received, volets)


def _new(
    placing: Placing,
    what: str,
    items: Sequence[Any],
    known: Collection[str],
) -> list[Any]:
    """Return the items not known yet, and report all of them."""
    for item in items:
        level = LineLevel.KNOWN if item.key in known else LineLevel.CREATED
        placing.report(level, what, item.path)
    return [item for item in items if item.key not in known]


def _place_events(placing: Placing, subject_id: UUID) -> None:
    held = Event.objects.filter(participations__subject=subject_id).exclude(received_identifier="")
    placing.events |= dict(held.values_list("received_identifier", "pk"))
    received = _new(placing, "Évènement", placing.record.events, placing.events)
    events = plan_events(
        placing.actor, drafts=[_event_draft(placing, subject_id, one) for one in received]
    )
    placing.events |= {one.key: event.pk for one, event in zip(received, events, strict=True)}


def _event_draft(placing: Placing, subject_id: UUID, received: transit.Event) -> EventDraft:
    professionals = [placing.professionals.get(key) for key in received.professionals]
    return EventDraft(
        subject_ids=[subject_id],
        volet=volet_of_event(received),
        label=received.label or _worded(received.types) or "Évènement",
        happened_at=received.starts_at or received.ends_at or placing.actor.at,
        ends_at=received.ends_at,
        status=received.status,
        class_code=received.class_code,
        types=received.types,
        reason=received.reason,
        report=received.report,
        comments=received.comments,
        updated_at=received.updated_at,
        place_name=received.place_name,
        place=received.place,
        stay_id=placing.stays.get(received.stay),
        used_resources=received.used_resources,
        was_person_present=received.was_person_present,
        was_confirmed_by_person=received.was_confirmed_by_person,
        is_outside_service=received.is_outside_service,
        cancel_reason=received.cancel_reason,
        received_structure_id=placing.structure_id(received.structure),
        professional_ids=[one.pk for one in professionals if one],
        transports=[_transport_draft(placing, one) for one in received.transports],
        origin=placing.origin(received.identifier, structure=received.structure),
    )


def _worded(codes: Sequence[Coded]) -> str:
    """Return a title made of codes, which are kept whole elsewhere."""
    return next((code.label for code in codes if code), "")[:200]


def _transport_draft(placing: Placing, received: transit.Transport) -> TransportDraft:
    professional = placing.professionals.get(received.professional)
    return TransportDraft(
        traveller=Traveller(received.traveller),
        professional_id=professional.pk if professional else None,
        received_structure_id=placing.structure_id(received.structure),
        status=received.status,
        mode=received.mode,
        motorisation=received.motorisation,
        nature=received.nature,
        starts_at=received.starts_at,
        ends_at=received.ends_at,
        planned_cost=received.planned_cost,
        actual_cost=received.actual_cost,
        distance_km=received.distance_km,
        planned_minutes=received.planned_minutes,
        is_accompanied=received.is_accompanied,
        is_aseptic=received.is_aseptic,
        received_identifier=received.identifier.value if received.identifier else "",
        received_system=received.identifier.system if received.identifier else "",
    )


def _place_evaluations(placing: Placing, subject_id: UUID) -> None:
    held = Evaluation.objects.filter(subject=subject_id).exclude(received_identifier="")
    placing.evaluations |= dict(held.values_list("received_identifier", "pk"))
    received = _new(placing, "Évaluation", placing.record.evaluations, placing.evaluations)
    drafts = [_evaluation_draft(placing, subject_id, one) for one in received]
    frozen = freeze_evaluations(placing.actor, drafts=drafts)
    placing.evaluations |= {one.key: row.pk for one, row in zip(received, frozen, strict=True)}


def _evaluation_draft(
    placing: Placing, subject_id: UUID, received: transit.Evaluation
) -> EvaluationDraft:
    source = placing.professionals.get(received.source)
    return EvaluationDraft(
        subject_id=subject_id,
        volet=volet_of_evaluation(received),
        title=received.title or _worded([received.type, Coded(text=received.questionnaire)]),
        happened_at=received.authored_at or _start_of_day(received.authored_on) or placing.actor.at,
        answers=received.answers,
        questionnaire=received.questionnaire,
        type=received.type,
        status=received.status,
        authored_on=received.authored_on,
        authored_at=received.authored_at,
        source_id=source.pk if source else None,
        event_id=placing.events.get(received.event),
        stay_id=placing.stays.get(received.stay),
        comment=received.comment,
        origin=placing.origin(received.identifier, author=received.author),
    )


def _start_of_day(day: date | None) -> datetime | None:
    """Return midnight in Paris: a day received without an hour is given none."""
    return timezone.make_aware(datetime.combine(day, time.min)) if day else None


def _place_documents(placing: Placing, subject_id: UUID, volets: dict[str, Volet]) -> None:
    held = Document.objects.filter(subject=subject_id).exclude(received_identifier="")
    known = set(held.values_list("received_identifier", flat=True))
    documents = [*placing.record.documents, *photo_kept_apart(placing)]
    received = _new(placing, "Document", documents, known)
    drafts = [
        DocumentDraft(
            subject_id=subject_id,
            volet=volet_of_document(one, volets),
            title=one.title or "Document reçu",
            content=one.content,
            content_type=one.content_type,
            happened_at=one.made_at or placing.actor.at,
            language=one.language,
            type=one.type,
            category=one.category,
            confidentiality=_confidentiality(one.confidentiality),
            status=one.status,
            event_id=placing.events.get(one.event),
            evaluation_id=placing.evaluations.get(one.evaluation),
            is_published=one.is_published,
            received_structure_id=placing.structure_id(one.author),
            origin=replace(placing.origin(one.identifier, author=one.author), identifier=one.key),
        )
        for one in received
    ]
    add_documents(placing.actor, drafts=drafts)


def _confidentiality(code: str) -> Confidentiality:
    """Return the level received; one that we do not know is taken for restricted."""
    if code in Confidentiality.values:
        return Confidentiality(code)
    return Confidentiality.RESTRICTED if code else Confidentiality.NORMAL


def photo_kept_apart(placing: Placing) -> list[transit.Document]:
    """Keep as a document a photo that cannot be a portrait: no agreement, or not readable."""
    person = placing.record.person
    if not person.photo or is_portrait(placing):
        return []
    return [
        transit.Document(
            key=f"{person.key}#photo",
            path=f"{person.path}.photo",
            title="Photo reçue sans accord de la personne, ou illisible",
            content_type="image/jpeg",
            content=person.photo,
            volet=Volet.ADMINISTRATIVE,
        )
    ]


def is_portrait(placing: Placing) -> bool:
    """Whether the photo received is readable and came with an agreement that is not to come."""
    person = placing.record.person
    today = timezone.localdate(placing.actor.at)
    if not person.photo or person.photo_consent_on is None or person.photo_consent_on > today:
        return False
    try:
        portrait(person.photo)
    except UnusablePhoto:
        return False
    return True


def _place_notes(placing: Placing, subject_id: UUID) -> None:
    held = Note.objects.filter(subject=subject_id).exclude(received_identifier="")
    known = set(held.values_list("received_identifier", flat=True))
    received = _new(placing, "Transmission", placing.record.notes, known)
    write_notes(placing.actor, drafts=[_note_draft(placing, subject_id, one) for one in received])


def _note_draft(placing: Placing, subject_id: UUID, received: transit.Note) -> NoteDraft:
    origin = replace(
        placing.origin(None, structure=received.structure),
        author_name=received.author_name,
        author_profession=received.author_profession,
        recorded_at=received.recorded_at,
        identifier=received.key,
    )
    return NoteDraft(
        subject_id=subject_id,
        volet=Volet(received.volet) if received.volet in Volet.values else Volet.CARE,
        text=received.text,
        happened_at=received.happened_at or received.recorded_at or placing.actor.at,
        origin=origin,
        corrections=[Correction(**vars(former)) for former in received.former_versions],
        withdrawn_at=received.withdrawn_at,
        withdrawn_reason=received.withdrawn_reason,
    )


def _place_leftovers(
    placing: Placing, subject_id: UUID, of_import: Import, volets: dict[str, Volet]
) -> None:
    known = set(
        ReceivedItem.objects.filter(subject=subject_id).values_list("key", "owner_key", "path")
    )
    kept = []
    for leftover in placing.record.leftovers:
        if (leftover.key, leftover.owner, leftover.path) in known:
            placing.report(LineLevel.KNOWN, leftover.title, leftover.path)
            continue
        placing.report(LineLevel.KEPT, leftover.title, leftover.path)
        kept.append(
            ReceivedItem(
                **signature(placing.actor, of_import.received_at, placing.origin(None)),
                subject_id=subject_id,
                of_import=of_import,
                volet=volet_of_leftover(leftover, volets),
                kind=leftover.kind,
                title=leftover.title[:255],
                profile=leftover.profile,
                path=leftover.path,
                key=leftover.key,
                owner_key=leftover.owner,
                content=leftover.content,
            )
        )
    ReceivedItem.objects.bulk_create(kept, batch_size=500)
