"""The envelope of TDDUI CDA: a Bundle of DocumentReference, or one alone, holding the document."""

from typing import Any

from lxml import etree

from virage.formats.fhir.bundle import Bundle, Entry, open_bundle
from virage.formats.fhir.writing import to_json
from virage.formats.outcome import Finding, Limits, Unreadable
from virage.formats.safe import parse_xml, refuse
from virage.formats.tddui.from_cda import read_document
from virage.formats.tddui.from_cda.document import is_clinical_document
from virage.formats.tddui.record import Document, Leftover, Person, Reading
from virage.formats.tddui.resources.document import Attached, read_documents

XML_TYPES = {"text/xml", "application/xml", "application/hl7-v3+xml"}


def is_envelope(value: dict[str, Any]) -> bool:
    """Whether a Bundle holds documents and no usager of its own."""
    entries = value.get("entry")
    types = {
        str(each["resource"].get("resourceType"))
        for each in (entries if isinstance(entries, list) else [])
        if isinstance(each, dict) and isinstance(each.get("resource"), dict)
    }
    return types == {"DocumentReference"}


def wrapped(resource: dict[str, Any]) -> dict[str, Any]:
    """A DocumentReference alone, in the Bundle that it should have come in."""
    request = {"method": "POST", "url": "DocumentReference"}
    entry = {"resource": resource, "request": request}
    return {"resourceType": "Bundle", "type": "transaction", "entry": [entry]}


def read_envelope(value: dict[str, Any], limits: Limits) -> Reading:
    """Read the one TDDUI CDA document of an envelope, and the other pieces as documents.

    Refused without such a document, and with several: a file is the record of one person.
    """
    findings: list[Finding] = []
    bundle = open_bundle(value, limits, findings)
    pieces = [
        (entry, document) for entry in bundle.entries for document in _pieces(entry, bundle, limits)
    ]
    readings = {
        id(document): read_document(root, limits=limits)
        for _, document in pieces
        if (root := _clinical_document(document, limits)) is not None
    }
    if not readings:
        refuse("no_usable_cda", "Bundle.entry")
    if len(readings) > 1:
        _refuse_several([each.record.person for each in readings.values()])
    (reading,) = readings.values()
    reading.findings = findings + reading.findings
    reading.has_other_pieces = len(pieces) > 1
    for entry, document in pieces:
        if id(document) in readings:
            reading.document = document.content
            reading.record.leftovers.append(_sheet(entry, reading.record.person))
        else:
            reading.record.documents.append(document)
    return reading


def _pieces(entry: Entry, bundle: Bundle, limits: Limits) -> list[Document]:
    entry.key = entry.address or entry.resource.path
    return read_documents(entry, bundle, Attached(), limits)


def _clinical_document(document: Document, limits: Limits) -> etree._Element | None:
    """The CDA document that a piece is, if it is one: what it claims to be is not enough."""
    is_xml = document.content_type.partition(";")[0] in XML_TYPES
    if not is_xml and b"ClinicalDocument" not in document.content[:10_000]:
        return None
    root = parse_xml(document.content, limits)
    return root if is_clinical_document(root) else None


def _refuse_several(persons: list[Person]) -> None:
    """Say whether the documents are of several persons, as far as their traits tell."""
    traits = {(each.birth_family_name, each.birth_on, each.sex) for each in persons}
    code = "several_persons" if len(traits) > 1 else "several_documents"
    raise Unreadable(*(Finding(code, each.path) for each in persons[1:]))


def _sheet(entry: Entry, person: Person) -> Leftover:
    """What the envelope says of the document, without its bytes, which were read."""
    resource = dict(entry.resource.value)
    contents = [dict(each) for each in resource["content"]]
    for content in contents:
        attachment = content.get("attachment", {})
        content["attachment"] = {name: each for name, each in attachment.items() if name != "data"}
    return Leftover(
        kind="fhir-element",
        key=f"{person.key}#{entry.resource.path}",
        path=entry.resource.path,
        title="Enveloppe : fiche du document",
        content=to_json(resource | {"content": contents}),
        owner=person.key,
    )
