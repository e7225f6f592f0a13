"""What the tabs « Identité », « Séjours » and « Entourage » show of an open record."""

from dataclasses import dataclass
from typing import TypeVar, cast
from uuid import UUID

from django.db.models import F, Q

from virage.formats.fhir.names import oid_system
from virage.foundation.access.actor import Actor
from virage.foundation.access.enums import Cell, Volet
from virage.foundation.access.verdict import require
from virage.foundation.errors import Refused
from virage.foundation.journal.collector import saw
from virage.foundation.national_numbers import looks_like_nir
from virage.foundation.storage import files
from virage.persons.enums import IdentifierKind
from virage.persons.models import (
    Contact,
    Coverage,
    LegalProtection,
    Person,
    PersonAddress,
    PersonIdentifier,
    PersonItem,
    PersonTelecom,
    Referent,
    Stay,
)
from virage.persons.queries.people import find_person, reads_administrative, stays_visible_to
from virage.persons.queries.records import sees_alerts
from virage.persons.rules.identity import contradictions
from virage.persons.rules.surroundings import EMERGENCY, missing_guardian

Item = TypeVar("Item", bound=PersonItem)


@dataclass(frozen=True)
class Number:
    """Another number of the person as a screen may show it; masked, it cannot be changed."""

    identifier: PersonIdentifier
    shown: str

    @property
    def is_masked(self) -> bool:
        return self.shown != self.identifier.value


@dataclass(frozen=True, kw_only=True)
class IdentityDetails:
    """The content of « Identité »; who only knows identities has the traits and who to call."""

    reads_all: bool
    may_write: bool
    contradictions: list[str]
    numbers: list[Number]
    addresses: list[PersonAddress]
    telecoms: list[PersonTelecom]
    sees_emergency: bool
    emergency_contacts: list[Contact]


@dataclass(frozen=True)
class Photo:
    """Our own JPEG of a person, and the digest that names it."""

    digest: str
    content: bytes


@dataclass(frozen=True, kw_only=True)
class StayDetails:
    """The content of « Séjours »: visible stays, those to come then the latest, and the referents.

    Each referent says whether he `is_over`; the exit of the stays `overdue` was planned before
    today.
    """

    may_write: bool
    stays: list[Stay]
    overdue: set[UUID]
    referents: list[Referent]


@dataclass(frozen=True, kw_only=True)
class Surroundings:
    """The content of « Entourage »."""

    may_write: bool
    lacks_guardian: bool
    contacts: list[Contact]
    protections: list[LegalProtection]
    coverages: list[Coverage]


def writes_administrative(actor: Actor) -> bool:
    """Whether the matrix lets the actor write the administrative volet."""
    return actor.may(Cell.WRITE, Volet.ADMINISTRATIVE)


def identity_details(actor: Actor, person: Person) -> IdentityDetails:
    """Return the identity of a visible person; three SQL statements, one for identities alone.

    Without the right to read the volet, who sees alerts has the persons to call in an emergency.
    """
    reads_all = reads_administrative(actor)
    emergency_contacts = [] if reads_all else _emergency_contacts(actor, person)
    if reads_all or emergency_contacts:
        _saw(actor, person)
    return IdentityDetails(
        reads_all=reads_all,
        may_write=writes_administrative(actor),
        contradictions=_contradictions(person) if reads_all else [],
        numbers=_numbers(person) if reads_all else [],
        addresses=list(person.addresses.order_by("position", "id")) if reads_all else [],
        telecoms=list(person.telecoms.order_by("position", "id")) if reads_all else [],
        sees_emergency=sees_alerts(actor),
        emergency_contacts=emergency_contacts,
    )


def stay_details(actor: Actor, person: Person) -> StayDetails:
    """Return the stays and referents of a visible person; refused without reading the volet."""
    require(actor, Cell.READ, None, Volet.ADMINISTRATIVE)
    _saw(actor, person)
    latest_first = (F("entered_on").desc(nulls_first=True), "-id")
    visible = stays_visible_to(actor).filter(person=person).order_by(*latest_first)
    stays = list(visible.select_related("establishment", "unit", "room"))
    is_over = Q(ends_on__lt=actor.today)
    referents = Referent.objects.filter(subject=person.subject_id).annotate(is_over=is_over)
    return StayDetails(
        may_write=writes_administrative(actor),
        stays=stays,
        overdue={stay.pk for stay in stays if stay.is_exit_overdue_on(actor.today)},
        referents=list(referents.select_related("professional").order_by("-starts_on", "-id")),
    )


