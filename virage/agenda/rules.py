"""Events: what a draft holds and what refuses it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

import msgspec

from virage.agenda.enums import EventStatus, Traveller
from virage.formats.tddui.record import Address, UsedResource
from virage.foundation.access.enums import Volet
from virage.foundation.access.rules import Origin, is_future
from virage.foundation.coded import Coded
from virage.foundation.content.nomenclature import words_of
from virage.foundation.workflow.tables import table_of

Faults = dict[str, list[str]]
WORKFLOW = "event"
# The lists that the type of an event is chosen in.
TYPE_LISTS = ("serafin_directes", "serafin_indirectes", "ssiad_event")
HAS_BEGUN = {EventStatus.ARRIVED, EventStatus.IN_PROGRESS, EventStatus.FINISHED}


@dataclass(frozen=True, kw_only=True)
class TransportDraft:
    """A journey to make for an event: kilometres, minutes and euros."""

    traveller: Traveller
    professional_id: UUID | None = None
    received_structure_id: UUID | None = None
    status: str = ""
    mode: Coded = Coded()
    motorisation: Coded = Coded()
    nature: Coded = Coded()
    starts_at: datetime | None = None
    ends_at: datetime | None = None
    planned_cost: Decimal | None = None
    actual_cost: Decimal | None = None
    distance_km: Decimal | None = None
    planned_minutes: Decimal | None = None
    is_accompanied: bool | None = None
    is_aseptic: bool | None = None
    received_identifier: str = ""
    received_system: str = ""


@dataclass(frozen=True, kw_only=True)
class EventDraft:
    """An event to plan for one or several subjects."""

    subject_ids: Sequence[UUID]
    volet: Volet
    label: str
    happened_at: datetime
    ends_at: datetime | None = None
    status: str = EventStatus.PLANNED
    class_code: str = ""
    types: Sequence[Coded] = ()
    reason: str = ""
    report: str = ""
    comments: Sequence[str] = ()
    updated_at: datetime | None = None
    place_name: str = ""
    place: Address | None = None
    stay_id: UUID | None = None
    used_resources: Sequence[UsedResource] = ()
    was_person_present: bool | None = None
    was_confirmed_by_person: bool | None = None
    is_outside_service: bool | None = None
    cancel_reason: Coded = Coded()
    professional_ids: Sequence[UUID] = ()
    transports: Sequence[TransportDraft] = ()
    is_published: bool = False
    establishment_id: UUID | None = None
    origin: Origin | None = None


@dataclass(frozen=True, kw_only=True)
class Outcome:
    """What became of an event: done, with its report, or cancelled, with the reason."""

    status: EventStatus
    report: str = ""
    was_person_present: bool | None = None
    cancel_reason: Coded = Coded()


def faults_of(draft: EventDraft, at: datetime) -> Faults:
    """Return what refuses an event entered by hand at this instant, by field."""
    faults: Faults = {}
    if not draft.label.strip():
        faults["label"] = ["Nommez l’évènement."]
    if draft.ends_at and draft.ends_at < draft.happened_at:
        faults["ends_at"] = ["La fin est avant le début."]
    return faults | _faults_of_state(draft.status, draft.cancel_reason, draft.happened_at, at)


def faults_of_outcome(outcome: Outcome, happened_at: datetime, at: datetime) -> Faults:
    """Return what refuses the outcome of an event that starts at `happened_at`, by field."""
    return _faults_of_state(outcome.status, outcome.cancel_reason, happened_at, at)


def awaits_report(status: str) -> bool:
    """Whether it can still be said what became of an event in this state."""
    return bool(table_of(WORKFLOW).leaving(status))


def _faults_of_state(
    status: str, cancel_reason: Coded, happened_at: datetime, at: datetime
) -> Faults:
    if status in HAS_BEGUN and is_future(happened_at, at):
        return {"status": ["Un évènement à venir ne peut pas déjà avoir eu lieu."]}
    if status == EventStatus.CANCELLED and not cancel_reason:
        return {"cancel_reason": ["Dites pourquoi l’évènement est annulé."]}
    return {}


def types_of(stored: Any) -> list[Coded]:
    """Return the types of an event as its column keeps them."""
    return msgspec.convert(stored, list[Coded])


def type_labels(stored: Any) -> list[str]:
    """Return the types of an event in words."""
    return [words_of(type_, *TYPE_LISTS) for type_ in types_of(stored)]


def place_label(name: str, stored: Any) -> str:
    """Return the name and the postal address of a place on one line; empty when unknown."""
    address = msgspec.convert(stored, Address | None)
    if address is None:
        return name
    street = " ".join(filter(None, (address.house_number, address.street)))
    town = " ".join(filter(None, (address.postal_code, address.city)))
    return ", ".join(filter(None, (name, *address.lines, street, town)))


def resource_labels(stored: Any) -> list[str]:
    """Return the resources that an event used, in words: « Véhicule, minibus »."""
    resources = msgspec.convert(stored, list[UsedResource])
    return [", ".join(filter(None, _words_of_resource(one))) for one in resources]


def _words_of_resource(used: UsedResource) -> tuple[str, str]:
    detail = words_of(used.detail, "used_material", "used_premises")
    return words_of(used.type, "used_resource"), detail
