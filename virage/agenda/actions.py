"""Planning events and saying what became of them."""

from collections.abc import Iterator, Sequence
from dataclasses import fields
from datetime import date, datetime, time, timedelta
from typing import Any
from uuid import UUID

import msgspec
from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils.timezone import get_current_timezone, localdate

from virage.agenda.enums import EventStatus
from virage.agenda.models import Event, Participation, Transport
from virage.agenda.queries import events_of, refusal_to_report
from virage.agenda.rules import (
    EventDraft,
    Outcome,
    TransportDraft,
    awaits_report,
    faults_of,
    faults_of_outcome,
)
from virage.directory.models import Professional
from virage.directory.queries.leaving import departures_of
from virage.foundation.access.actor import Actor
from virage.foundation.access.enums import Volet
from virage.foundation.access.predicates import items_visible_to
from virage.foundation.access.writing import counted, require_entries, signature
from virage.foundation.errors import Conflict, Invalid, Refused
from virage.foundation.journal.writing import record_writes
from virage.foundation.workflow.actions import gone_first, move, start_all
from virage.foundation.workflow.queries import last_transition

BATCH = 500


def plan_event(actor: Actor, *, draft: EventDraft) -> Event:
    """Plan one event (see `plan_events`)."""
    return plan_events(actor, drafts=[draft])[0]


@transaction.atomic
def plan_events(actor: Actor, *, drafts: Sequence[EventDraft]) -> list[Event]:
    """Plan events, past or to come, in the order given; few statements whatever their number.

    Refused unless the actor writes in each volet for every subject, or may import what has an
    origin. By hand, Invalid without a label, when the end is before the start, when an event to
    come is said to have taken place, or with a professional who will have left by then.
    """
    if not drafts:
        return []
    entries = require_entries(actor, drafts, lambda one: one.subject_ids, faults_of)
    _require_present(drafts)
    planned = [rows_of(actor, draft) for draft in drafts]
    events = [event for event, _, _ in planned]
    Event.objects.bulk_create(events, batch_size=BATCH)
    start_all(actor, items=events)
    parts = [one for _, participations, _ in planned for one in participations]
    Participation.objects.bulk_create(parts, batch_size=BATCH)
    journeys = [one for _, _, transports in planned for one in transports]
    Transport.objects.bulk_create(journeys, batch_size=BATCH)
    one = events[0] if len(events) == 1 else None
    record_writes(actor, "event.plan", entries, target=one, detail=counted(drafts))
    return events


def _require_present(drafts: Sequence[EventDraft]) -> None:
    """Invalid for an event by hand in which someone takes part who will have left; one statement,
    none when nobody is named."""
    named = [one for one in drafts if one.professional_ids and not one.origin]
    if not named:
        return
    departures = departures_of(pk for draft in named for pk in draft.professional_ids)
    gone = [
        f"{left.professional.display_name} a quitté l’organisme à cette date."
        for draft in named
        for left in map(departures.get, draft.professional_ids)
        if left and left.last_day < localdate(draft.happened_at)
    ]
    Invalid.raise_if({"professionals": gone} if gone else {})


@transaction.atomic
def report_event(actor: Actor, *, subject_id: UUID, event_id: UUID, outcome: Outcome) -> Event:
    """Say that an event took place, or why it did not.

    Refused out of reach, without the right to write in its volet, or to another establishment.
    Conflict once it is done or cancelled, with both reports. Invalid when it is still to come, or
    cancelled without a reason.
    """
    events = (
        events_of(actor, subject_id)
        .select_for_update(of=("self",), no_key=True)
        .filter(pk=event_id)
    )
    event = events.first()
    if event is None:
        raise Refused.hidden()
    if refused := refusal_to_report(actor, event):
        raise refused
    if not awaits_report(event.status):
        raise reported_before(event, mine=outcome.report)
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


def reported_before(event: Event, *, mine: str) -> Conflict:
    """Return what tells the second of two people what the first one said of an event."""
    theirs = event.report or event.standing.label
    return gone_first(event, last_transition(event), mine=mine or "Sans texte", theirs=theirs)


def hand_events_over(
    actor: Actor, parts: QuerySet[Participation], heir: Professional, _last_day: date
) -> None:
    """Put a colleague in the place of someone who leaves, in events to come and their journeys.

    The right to decide of it is judged by `directory.leave`.
    """
    for part in parts.select_related("event").order_by("id"):
        event, leaver = part.event, part.professional
        if event.participations.filter(professional=heir).exists():
            part.delete()
        else:
            part.professional = heir
            part.save(update_fields=["professional"])
        event.transports.filter(professional=leaver).update(professional=heir)
        concerned = event.participations.filter(subject__isnull=False).order_by("position", "id")
        written = {pk: {event.volet} for pk in concerned.values_list("subject_id", flat=True)}
        record_writes(actor, "event.hand_over", written, target=event)


def planned_after(professional: Professional, last_day: date) -> QuerySet[Participation]:
    """Return the events to come after a day in which a professional takes part."""
    midnight = datetime.combine(last_day + timedelta(days=1), time(), get_current_timezone())
    return Participation.objects.filter(
        professional=professional,
        event__happened_at__gte=midnight,
        event__status__in=(EventStatus.PLANNED, EventStatus.VALIDATED, EventStatus.UNKNOWN),
    )


def may_be_led_by(actor: Actor) -> Q:
    """Return the condition under which a participation is in an event that the actor reads."""
    return Q(event__in=Event.objects.filter(items_visible_to(actor, "participations__subject")))


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


def rows_of(actor: Actor, draft: EventDraft) -> tuple[Event, list[Participation], list[Transport]]:
    """Return the rows of an event, to be inserted in this order."""
    event = _event(actor, draft)
    transports = [_transport(event, one) for one in draft.transports]
    return event, list(_participations(event, draft)), transports


def _participations(event: Event, draft: EventDraft) -> Iterator[Participation]:
    for position, pk in enumerate(draft.subject_ids):
        yield Participation(event=event, subject_id=pk, position=position)
    for position, pk in enumerate(draft.professional_ids):
        yield Participation(event=event, professional_id=pk, position=position)


def _transport(event: Event, draft: TransportDraft) -> Transport:
    columns = {column.name: getattr(draft, column.name) for column in fields(draft)}
    return Transport(event=event, **columns)
