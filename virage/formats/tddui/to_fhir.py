"""A record in transit, written as a TDDUI 2.3.0 transaction Bundle over FR Core 2.1.0.

The same record always gives the same bytes: entries and elements stand in a fixed order, and the
address of an entry is made from its key.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal

from virage.formats.fhir import writing
from virage.formats.fhir.references import References, full_url
from virage.formats.fhir.writing import Json
from virage.formats.tddui.canonical import BUNDLE, PACKAGES, profiled
from virage.formats.tddui.complement import FORMAT, VERSION, build_complement
from virage.formats.tddui.keys import natural_key
from virage.formats.tddui.record import Document, Event, Item, TransferRecord
from virage.formats.tddui.resources.contact import write_contact
from virage.formats.tddui.resources.document import write_document
from virage.formats.tddui.resources.evaluation import write_evaluation
from virage.formats.tddui.resources.event import place_key, write_event, write_place
from virage.formats.tddui.resources.person import write_person
from virage.formats.tddui.resources.professional import write_professional, write_role
from virage.formats.tddui.resources.stay import write_stay
from virage.formats.tddui.resources.structure import write_structure
from virage.formats.tddui.resources.transport import write_transport

COMPLEMENT_FORMAT = {"system": "urn:virage", "version": str(VERSION), "code": FORMAT}


def build(record: TransferRecord, *, made_at: datetime) -> bytes:
    """The whole record as a Bundle, ready to send; `made_at` is written as its date."""
    writer = _Writer(record)
    writer.name_objects()
    writer.write_objects()
    writer.write_complement(made_at)
    bundle = {
        "resourceType": "Bundle",
        "meta": profiled(BUNDLE) | {"tag": PACKAGES},
        "type": "transaction",
        "timestamp": writing.instant(made_at),
        "entry": writer.entries,
    }
    return writing.to_json(bundle).encode()


@dataclass
class _Writer:
    record: TransferRecord
    references: References = field(default_factory=References)
    entries: list[Json] = field(default_factory=list)
    keys: dict[str, str] = field(default_factory=dict)

    def name_objects(self) -> None:
        """Give every object its address, before anything refers to it."""
        record, add = self.record, self.references.add
        self.references.person = add("Patient", record.person.key)
        kinds: dict[str, Sequence[Item]] = {
            "Organization": record.structures,
            "Practitioner": record.professionals,
            "Encounter": [*record.stays, *record.events],
            "Task": [each for event in record.events for each in event.transports],
            "QuestionnaireResponse": record.evaluations,
            "RelatedPerson": record.contacts,
            "DocumentReference": record.documents,
        }
        for type_, items in kinds.items():
            for item in items:
                add(type_, item.key)
        for event in record.events:
            add("Location", place_key(event))
        for resource, key in self._kept_resources():
            add(str(resource["resourceType"]), key)

    def _kept_resources(self) -> list[tuple[Json, str]]:
        """The resources received and not understood, each with its key."""
        return [
            (json.loads(each.content, parse_float=Decimal), each.key)
            for each in self.record.leftovers
            if each.kind == "fhir-resource"
        ]

    def write_objects(self) -> None:
        record, references = self.record, self.references
        self._add(write_person(record.person), record.person.key)
        for structure in record.structures:
            self._add(write_structure(structure), structure.key)
        for professional in record.professionals:
            self._add(write_professional(professional), professional.key)
            self._add_part(write_role(professional, references), professional.key)
        for stay in record.stays:
            self._add(write_stay(stay, references), stay.key)
        attached = self._attached()
        for event in record.events:
            self._add_event(event, attached)
        for evaluation in record.evaluations:
            documents = attached.get(evaluation.key, [])
            self._add(write_evaluation(evaluation, references, documents), evaluation.key)
        for contact in record.contacts:
            self._add(write_contact(contact, references), contact.key)
        for document in record.documents:
            self._add(write_document(document, references), document.key)
        for resource, key in self._kept_resources():
            self._add(references.rewritten(resource), key)

    def _attached(self) -> dict[str, list[str]]:
        """The keys of the documents of each event and of each evaluation."""
        attached: dict[str, list[str]] = {}
        for document in self.record.documents:
            for owner in filter(None, (document.event, document.evaluation)):
                attached.setdefault(owner, []).append(document.key)
        return attached

    def _add_event(self, event: Event, attached: dict[str, list[str]]) -> None:
        self._add_part(write_place(event), place_key(event))
        self._add(write_event(event, self.references, attached.get(event.key, [])), event.key)
        for transport in event.transports:
            self._add(write_transport(transport, event, self.references), transport.key)

    def _add(self, resource: Json, key: str) -> None:
        """Add the entry of an object; a key that its resource does not tell goes apart."""
        address = self.references.addresses[key]
        if key not in (natural_key(resource), f"{resource['resourceType']}/{resource.get('id')}"):
            self.keys[address] = key
        self._add_entry(resource, address)

    def _add_part(self, resource: Json, key: str) -> None:
        """Add an entry that is only a part of an object, unless it is empty."""
        if resource:
            self._add_entry(resource, full_url(resource["resourceType"], key))

    def _add_entry(self, resource: Json, address: str) -> None:
        request = {"method": "POST", "url": resource["resourceType"]}
        self.entries.append({"fullUrl": address, "resource": resource, "request": request})

    def write_complement(self, made_at: datetime) -> None:
        """Add what TDDUI cannot carry, when there is something of the sort."""
        complement = build_complement(self.record, self.keys)
        if not complement:
            return
        document = Document(
            key=FORMAT,
            title="Complément du dossier",
            content_type="application/json",
            content=writing.to_json(complement).encode(),
            made_at=made_at,
        )
        resource = write_document(document, self.references)
        resource["content"][0]["format"] = COMPLEMENT_FORMAT
        self._add_entry(resource, full_url("DocumentReference", FORMAT))
