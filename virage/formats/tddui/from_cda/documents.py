"""The attached files: section FR-Documents-ajoutes, entries FR-Document-attache."""

import base64
import hashlib

from virage.formats.cda.datatypes import coded, moment, resolve
from virage.formats.cda.node import Node
from virage.formats.cda.systems import uri
from virage.formats.safe import decode_attachment, plain_title
from virage.formats.tddui.from_cda.draft import Draft
from virage.formats.tddui.record import BusinessIdentifier, Document

DOCUMENT = "1.2.250.1.213.1.1.3.18"
DOCUMENT_TYPE = "1.2.250.1.213.1.1.3.48.18"
URIS = "urn:ietf:rfc:3986"
DIGESTS = {"SHA-1": "sha1", "SHA-256": "sha256"}


def read_documents(draft: Draft, section: Node) -> None:
    """Every attached file of the section."""
    for entry in section.by_template("entry/organizer", DOCUMENT):
        draft.record.documents.append(_read_document(draft, entry))


def _read_document(draft: Draft, entry: Node) -> Document:
    identifier = _identifier(entry.child("id"))
    about = entry.first_by_template("component/observation", DOCUMENT_TYPE)
    entry.child("code").recognise()
    about.child("code").recognise()
    title = resolve(about.child("text")) or resolve(about.child("code/originalText"))
    resolve(about.child("code/originalText"))
    media = entry.child("component/observationMedia/value")
    document = Document(
        key=draft.key(entry, identifier.value if identifier else ""),
        path=entry.path,
        identifier=identifier,
        title=plain_title(title),
        content_type=media.take("mediaType"),
        language=media.take("language"),
        type=coded(about.child("value")),
        made_at=moment(about.child("effectiveTime")),
    )
    if document.title != title:
        entry.report("unsafe_file_name", title)
    _read_content(draft, document, media)
    entry.own(document.key)
    draft.aim(entry, document)
    return document


def _identifier(node: Node) -> BusinessIdentifier | None:
    """A document is known by the identifier of its entry, a lone UUID or OID as a rule."""
    if not node.peek("root"):
        return None
    root, extension = uri(node.take("root")), node.take("extension")
    if extension:
        return BusinessIdentifier(value=extension, system=root)
    return BusinessIdentifier(value=root, system=URIS)


def _read_content(draft: Draft, document: Document, media: Node) -> None:
    """The bytes. An address is never followed, a compressed content never opened."""
    if media.child("reference").peek("value"):
        media.report("attachment_external")
    elif media.peek("compression"):
        media.report("attachment_type_mismatch", media.peek("compression"))
    elif media.peek("representation") == "B64":
        media.take("representation")
        document.content = decode_attachment(media.take_text(), draft.limits, media.path)
    else:
        document.content = media.take_text().encode()
    if not document.content:
        media.report("attachment_empty")
        return
    _check_digest(document.content, media)


def _check_digest(content: bytes, media: Node) -> None:
    """Compare with the sender's digest (SHA-1 unless said otherwise, in base64)."""
    algorithm = DIGESTS.get(media.peek("integrityCheckAlgorithm") or "SHA-1")
    if not media.peek("integrityCheck") or not algorithm:
        return
    digest = hashlib.new(algorithm, content, usedforsecurity=False).digest()
    if base64.b64encode(digest).decode() == media.peek("integrityCheck"):
        media.take_all("integrityCheck", "integrityCheckAlgorithm")
    else:
        media.report("attachment_hash_mismatch")
