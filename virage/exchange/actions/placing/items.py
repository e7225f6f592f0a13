"""Placing events, evaluations and transmissions."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime, time
from typing import Any
from uuid import UUID

from django.utils import timezone

from virage.agenda.actions import plan_events
from virage.agenda.enums import Traveller
from virage.agenda.models import Event
from virage.agenda.rules import EventDraft, TransportDraft
from virage.exchange.actions.placing.context import Placing
from virage.exchange.enums import LineLevel
from virage.exchange.queries.keys import known_rows
from virage.exchange.rules.shelving import volet_of_evaluation, volet_of_event, volet_of_note
from virage.formats.tddui import record as transit
from virage.foundation.coded import Coded
from virage.instruments.actions import freeze_evaluations
from virage.instruments.models import Evaluation
from virage.instruments.rules.answers import EvaluationDraft
from virage.record.actions import write_notes
from virage.record.models import Note
from virage.record.rules import Correction, NoteDraft


def place_items(placing: Placing, subject_id: UUID) -> None:
    """Write the events, evaluations and transmissions not known yet, and report all of them."""
    _place_events(placing, subject_id)
    _place_evaluations(placing, subject_id)
    _place_notes(placing, subject_id)


def _new(
    placing: Placing,
    what: str,
    items: Sequence[Any],
    known: Mapping[str, UUID],
) -> list[Any]:
    """Return the items not known yet, and report all of them."""
    for item in items:
        if our_id := known.get(item.key):
            placing.knew(what, item, our_id)
        else:
            placing.report(LineLevel.CREATED, what, item.path)
    return [item for item in items if item.key not in known]


def _place_events(placing: Placing, subject_id: UUID) -> None:
    held = Event.objects.filter(participations__subject=subject_id)
    placing.events |= known_rows(held, placing.record.events)
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
        professional_ids=[one.pk for one in professionals if one],
        transports=[_transport_draft(placing, one) for one in received.transports],
        is_published=received.is_published,
        origin=placing.origin(received, received.identifier),
    )


def _worded(codes: Sequence[Coded]) -> str:
    """Return a title made of codes, which are kept whole elsewhere."""
    return next((code.label for code in codes if code), "")[:200]


def _transport_draft(placing: Placing, received: transit.Transport) -> TransportDraft:
    return TransportDraft(
        traveller=Traveller(received.traveller),
        professional_id=placing.professional_id(received.professional),
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
    held = Evaluation.objects.filter(subject=subject_id)
    placing.evaluations |= known_rows(held, placing.record.evaluations)
    received = _new(placing, "Évaluation", placing.record.evaluations, placing.evaluations)
    drafts = [_evaluation_draft(placing, subject_id, one) for one in received]
    frozen = freeze_evaluations(placing.actor, drafts=drafts)
    placing.evaluations |= {one.key: row.pk for one, row in zip(received, frozen, strict=True)}


def _evaluation_draft(
    placing: Placing, subject_id: UUID, received: transit.Evaluation
) -> EvaluationDraft:
    return EvaluationDraft(
        subject_id=subject_id,
        volet=volet_of_evaluation(received),
        title=received.title or _worded([received.type, Coded(text=received.questionnaire)]),
        happened_at=received.authored_at
        or _start_of_day(received.authored_on)
        or received.recorded_at
        or placing.actor.at,
        answers=received.answers,
        questionnaire=received.questionnaire,
        type=received.type,
        status=received.status,
        authored_on=received.authored_on,
        authored_at=received.authored_at,
        source_id=placing.professional_id(received.source),
        event_id=placing.events.get(received.event),
        stay_id=placing.stays.get(received.stay),
        comment=received.comment,
        is_published=received.is_published,
        origin=placing.origin(received, received.identifier),
    )


def _start_of_day(day: date | None) -> datetime | None:
    """Return midnight in Paris: a day received without an hour is given none."""
    return timezone.make_aware(datetime.combine(day, time.min)) if day else None


def _place_notes(placing: Placing, subject_id: UUID) -> None:
    held = Note.objects.filter(subject=subject_id)
    placing.notes |= known_rows(held, placing.record.notes)
    received = _new(placing, "Transmission", placing.record.notes, placing.notes)
    drafts = [_note_draft(placing, subject_id, one) for one in received]
    notes = write_notes(placing.actor, drafts=drafts)
    placing.notes |= {one.key: note.pk for one, note in zip(received, notes, strict=True)}


def _note_draft(placing: Placing, subject_id: UUID, received: transit.Note) -> NoteDraft:
    return NoteDraft(
        subject_id=subject_id,
        volet=volet_of_note(received),
        text=received.text,
        happened_at=received.happened_at or received.recorded_at or placing.actor.at,
        stay_id=placing.stays.get(received.stay),
        is_published=received.is_published,
        origin=replace(placing.origin(received), identifier=received.key),
        corrections=[Correction(**vars(former)) for former in received.former_versions],
        withdrawn_at=received.withdrawn_at,
        withdrawn_by_id=placing.professional_id(received.withdrawn_by),
        withdrawn_reason=received.withdrawn_reason,
    )
