"""The whole document: is it a TDDUI record, of whom, and which section holds what."""

from collections.abc import Callable
from itertools import islice

from lxml import etree

from virage.formats.cda.node import V3, CdaDocument, Node
from virage.formats.outcome import Limits
from virage.formats.safe import refuse
from virage.formats.tddui.from_cda.coverages import read_coverages
from virage.formats.tddui.from_cda.documents import read_documents
from virage.formats.tddui.from_cda.draft import Draft
from virage.formats.tddui.from_cda.evaluations import read_evaluations
from virage.formats.tddui.from_cda.events import read_events
from virage.formats.tddui.from_cda.header import read_guardians, read_person, read_sender
from virage.formats.tddui.from_cda.leftovers import list_leftovers
from virage.formats.tddui.from_cda.stays import read_stays
from virage.formats.tddui.record import (
    Document,
    Evaluation,
    Event,
    Item,
    Reading,
    Stay,
    TransferRecord,
)

TDDUI = "1.2.250.1.213.1.1.1.58"
EXPORT_DUI = "EXPORT_DUI"
# The official 1.0.1 example says « 1.1.0-ballot » of itself.
KNOWN_VERSIONS = {"", "1.0.0", "1.0.1", "1.1.0-ballot"}

SECTIONS: dict[str, Callable[[Draft, Node], None]] = {
    "1.2.250.1.213.1.1.2.79": read_coverages,
    "1.2.250.1.213.1.1.2.249": read_stays,
    "1.2.250.1.213.1.1.2.248": read_events,
    "1.2.250.1.213.1.1.2.246": read_evaluations,
    "1.2.250.1.213.1.1.2.37": read_documents,
}


def is_clinical_document(root: etree._Element) -> bool:
    """Whether an XML element is a CDA document, of TDDUI or not."""
    return root.tag == f"{{{V3}}}ClinicalDocument"


def read_document(root: etree._Element, *, limits: Limits) -> Reading:
    """Read a TDDUI CDA document; another document, or not of one person, is refused.

    So is one with more entries than a file may have, with more objects, or more left of it.
    """
    if not is_clinical_document(root):
        refuse("unsupported_document", value=root.tag)
    if sum(1 for _ in root.iter(f"{{{V3}}}entry")) > limits.entries:
        refuse("too_many_entries")
    document = CdaDocument(root)
    node = document.node
    version = _version(node)
    person_roles = node.children("recordTarget/patientRole")
    if not person_roles:
        refuse("no_person", node.path)
    if len(person_roles) > 1:
        refuse("several_persons", person_roles[1].path)
    node.own("")
    record = TransferRecord(person=read_person(person_roles[0]))
    draft = Draft(document, limits, record)
    draft.keys.add(record.person.key)
    read_sender(draft, node)
    read_guardians(draft, person_roles[0])
    _read_sections(draft, node)
    _follow_pointers(draft)
    record.leftovers = list(islice(list_leftovers(document), limits.entries + 1))
    if len(record.leftovers) > limits.entries:
        refuse("too_many_entries", record.leftovers[-1].path)
    return Reading(
        source_format="tddui-cda", version=version, record=record, findings=document.findings
    )


def _version(node: Node) -> str:
    """The version of the template that the document claims."""
    template = next(
        (each for each in node.children("templateId") if each.peek("root") == TDDUI), None
    )
    if template is None and node.child("code").peek("code") != EXPORT_DUI:
        refuse("unsupported_document", node.child("code").path, node.child("code").peek("code"))
    node.child("code").recognise()
    version = template.peek("extension") if template else ""
    if template and version not in KNOWN_VERSIONS:
        template.report("wrong_profile_version", version)
    return version


def _read_sections(draft: Draft, node: Node) -> None:
    body = node.child("component/structuredBody")
    body.own("")
    for section in body.children("component/section"):
        readers = [read for root, read in SECTIONS.items() if section.has_template(root)]
        if not readers:
            section.report("unknown_section", section.child("title").peek_text())
            continue
        section.child("code").recognise()
        section.child("title").take_text()
        readers[0](draft, section)
        section.own("")


def _follow_pointers(draft: Draft) -> None:
    """Join what points at each other, once everything was read; a second link is left over."""
    for item, pointer in draft.pointers:
        if _join(item, draft.target(pointer)):
            pointer.child("id").take_all("root", "extension")
            pointer.child("code").recognise()


def _join(item: Item, target: Item | None) -> bool:
    match item, target:
        case Stay(), Event(stay=""):
            target.stay = item.key
        case Event(), Document(event=""):
            target.event = item.key
        case Evaluation(), Document(evaluation=""):
            target.evaluation = item.key
        case _:
            return False
    return True
