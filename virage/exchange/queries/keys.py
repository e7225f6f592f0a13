"""The keys under which a record's objects go out: what was received verbatim, else ours."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db.models import QuerySet

from virage.formats.tddui import record as transit
from virage.formats.tddui.identifiers import (
    PERSON_SYSTEMS,
    ItemKind,
    current_system,
    in_letters,
    item_identifier,
    person_identifier,
)
from virage.persons.models import Person, PersonIdentifier


@dataclass(frozen=True)
class Keys:
    """Makes the business identifiers of a person and of her objects (`interop-dui.md` §2.4).

    They depend on ids and on the FINESS that their operator issues them under, whoever exports and
    whatever is entered or corrected afterwards. An operator without any gives its ids as URI.
    """

    finess: str
    person_id: UUID

    def of_person(self) -> transit.BusinessIdentifier:
        """Return our number of the person."""
        if not self.finess:
            return own_identifier(self.person_id)
        return person_identifier(self.finess, in_letters(self.person_id))

    def of(
        self, kind: ItemKind, item_id: UUID, received: str, received_system: str
    ) -> transit.BusinessIdentifier:
        """Return the identifier received, verbatim, or ours."""
        if received:
            return transit.BusinessIdentifier(value=received, system=received_system)
        if kind is ItemKind.CONTACT or not self.finess:
            return own_identifier(item_id)
        return item_identifier(self.finess, in_letters(self.person_id), kind, in_letters(item_id))


def own_identifier(item_id: UUID) -> transit.BusinessIdentifier:
    """Return our id as a URI (RFC 3986), for what the guide gives no registry or no form."""
    return transit.BusinessIdentifier(value=item_id.urn, system="urn:ietf:rfc:3986")


def keys_for(person: Person) -> Keys:
    """Return the key maker of a person, who is one for the whole operator."""
    return Keys(finess=person.operator.issuing_finess, person_id=person.pk)


def known_rows(rows: QuerySet[Any], items: Iterable[transit.Item]) -> dict[str, UUID]:
    """Return, by the keys of these objects of a file, the rows of ours that went out, or came,
    under them.

    A row is known by the number it was received under, else by its own id: as a URI, or in the
    letters that end its key, whatever the FINESS that it went out under.
    """
    held: dict[str, dict[str, UUID]] = {}
    received = rows.values_list("pk", "received_identifier", "received_system")
    for row_id, number, system in received:
        for name in [number] if number else [row_id.urn, f"-{in_letters(row_id)}"]:
            held.setdefault(name, {})[current_system(system)] = row_id
    found = {item.key: _known(item, held) for item in items}
    return {key: row_id for key, row_id in found.items() if row_id}


def _known(item: transit.Item, held: Mapping[str, Mapping[str, UUID]]) -> UUID | None:
    """Return the row that bears the name of an object, in its registry when both say one."""
    number = getattr(item, "identifier", None) or transit.BusinessIdentifier(value=item.key)
    registry = current_system(number.system)
    for name in (item.key, item.key[-33:], number.value):
        rows = held.get(name, {})
        of_any = [row_id for system, row_id in rows.items() if "" in (system, registry)]
        if row_id := rows.get(registry) or next(iter(of_any), None):
            return row_id
    return None


def has_local_identifier(identifiers: Iterable[PersonIdentifier]) -> bool:
    """Whether a file gave the person a local identifier, which then goes out instead of ours."""
    return any(identifier.system in PERSON_SYSTEMS for identifier in identifiers)
