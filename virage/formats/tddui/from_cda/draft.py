"""The record being written from a CDA document, with what its parts share."""

import re
from collections.abc import Hashable
from dataclasses import dataclass, field
from typing import Any

from virage.formats.cda.datatypes import coded
from virage.formats.cda.node import CdaDocument, Node
from virage.formats.cda.systems import UUID, uri
from virage.formats.fhir.names import NATIONAL_PROFESSIONAL, NATIONAL_STRUCTURE
from virage.formats.outcome import Limits
from virage.formats.safe import refuse
from virage.formats.tddui.identifiers import ITEM_SYSTEMS, ItemKind
from virage.formats.tddui.record import (
    EMPTY,
    BusinessIdentifier,
    Item,
    Professional,
    Structure,
    TransferRecord,
)

BARE_FINESS = re.compile(r"[0-9][0-9AB][0-9]{7}")
PLACE = {"key", "path"}
TDDUI_FORM = re.compile(r"[13][0-9A-Z]{9}/[^/]+")


@dataclass
class Draft:
    """A record in the making: `targets` are its parts by the identifier others point at.

    `structures` are those met by national number, `professionals` by what tells them apart.
    """

    document: CdaDocument
    limits: Limits
    record: TransferRecord
    keys: set[str] = field(default_factory=set)
    targets: dict[str, Item] = field(default_factory=dict)
    pointers: list[tuple[Item, Node]] = field(default_factory=list)
    structures: dict[str, Structure] = field(default_factory=dict)
    professionals: dict[Hashable, Professional] = field(default_factory=dict)

    def key(self, node: Node, wanted: str) -> str:
        """A key that names one object only: the wanted one, else the place in the document.

        Refused beyond the entries that a file may have: one of CDA may hold several objects.
        """
        key = wanted if wanted and wanted not in self.keys else node.path
        self.keys.add(key)
        if len(self.keys) > self.limits.entries:
            refuse("too_many_entries", node.path)
        return key

    def identifier(self, owner: Node, kind: ItemKind) -> BusinessIdentifier | None:
        """The business identifier of an entry.

        CDA names the registry by an OID of the sender's, FHIR by the address that the guide
        imposes: a value in the guide's form takes the latter, so that it can leave by either wire
        and be recognised when it comes back; the OID is left over, once.
        """
        node = next((each for each in owner.children("id") if each.peek("extension")), None)
        if node is None:
            return None
        root, value = node.take("root"), node.take("extension")
        if TDDUI_FORM.fullmatch(value):
            self.document.note_authority(root, node.path)
            return BusinessIdentifier(value=value, system=ITEM_SYSTEMS[kind])
        node.report("identifier_malformed", value)
        return BusinessIdentifier(value=value, system=uri(root))

    def aim(self, owner: Node, item: Item) -> None:
        """Let others of the document point at this item by one of its identifiers."""
        for node in owner.children("id"):
            self.targets.setdefault(_name(node), item)

    def target(self, node: Node) -> Item | None:
        """What an internal reference points at; the dead ones are reported and stay unread."""
        found = self.targets.get(_name(node.child("id")))
        if found is None:
            node.child("id").report("reference_outside_bundle", node.child("id").peek("extension"))
        return found

    def structure(self, entity: Node, name: Node) -> str:
        """The key of a structure, met for the first time or not; "" when it says nothing."""
        identifier = _given_by(entity, NATIONAL_STRUCTURE)
        identifier.take("root")
        number = identifier.take("extension")
        if not number and not name.peek_text():
            return ""
        if BARE_FINESS.fullmatch(number):
            identifier.report("identifier_malformed", number)
        wanted = _national(number)
        known = self.structures.get(wanted)
        if known is None:
            place = identifier if number else name
            known = Structure(key=self.key(place, wanted), path=place.path, number=number)
            self.record.structures.append(known)
            if wanted:
                self.structures[wanted] = known
        # A shorter form of the name says nothing more than the first one met.
        if not known.name or name.peek_text().casefold() in known.name.casefold():
            known.name = known.name or name.peek_text()
            name.take_text()
        return known.key

    def organization(self, node: Node) -> str:
        """The key of a structure written as an organization."""
        return self.structure(node, node.child("name"))

    def professional(self, entity: Node, function: Node) -> str:
        """The key of a professional, met for the first time or not; "" when there is none."""
        if not entity:
            return ""
        met = self._read_professional(entity, function)
        if not _news(met):
            return ""
        who = _told_apart(met, entity)
        known = self.professionals.get(who)
        if known is None:
            met.key = self.key(entity, met.number)
            self.record.professionals.append(met)
            if met.number or met.family_name:
                self.professionals[who] = met
            if not met.number:
                entity.report("professional_unknown", met.family_name)
            return met.key
        if not _complete(known, met):
            entity.forget()
            function.forget()
        return known.key

    def _read_professional(self, entity: Node, function: Node) -> Professional:
        identifier = _given_by(entity, NATIONAL_PROFESSIONAL)
        name = entity.child("assignedPerson/name") or entity.child("playingEntity/name")
        identifier.take("root")
        return Professional(
            key="",
            path=entity.path,
            number=identifier.take("extension"),
            family_name=name.child("family").take_text(),
            given_name=name.child("given").take_text(),
            civility=name.child("prefix").take_text(),
            profession=coded(entity.child("code")),
            function=coded(function),
            structure=self.organization(entity.child("representedOrganization"))
            or self.organization(entity.child("scopingEntity")),
        )


def _told_apart(met: Professional, entity: Node) -> Hashable:
    """What tells professionals apart: the national number, else all that names one."""
    numbers = tuple(_name(node) for node in entity.children("id"))
    named = (met.family_name, met.given_name, met.civility, met.profession)
    return met.number or (numbers, named)


def _complete(known: Professional, met: Professional) -> bool:
    """Add what was not known of a professional; False, and nothing added, if it says otherwise."""
    news = _news(met)
    if any(getattr(known, name) not in (value, "", EMPTY, []) for name, value in news.items()):
        return False
    for name, value in news.items():
        setattr(known, name, value)
    return True


def _news(met: Professional) -> dict[str, Any]:
    return {name: value for name, value in vars(met).items() if value and name not in PLACE}


def _national(number: str) -> str:
    """A structure's national number: a FINESS written without its type gets it (1, TRE_G07)."""
    return f"1{number}" if BARE_FINESS.fullmatch(number) else number


def _given_by(owner: Node, system: str) -> Node:
    """The identifier given by one registry; those of others stay unread."""
    found = (node for node in owner.children("id") if uri(node.peek("root")) == system)
    return next(found, Node(owner.document, None))


def _name(identifier: Node) -> str:
    """An identifier as one text: UUID are compared whatever their case."""
    root, extension = identifier.peek("root"), identifier.peek("extension")
    return f"{root.lower() if UUID.fullmatch(root) else root}^{extension}"