def surroundings(actor: Actor, person: Person) -> Surroundings:
    """Return who and what surrounds a visible person; refused without reading the volet."""
    require(actor, Cell.READ, None, Volet.ADMINISTRATIVE)
    _saw(actor, person)
    contacts = list(person.contacts.order_by("family_name", "id"))
    contacts.sort(key=lambda contact: not contact.is_to_call)
    roles = frozenset(contact.role.code for contact in contacts)
    return Surroundings(
        may_write=writes_administrative(actor),
        lacks_guardian=missing_guardian(person.birth_on, roles, actor.today),
        contacts=contacts,
        protections=list(person.protections.select_related("holder").order_by("-judged_on", "id")),
        coverages=list(person.coverages.order_by("-kind", "-starts_on", "id")),
    )


def photo_of(actor: Actor, person_id: UUID) -> Photo:
    """Return the photo of a visible person; « introuvable » when there is none."""
    person = find_person(actor, person_id)
    if not person.photo_digest:
        raise Refused.hidden()
    saw(actor, "person.photo", [person.subject_id])
    return Photo(person.photo_digest, files.get(person.photo_digest))


def find_stay(actor: Actor, person: Person, stay_id: UUID) -> Stay:
    """Return a visible stay of an open record, with its place; « introuvable » otherwise."""
    _saw(actor, person)
    related = ("person__subject", "subject", "establishment", "unit", "room")
    stay = stays_visible_to(actor).filter(person=person, pk=stay_id).select_related(*related)
    if found := stay.first():
        return found
    raise Refused.hidden()


def find_referent(actor: Actor, person: Person, referent_id: UUID) -> Referent:
    """Return a referent of an open record, with who he is; « introuvable » otherwise."""
    _saw(actor, person)
    referents = Referent.objects.filter(subject=person.subject_id, pk=referent_id)
    if found := referents.select_related("subject", "professional").first():
        return found
    raise Refused.hidden()


def find_item(actor: Actor, person_id: UUID, model: type[Item], item_id: UUID) -> Item:
    """Return something that surrounds a visible person, to change or remove it.

    Refused without reading the volet, and for a received number that hides a national one.
    """
    _saw(actor, find_person(actor, person_id))
    require(actor, Cell.READ, None, Volet.ADMINISTRATIVE)
    items = model._default_manager.filter(person=person_id, pk=item_id)
    item = cast("Item | None", items.select_related("person__subject").first())
    if item is None:
        raise Refused.hidden()
    _refuse_masked(item)
    return item


def shown_number(identifier: PersonIdentifier) -> str:
    """Return a number as a screen may show it: a NIR under another nature is masked."""
    if identifier.kind in (IdentifierKind.SOCIAL_SECURITY, IdentifierKind.INS):
        return identifier.value
    return "(numéro national masqué)" if looks_like_nir(identifier.value) else identifier.value


def _contradictions(person: Person) -> list[str]:
    said = contradictions(person.ins_value, person.sex, person.birth_on)
    return [message for messages in said.values() for message in messages]


def _numbers(person: Person) -> list[Number]:
    """Return the numbers besides the INS, which a file brings among them."""
    ins = (person.ins_value, oid_system(person.ins_oid))
    received = person.identifiers.order_by("position", "id")
    others = [one for one in received if (one.value, one.system) != ins]
    return [Number(identifier, shown_number(identifier)) for identifier in others]


def _refuse_masked(item: PersonItem) -> None:
    if isinstance(item, PersonIdentifier) and shown_number(item) != item.value:
        raise Refused(
            "national_number",
            "Ce numéro reçu contient un numéro national : il repart tel quel à l’export.",
        )


def _emergency_contacts(actor: Actor, person: Person) -> list[Contact]:
    if not sees_alerts(actor):
        return []
    urgent = Q(is_emergency_contact=True) | Q(role__code=EMERGENCY)
    return list(person.contacts.filter(urgent).order_by("family_name", "id"))


def _saw(actor: Actor, person: Person) -> None:
    saw(actor, "person.read", [person.subject_id], [Volet.ADMINISTRATIVE])
