"""Events: what a draft holds and what refuses it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from uuid import UUID

from virage.agenda.enums import EventStatus, Traveller
from virage.formats.tddui.record import Address, UsedResource
from virage.foundation.access.enums import Volet
from virage.foundation.access.rules import Origin, is_future
from virage.foundation.coded import Coded

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
    received_structure_id: UUID | None = None
    professional_ids: Sequence[UUID] = ()
    transports: Sequence[TransportDraft] = ()
    is_published: bool = False
    establishment_id: UUID | None = None
    origin: Origin | None = None


def faults_of(draft: EventDraft, at: datetime) -> dict[str, list[str]]:
    """Return what refuses an event entered by hand at this instant, by field."""
    faults = {}
    if not draft.label.strip():
        faults["label"] = ["Nommez l'évènement."]
    if draft.ends_at and draft.ends_at < draft.happened_at:
        faults["ends_at"] = ["La fin est avant le début."]
    if draft.status in HAS_BEGUN and is_future(draft.happened_at, at):
        faults["status"] = ["Un évènement à venir ne peut pas déjà avoir eu lieu."]
    if draft.status == EventStatus.CANCELLED and not draft.cancel_reason:
        faults["cancel_reason"] = ["Dites pourquoi l'évènement est annulé."]
    return faults
