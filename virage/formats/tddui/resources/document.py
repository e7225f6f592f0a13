"""Attached files, and the DocumentReference resource."""

import base64
import hashlib
from dataclasses import dataclass, field, replace

from virage.formats.fhir import datatypes, writing
from virage.formats.fhir.bundle import Bundle, Entry
from virage.formats.fhir.element import Element
from virage.formats.fhir.references import References
from virage.formats.fhir.writing import Json, compact, listed
from virage.formats.outcome import Limits
from virage.formats.safe import decode_attachment, plain_title
from virage.formats.tddui.canonical import ATTACHMENT, DOCUMENT, profiled
from virage.formats.tddui.record import Document


@dataclass
class Attached:
    """Which event and which evaluation each document of the file belongs to, by keys."""

    events: dict[str, str] = field(default_factory=dict)
    evaluations: dict[str, str] = field(default_factory=dict)


def has_files(entry: Entry) -> bool:
    """Whether a resource says something of a file; else it is kept as it is."""
    contents = entry.resource.children("content")
    return any(content.child("attachment") for content in contents)


def read_documents(
    entry: Entry, bundle: Bundle, attached: Attached, limits: Limits
) -> list[Document]:
    """The files of one resource: FHIR lets it hold several forms of the same document."""
    reference = entry.resource
    has_master = "masterIdentifier" in reference.value
    number = reference.child("masterIdentifier") if has_master else reference.first("identifier")
    author = reference.first("author")
    shared = Document(
        key=entry.key,
        path=reference.path,
        identifier=datatypes.identifier(number),
        type=datatypes.coded(reference.child("type")),
        category=datatypes.coded(reference.first("category")),
        confidentiality=datatypes.coded(reference.first("securityLabel")),
        status=datatypes.required_code(reference, "status"),
        author=bundle.key_of(author),
        event=_event(entry, bundle, attached),
        evaluation=attached.evaluations.get(entry.key, ""),
    )
    documents: list[Document] = []
    attachments = [content.child("attachment") for content in reference.children("content")]
    for attachment in filter(None, attachments):
        document = replace(shared)
        if documents:
            key = f"{entry.key}#{len(documents) + 1}"
            document = replace(shared, key=key, identifier=None)
        read_attachment(document, attachment, limits)
        documents.append(document)
    return documents


def _event(entry: Entry, bundle: Bundle, attached: Attached) -> str:
    """The event that names the document, or the one that it names, which then stays unread."""
    event = attached.events.get(entry.key, "")
    reference = entry.resource.child("context").first("encounter")
    encounter = bundle.resolve(str(reference.value.get("reference", "")))
    if encounter and encounter.is_event and event in ("", encounter.key):
        bundle.target(reference)
        return encounter.key
    return event


def read_attachment(document: Document, attachment: Element, limits: Limits) -> None:
    """Read the bytes and what is said of them; an address is never followed, and stays unread."""
    title = attachment.text("title")
    document.title = plain_title(title)
    if document.title != title:
        attachment.report("unsafe_file_name", "title", title)
    document.content_type = attachment.text("contentType")
    document.language = attachment.text("language")
    document.made_at = attachment.instant("creation")
    data = attachment.text("data")
    document.content = decode_attachment(data, limits, f"{attachment.path}.data")
    if "url" in attachment.value:
        attachment.report("attachment_external", "url", str(attachment.value["url"]))
    elif not document.content:
        attachment.report("attachment_empty")
    if attachment.value.get("size") == len(document.content):
        attachment.ignore("size")
    if "hash" in attachment.value:
        _check_hash(attachment, document.content)


def _check_hash(attachment: Element, content: bytes) -> None:
    if attachment.value["hash"] == fingerprint(content):
        attachment.ignore("hash")
    else:
        attachment.report("attachment_hash_mismatch", "hash", str(attachment.value["hash"]))


def fingerprint(content: bytes) -> str:
    """The SHA-1 in base64 that FHIR asks for: it tells an accident from the file, not an attack."""
    digest = hashlib.sha1(content, usedforsecurity=False).digest()
    return base64.b64encode(digest).decode("ascii")


def read_links(owner: Element, bundle: Bundle, attached: dict[str, str], key: str) -> None:
    """Note, in `attached`, the documents that an event or an evaluation names as its own.

    A document already attached elsewhere, or absent from the file, stays unread.
    """
    for extension in owner.children("extension"):
        reference = extension.child("valueReference")
        address = str(reference.value.get("reference", ""))
        if extension.value.get("url") != ATTACHMENT or not address:
            continue
        entry = bundle.resolve(address)
        if entry is None:
            reference.report("reference_outside_bundle", "reference", address)
        elif entry.type == "DocumentReference" and entry.key not in attached:
            attached[entry.key] = key
            extension.ignore("url")
            bundle.target(reference)


def read_inner_documents(owner: Element, key: str, limits: Limits) -> list[Document]:
    """The files that an event or an evaluation holds in itself, as the guide first had it."""
    documents: list[Document] = []
    for extension in owner.children("extension"):
        attachment = extension.child("valueAttachment")
        if extension.value.get("url") == ATTACHMENT and attachment:
            extension.ignore("url")
            document = Document(key=f"{key}#piece-{len(documents) + 1}", path=attachment.path)
            read_attachment(document, attachment, limits)
            documents.append(document)
    return documents


def write_document(document: Document, references: References) -> Json:
    event = references.to(document.event)
    return compact(
        {
            "resourceType": "DocumentReference",
            "meta": profiled(DOCUMENT),
            "masterIdentifier": writing.identifier(document.identifier),
            **writing.required_code("status", document.status),
            "type": writing.codeable(document.type),
            "category": listed(writing.codeable(document.category)),
            "subject": references.to_person(),
            "author": listed(references.to(document.author)),
            "securityLabel": listed(writing.codeable(document.confidentiality)),
            "content": [{"attachment": written_attachment(document)}],
            "context": compact({"encounter": listed(event)}),
        }
    )


def written_attachment(document: Document) -> Json:
    content = document.content
    return compact(
        {
            "contentType": document.content_type,
            "language": document.language,
            "data": base64.b64encode(content).decode("ascii"),
            "size": len(content) or None,
            "hash": fingerprint(content) if content else "",
            "title": document.title,
            "creation": writing.instant(document.made_at),
        }
    )
