"""The structures and professionals that a record in transit refers to, each listed once."""

from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

import msgspec

from virage.directory.models import AuthoredItem, Establishment, Professional, ReceivedStructure
from virage.formats.tddui import record as transit
from virage.foundation.coded import Coded
from virage.foundation.content import nomenclature
from virage.persons.models import Stay

# What `Cast.written` reads of an item.
WRITTEN = ("author", "establishment", "received_structure")


@dataclass
class Cast:
    """Gathers structures and professionals as their keys are asked for, and the keys of items."""

    structures: dict[str, transit.Structure] = field(default_factory=dict)
    professionals: dict[str, transit.Professional] = field(default_factory=dict)
    taken: set[str] = field(default_factory=set)

    def item(self, item_id: UUID, number: transit.BusinessIdentifier) -> str:
        """Return the key of an item: its number, or its id when another has the same, of another
        registry or kind. A key names one object only.
        """
        key = item_id.urn if number.value in self.taken else number.value
        self.taken.add(key)
        return key

    def establishment(self, establishment: Establishment) -> str:
        """Return the key of an establishment of ours: `1` and its FINESS, or its id."""
        number = f"1{establishment.finess}" if establishment.finess else ""
        system = nomenclature.get("essms_category").system
        kind = Coded(system, establishment.kind, establishment.get_kind_display())
        return self._structure(
            number or establishment.pk.urn,
            number=number,
            name=establishment.name,
            kind=kind if establishment.kind else transit.EMPTY,
        )

    def received_structure(self, structure: ReceivedStructure | None) -> str:
        """Return the key of a structure named by a received file; nothing for none."""
        if structure is None:
            return ""
        return self._structure(
            structure.number or structure.pk.urn,
            number=structure.number,
            name=structure.name,
            kind=structure.kind,
        )

    def place_of(self, item: AuthoredItem | Stay) -> str:
        """Return the key of the structure where an item was written: as received, else ours."""
        return self.received_structure(item.received_structure) or self.establishment(
            item.establishment
        )

    def written(self, item: AuthoredItem) -> dict[str, Any]:
        """Return what every item written by a team says of it."""
        return {
            "volet": item.volet,
            "is_published": item.is_published,
            "structure": self.place_of(item),
            "author": self.professional(item.author),
            "author_name": item.author_name,
            "author_profession": item.author_profession,
            "recorded_at": item.recorded_at,
        }

    def professional(self, professional: Professional | None) -> str:
        """Return the key of a professional; nothing for none."""
        if professional is None:
            return ""
        said = professional_in_transit(professional)
        known = self.professionals.setdefault(said.key, said)
        if (known.family_name, known.given_name) != (said.family_name, said.given_name):
            # Two strangers, whom files gave one number.
            said.key = professional.pk.urn
            self.professionals.setdefault(said.key, said)
        return said.key

    def _structure(self, key: str, *, number: str, name: str, kind: Coded) -> str:
        structure = transit.Structure(key=key, number=number, name=name, kind=kind)
        known = self.structures.setdefault(key, structure)
        known.kind = known.kind or kind
        return key


def key_of(professional: Professional) -> str:
    """Return the key of a professional: the national number, or our id."""
    return professional.rpps or professional.pk.urn


def professional_in_transit(professional: Professional) -> transit.Professional:
    """Return a professional with the codes under which it came."""
    received: dict[str, Any] = professional.received
    profession = msgspec.convert(received.get("profession", {}), Coded)
    return transit.Professional(
        key=key_of(professional),
        number=professional.rpps,
        family_name=professional.family_name,
        given_name=professional.given_name,
        civility=professional.civility,
        qualifications=msgspec.convert(received.get("qualifications", []), list[Coded]),
        profession=profession or Coded(text=professional.profession_name),
        function=msgspec.convert(received.get("function", {}), Coded),
        exercise_mode=msgspec.convert(received.get("exercise_mode", {}), Coded),
        structure=received.get("structure", ""),
    )
