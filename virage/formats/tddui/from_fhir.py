"""A TDDUI transaction Bundle, read into a record in transit."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from itertools import islice
from typing import Any

from virage.formats.fhir.bundle import Bundle, Entry, open_bundle
from virage.formats.fhir.element import Element
from virage.formats.outcome import Finding, Limits, Unreadable
from virage.formats.safe import decode_attachment, decode_json
from virage.formats.tddui.canonical import KNOWN_VERSIONS, PACKAGES, TDDUI
from virage.formats.tddui.complement import FORMAT, VERSION, apply_complement
from virage.formats.tddui.keys import name_entries
from virage.formats.tddui.leftovers import (
    leftover_element,
    leftover_elements,
    leftover_resource,
)
from virage.formats.tddui.record import Event, Leftover, Professional, Reading, TransferRecord
from virage.formats.tddui.resources.contact import read_contact
from virage.formats.tddui.resources.document import (
    Attached,
    has_files,
    read_documents,
    read_inner_documents,
    read_links,
)
from virage.formats.tddui.resources.evaluation import read_evaluation
from virage.formats.tddui.resources.event import read_event
from virage.formats.tddui.resources.person import read_person
from virage.formats.tddui.resources.professional import read_professional, read_role
from virage.formats.tddui.resources.stay import is_stay, read_stay
from virage.formats.tddui.resources.structure import read_structure
from virage.formats.tddui.resources.transport import read_transport, transport_kind

SUBJECTS = {
    "Encounter": "subject",
    "QuestionnaireResponse": "subject",
    "DocumentReference": "subject",
    "RelatedPerson": "patient",
}
"""The element by which a resource says that it is about the usager."""


def read_bundle(value: dict[str, Any], limits: Limits) -> Reading:
    """Read a transaction; refused without exactly one usager, or when an entry is not readable."""
    findings: list[Finding] = []
    bundle = open_bundle(value, limits, findings)
    complement, carrier = _take_complement(bundle, limits)
    known = complement.get("keys", {})
    name_entries(bundle, known if isinstance(known, dict) else {})
    reader = _Reader(bundle, limits, _the_patient(bundle), carrier)
    reader.read()
    apply_complement(reader.record, complement, limits)
    return Reading(
        source_format="tddui-fhir",
        version=_version(bundle),
        record=reader.record,
        findings=findings,
    )


def _the_patient(bundle: Bundle) -> Entry:
    patients = list(bundle.of_type("Patient"))
    if len(patients) == 1:
        return patients[0]
    code = "several_persons" if patients else "no_person"
    raise Unreadable(
        *(Finding(code, each.resource.path) for each in patients[1:]), Finding(code, "Bundle.entry")
    )


def _take_complement(bundle: Bundle, limits: Limits) -> tuple[dict[str, Any], list[Entry]]:
    """Take our complement, and what carried it, out of the entries.

    One of a later version stays a mere document.
    """
    for entry in bundle.of_type("DocumentReference"):
        content = entry.resource.first("content")
        format_ = content.child("format")
        if format_.value.get("code") != FORMAT:
            continue
        attachment = content.child("attachment")
        data = decode_attachment(
            str(attachment.value.get("data", "")), limits, f"{attachment.path}.data"
        )
        complement = decode_json(data, limits)
        if isinstance(complement, dict) and complement.get("version") in range(1, VERSION + 1):
            bundle.entries.remove(entry)
            entry.resource.ignore("status", "subject", "content")
            return complement, [entry]
        format_.report("wrong_profile_version", "version", str(format_.value.get("version", "")))
    return {}, []


def _version(bundle: Bundle) -> str:
    """The version of the guide that the file says it follows, empty when it does not say."""
    claimed = [profile for entry in bundle.entries for profile in entry.profiles()]
    versions = [each.partition("|")[2] for each in claimed if each.startswith(TDDUI)]
    return next(filter(None, versions), "")


@dataclass
class _Reader:
    """Reads the entries, each noun before those that refer to it."""

    bundle: Bundle
    limits: Limits
    patient: Entry
    read_entries: list[Entry]
    attached: Attached = field(default_factory=Attached)
    record: TransferRecord = field(init=False)

    def read(self) -> None:
        for entry in self.read_entries:
            entry.owner = self.patient.key
        self.record = TransferRecord(person=read_person(self._taken(self.patient), self.limits))
        self._read_structures_and_professionals()
        self._read_encounters()
        self._read_transports()
        stays = {stay.key for stay in self.record.stays}
        for entry in self.bundle.of_type("QuestionnaireResponse"):
            self.record.evaluations.append(read_evaluation(self._taken(entry), self.bundle, stays))
            self._read_attachments(entry, self.attached.evaluations)
        for entry in self.bundle.of_type("RelatedPerson"):
            self.record.contacts.append(read_contact(self._taken(entry)))
        for entry in self.bundle.of_type("DocumentReference"):
            if has_files(entry):
                self.record.documents += read_documents(
                    self._taken(entry), self.bundle, self.attached, self.limits
                )
        self._read_bundle()
        self._keep_the_rest()

    def _taken(self, entry: Entry) -> Entry:
        """Count an entry as read; it must be about the usager, and should say what it follows."""
        self.read_entries.append(entry)
        profiles = entry.profiles()
        if not profiles:
            entry.resource.report("profile_missing", "meta.profile")
        for profile in profiles:
            version = profile.partition("|")[2]
            if profile.startswith(TDDUI) and version and version not in KNOWN_VERSIONS:
                entry.resource.report("wrong_profile_version", "meta.profile", profile)
        if entry.type in SUBJECTS:
            self._check_subject(entry.resource, SUBJECTS[entry.type])
        return entry

    def _check_subject(self, resource: Element, name: str) -> None:
        reference = resource.child(name)
        address = str(reference.value.get("reference", ""))
        if self.bundle.resolve(address) is self.patient:
            self.bundle.target(reference)
        elif address:
            resource.report("reference_outside_bundle", f"{name}.reference", address)
        else:
            resource.report("reference_missing", name)

    def _read_structures_and_professionals(self) -> None:
        for entry in self.bundle.of_type("Organization"):
            self.record.structures.append(read_structure(self._taken(entry)))
        by_key: dict[str, Professional] = {}
        for entry in self.bundle.of_type("Practitioner"):
            professional = read_professional(self._taken(entry))
            self.record.professionals.append(professional)
            by_key[entry.key] = professional
        for entry in self.bundle.of_type("PractitionerRole"):
            reference = entry.resource.child("practitioner")
            practitioner = self.bundle.resolve(str(reference.value.get("reference", "")))
            # A second role of the same professional has no field of ours: it is left over.
            if practitioner and practitioner.key in by_key:
                self.bundle.target(reference)
                entry.key = entry.owner = practitioner.key
                read_role(self._taken(entry), by_key.pop(practitioner.key), self.bundle)

    def _read_encounters(self) -> None:
        for entry in self.bundle.of_type("Encounter"):
            entry.is_event = not is_stay(entry)
        for entry in self.bundle.of_type("Encounter"):
            self._taken(entry)
            if entry.is_event:
                self.record.events.append(read_event(entry, self.bundle))
                self._read_attachments(entry, self.attached.events)
            else:
                self.record.stays.append(read_stay(entry, self.bundle))
        self.read_entries += [entry for entry in self.bundle.of_type("Location") if entry.owner]

    def _read_attachments(self, entry: Entry, attached: dict[str, str]) -> None:
        read_links(entry.resource, self.bundle, attached, entry.key)
        for document in read_inner_documents(entry.resource, entry.key, self.limits):
            if entry.is_event:
                document.event = entry.key
            else:
                document.evaluation = entry.key
            self.record.documents.append(document)

    def _read_transports(self) -> None:
        events: dict[str, Event] = {event.key: event for event in self.record.events}
        for entry in self.bundle.of_type("Task"):
            reference = entry.resource.child("encounter")
            encounter = self.bundle.resolve(str(reference.value.get("reference", "")))
            if transport_kind(entry) and encounter and encounter.key in events:
                self.bundle.target(reference)
                transport = read_transport(self._taken(entry), self.bundle)
                events[encounter.key].transports.append(transport)

    def _read_bundle(self) -> None:
        """What the Bundle says of itself."""
        element = self.bundle.element
        self.record.made_at = element.instant("timestamp")
        element.ignore("resourceType", "id", "type", "entry")
        meta = element.child("meta")
        meta.ignore("profile", "versionId")
        for tag in meta.children("tag"):
            if tag.value in PACKAGES:
                tag.ignore(*tag.value)

    def _keep_the_rest(self) -> None:
        """Keep what was not read: first the resources, then the parts of those that were read."""
        read = {id(entry) for entry in self.read_entries}
        others = [entry for entry in self.bundle.entries if id(entry) not in read]
        for entry in others:
            entry.resource.report("unknown_resource", value=entry.type)
            self.record.leftovers.append(leftover_resource(entry, self.bundle))
        for entry in others:
            entry.resource.ignore(*entry.resource.value)
        for entry in [*self.read_entries, *others]:
            self._keep(leftover_elements(entry, self.bundle))
        self._keep(self._leftovers_of_bundle())

    def _keep(self, leftovers: Iterable[Leftover]) -> None:
        """Keep parts, no more of them than a file may have entries."""
        room = self.limits.entries - len(self.record.leftovers)
        kept = list(islice(leftovers, room + 1))
        if len(kept) > room:
            raise Unreadable(Finding("too_many_entries", kept[-1].path))
        self.record.leftovers += kept

    def _leftovers_of_bundle(self) -> Iterator[Leftover]:
        owner = self.record.person.key
        for path, value in self.bundle.element.rest():
            yield leftover_element(path, value, owner=owner, label="Lot", bundle=self.bundle)
