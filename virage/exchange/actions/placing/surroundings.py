"""Placing what surrounds the person: contacts, protection measures and health covers."""

from collections import Counter, defaultdict, deque
from collections.abc import Callable, Iterable, Sequence
from itertools import accumulate
from operator import attrgetter
from typing import Any
from uuid import UUID

import msgspec
from django.db.models import Model

from virage.exchange.actions.placing.context import Placing
from virage.exchange.enums import LineLevel
from virage.exchange.queries.keys import own_identifier
from virage.formats.tddui import record as transit
from virage.formats.tddui.identifiers import current_system
from virage.persons import actions
from virage.persons.enums import CoverageKind, ProtectionKind
from virage.persons.models import Contact, Coverage, LegalProtection, Person

# What a contact says of itself; what TDDUI cannot carry is not told from what it leaves out.
CONTACT_COLUMNS = (
    *("family_name", "given_name", "civility", "role", "relation", "protection_role"),
    *("comment", "description", "telecoms", "addresses"),
)
# What makes two measures, or two covers, the same; then what tells apart those that are alike.
PROTECTION_COLUMNS = (
    ("kind", "judged_on", "ends_on"),
    ("covers_person", "covers_goods", "holder_id"),
    ("received_kind",),
)
COVERAGE_COLUMNS = (
    ("kind", "payer_number", "insured_number", "starts_on"),
    ("payer_name", "ends_on", "insured_link"),
    ("received_kind",),
)


def place_surroundings(placing: Placing, person: Person) -> None:
    """Write the contacts, measures and covers not known yet, and report all of them."""
    contacts = _place_contacts(placing, person)
    _place_protections(placing, person, contacts)
    _place_coverages(placing, person)


def _place_contacts(placing: Placing, person: Person) -> dict[str, UUID]:
    """Place the contacts; each of ours is known once, by its number or by all that it says."""
    held = KnownContacts(person, placing.record.contacts)
    contacts: dict[str, UUID] = {}
    new = []
    for received in placing.record.contacts:
        contact = _contact(received)
        if known := held.take(contact):
            contacts[received.key] = known
            placing.knew("Contact", received, known)
            continue
        new.append(contact)
        contacts[received.key] = contact.pk
        placing.report(LineLevel.CREATED, "Contact", received.path)
    actions.receive_surroundings(placing.actor, person=person, items=new)
    return contacts


class KnownContacts:
    """The contacts of a person, found by what a file says of each; none is found twice.

    Senders give one number to several: the name then tells them apart. The name of one that alone
    has its number, here and in the file, may have been corrected.
    """

    def __init__(self, person: Person, received: Sequence[transit.Contact]) -> None:
        self._rows: dict[object, deque[UUID]] = defaultdict(deque)
        self._taken: set[UUID] = set()
        rows = list(person.contacts.order_by("id"))
        here = Counter(_number_of(row) for row in rows)
        there = Counter(_number_of(_contact(one)) for one in received)
        for row in rows:
            number = _number_of(row)
            self._rows[_spoken(row)].append(row.pk)
            self._rows[_named(number, row)].append(row.pk)
            if here[number] == 1 >= there[number]:
                self._rows[number].append(row.pk)

    def take(self, contact: Contact) -> UUID | None:
        """Return the contact of ours that this one is, or None."""
        keys: list[object] = []
        if contact.received_identifier:
            number = _number_of(contact)
            keys += [_named(number, contact), number]
        if not contact.received_system:
            keys.append(_spoken(contact))
        for key in keys:
            while rows := self._rows.get(key):
                if (found := rows.popleft()) not in self._taken:
                    self._taken.add(found)
                    return found
        return None


def _number_of(contact: Contact) -> tuple[str, str]:
    """Return the number of a contact in its registry: the one received, else our own."""
    if contact.received_identifier:
        return contact.received_identifier, current_system(contact.received_system)
    ours = own_identifier(contact.pk)
    return ours.value, ours.system


def _named(number: tuple[str, str], contact: Contact) -> tuple[str, ...]:
    return *number, contact.family_name, contact.given_name


def _contact(received: transit.Contact) -> Contact:
    return Contact(
        family_name=received.family_name,
        given_name=received.given_name,
        civility=received.civility,
        role=received.role,
        relation=received.held_relation or received.relation,
        protection_role=(
            received.held_role if received.held_relation else received.protection_role
        ),
        is_emergency_contact=received.is_emergency_contact,
        comment=received.comment,
        description=received.description,
        telecoms=msgspec.to_builtins(received.telecoms),
        addresses=msgspec.to_builtins(received.addresses),
        received_identifier=_name_of(received),
        received_system=received.identifier.system if received.identifier else "",
    )


def _name_of(received: transit.Contact) -> str:
    """Return the number of a contact, or its address in the file; its mere place names nobody."""
    if received.identifier:
        return received.identifier.value
    return "" if received.key == received.path else received.key


def _spoken(contact: Contact) -> bytes:
    """Return what a contact says, to be compared."""
    said = [getattr(contact, name) for name in CONTACT_COLUMNS]
    return msgspec.json.encode(said, order="deterministic")


def _place_protections(placing: Placing, person: Person, contacts: dict[str, UUID]) -> None:
    new = []
    known = _known_by(PROTECTION_COLUMNS, person.protections.order_by("-id"))
    for received in placing.record.protections:
        protection = LegalProtection(
            kind=_among(ProtectionKind.values, received.kind.code),
            received_kind=received.kind,
            covers_person=received.covers_person,
            covers_goods=received.covers_goods,
            judged_on=received.judged_on,
            ends_on=received.ends_on,
            holder_id=contacts.get(received.holder),
        )
        if same := known(protection):
            placing.knew("Mesure de protection", received, same)
            continue
        new.append(protection)
        placing.report(LineLevel.CREATED, "Mesure de protection", received.path)
    actions.receive_surroundings(placing.actor, person=person, items=new)


def _place_coverages(placing: Placing, person: Person) -> None:
    new = []
    known = _known_by(COVERAGE_COLUMNS, person.coverages.order_by("-id"))
    for received in placing.record.coverages:
        coverage = Coverage(
            kind=_among(CoverageKind.values, received.kind.code),
            received_kind=received.kind,
            payer_name=received.payer_name,
            payer_number=received.payer_number,
            insured_number=received.insured_number,
            insured_link=received.insured_link,
            starts_on=received.starts_on,
            ends_on=received.ends_on,
        )
        if same := known(coverage):
            placing.knew("Couverture sociale", received, same)
            continue
        new.append(coverage)
        placing.report(LineLevel.CREATED, "Couverture sociale", received.path)
    actions.receive_surroundings(placing.actor, person=person, items=new)


def _known_by(
    columns: Iterable[tuple[str, ...]], rows: Iterable[Model]
) -> Callable[[Model], UUID | None]:
    """Return what finds, among these rows, the one that says the same as a new one: by all its
    columns if it can, else by the first ones; of several, the last in this order.
    """
    said_by = [attrgetter(*names) for names in accumulate(columns)]
    held = {key: row.pk for row in rows for key in _telling(said_by, row)}
    return lambda row: next(
        (held[key] for key in _telling(said_by, row)[::-1] if key in held), None
    )


def _telling(said_by: Sequence["attrgetter[Any]"], row: Model) -> list[tuple[Any, ...]]:
    """Return what a row says, by its first columns, then by more; those that say nothing at all
    make nothing the same.
    """
    said = [said_of(row) for said_of in said_by]
    return [one for one in said if any(one) or one is said[-1]]


def _among(values: list[str], code: str) -> str:
    return code if code in values else ""
