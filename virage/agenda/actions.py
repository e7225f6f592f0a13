"""Planning events and saying what became of them."""

from collections.abc import Iterator, Sequence
from dataclasses import fields
from typing import Any
from uuid import UUID

import msgspec
from django.db import transaction

from virage.agenda.enums import EventStatus
from virage.agenda.models import Event, Participation, Transport
from virage.agenda.queries import events_of, refusal_to_report
from virage.agenda.rules import (
    EventDraft,
    Outcome,
    TransportDraft,
    faults_of,
    faults_of_outcome,
)
from virage.foundation.access.actor import Actor
from virage.foundation.access.enums import Volet
from virage.foundation.access.writing import require_entries, signature
from virage.foundation.errors import Invalid, Refused
from virage.foundation.journal.writing import record_writes
from virage.foundation.workflow.actions import move

BATCH = 500


def plan_event(actor: Actor, *, draft: EventDraft) -> Event:
    """Plan one event (see `plan_events`)."""
    return plan_events(actor, drafts=[draft])[0]


@transaction.atomic
def plan_events(actor: Actor, *, drafts: Sequence[EventDraft]) -> list[Event]:
    """Plan events, past or to come, in the order given; few statements whatever their number.

    Refused unless the actor writes in each volet for every subject, or may import what has an
    origin. By hand, Invalid without a label, when the end is before the start, or when an event to
    come is said to have taken place.
    """
    if not drafts:
        return []
    entries = require_entries(actor, drafts, lambda one: one.subject_ids, faults_of)
    planned = [(_event(actor, draft), draft) for draft in drafts]
    events = [event for event, _ in planned]
    Event.objects.bulk_create(events, batch_size=BATCH)
    Participation.objects.bulk_create(
        [one for event, draft in planned for one in _participations(event, draft)],
        batch_size=BATCH,
    )
    Transport.objects.bulk_create(
        [_transport(event, one) for event, draft in planned for one in draft.transports],
        batch_size=BATCH,
    )
    one = events[0] if len(events) == 1 else None
    record_writes(actor, "event.plan", entries, target=one, detail={"count": len(drafts)})
    return events


@transaction.atomic
def report_event(actor: Actor, *, subject_id: UUID, event_id: UUID, outcome: Outcome) -> Event:
    """Say that an event took place, or why it did not.

    Refused out of reach, without the right to write in its volet, to another establishment, or once
    it is done or cancelled. Invalid when it is still to come, or cancelled without a reason.
    """
    events = events_of(actor, subject_id).select_for_update(of=("self",)).filter(pk=event_id)
    event = events.first()
    if event is None:
        raise Refused.hidden()
    if refused := refusal_to_report(actor, event):
        raise refused
    if faults := faults_of_outcome(outcome, event.happened_at, actor.at):
        raise Invalid(faults)
    concerned = event.participations.filter(subject__isnull=False).order_by("position", "id")
    return move(
        actor,
        item=event,
        verb="cancel" if outcome.status == EventStatus.CANCELLED else "report",
        changes={column.name: getattr(outcome, column.name) for column in fields(outcome)},
        reason_code=outcome.cancel_reason.code,
        reason=outcome.cancel_reason.text,
        volet=Volet(event.volet),
        subject_ids=concerned.values_list("subject_id", flat=True),
    )


# Columns that keep the draft's value as it is.
SAME_COLUMNS = (
    *("volet", "label", "ends_at", "status", "class_code", "reason", "report"),
    *("updated_at", "place_name", "stay_id", "was_person_present", "was_confirmed_by_person"),
    *("is_outside_service", "cancel_reason", "is_published"),
)


def _event(actor: Actor, draft: EventDraft) -> Event:
    columns: dict[str, Any] = {name: getattr(draft, name) for name in SAME_COLUMNS}
    return Event(
        **signature(actor, draft.happened_at, draft.origin, draft.establishment_id),
        **columns,
        types=msgspec.to_builtins(draft.types),
        comments=list(draft.comments),
        place=msgspec.to_builtins(draft.place),
        used_resources=msgspec.to_builtins(draft.used_resources),
    )


def _participations(event: Event, draft: EventDraft) -> Iterator[Participation]:
    for position, pk in enumerate(draft.subject_ids):
        yield Participation(event=event, subject_id=pk, position=position)
    for position, pk in enumerate(draft.professional_ids):
        yield Participation(event=event, professional_id=pk, position=position)


def _transport(event: Event, draft: TransportDraft) -> Transport:
    columns = {column.name: getattr(draft, column.name) for column in fields(draft)}
    return Transport(event=event, **columns)
