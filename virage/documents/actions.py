"""Adding files to a record, replacing them, taking them back."""

import logging
from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import F

from virage.documents.enums import Confidentiality
from virage.documents.models import Document, DocumentVersion, StoredFile
from virage.documents.queries import (
    content_of,
    lock_document,
    refusal_to_cancel,
    refusal_to_replace,
)
from virage.documents.rules import (
    DocumentDraft,
    VersionDraft,
    faults_of,
    infected_message,
    reason_faults,
    version_faults,
)
from virage.foundation.access.actor import Actor
from virage.foundation.access.enums import Volet
from virage.foundation.access.writing import counted, require_entries, signature
from virage.foundation.errors import Invalid
from virage.foundation.journal.writing import record, record_writes
from virage.foundation.storage import antivirus, files
from virage.foundation.storage.antivirus import Verdict

logger = logging.getLogger(__name__)
FILE_COLUMNS = tuple(one.name for one in StoredFile._meta.fields)
CANCELLATION = ("cancelled_at", "cancelled_by", "cancelled_reason")
# Columns that keep the draft's value as it is.
SAME_COLUMNS = (
    *("subject_id", "volet", "title", "content_type", "language", "type"),
    *(
        "category",
        "confidentiality",
        "received_confidentiality",
        "status",
        "event_id",
        "evaluation_id",
        "valid_until",
        "plan_action_id",
        "author_structure_id",
        "is_published",
    ),
)


def add_document(actor: Actor, *, draft: DocumentDraft) -> Document:
    """Add one file to a record (see `add_documents`), once the antivirus has seen it, before any
    lock.

    Invalid for an infected one, which is kept nowhere: the attempt is journalled.
    """
    verdict = antivirus.verdict_on([draft.content])
    if verdict and verdict.is_infected:
        _journal_infected(actor, draft, verdict)
        raise Invalid({"content": [infected_message(verdict.threat)]})
    return add_documents(actor, drafts=[draft], verdict=verdict)[0]


@transaction.atomic
def add_documents(
    actor: Actor, *, drafts: Sequence[DocumentDraft], verdict: Verdict | None = None
) -> list[Document]:
    """Add files, in the order given; few statements whatever their number.

    Without a verdict of the antivirus, the worker asks for it afterwards.

    Refused unless the actor writes in each volet, or may import what has an origin. By hand,
    Invalid without a title, for an empty file, above 20 MB, for a type outside the list or bytes
    that contradict it, and for a date to come. What has an origin is kept as received.
    """
    if not drafts:
        return []
    entries = require_entries(actor, drafts, lambda one: [one.subject_id], faults_of)
    documents = [_document(actor, draft, verdict) for draft in drafts]
    Document.objects.bulk_create(documents, batch_size=500)
    one = documents[0] if len(documents) == 1 else None
    record_writes(actor, "document.add", entries, target=one, detail=counted(drafts))
    return documents


def replace_document(
    actor: Actor, *, document: Document, expected_version: int, draft: VersionDraft
) -> Document:
    """Put a new version in the place of a document's file, once the antivirus has seen it.

    The former one stays readable. Refused without the right to write in its volet, to another
    establishment, or once it is taken back. Invalid for what `add_document` refuses of a file,
    without a reason, or when it was replaced since `expected_version`.
    """
    if refused := refusal_to_replace(actor, document):
        raise refused
    Invalid.raise_if(version_faults(draft, actor.at))
    verdict = antivirus.verdict_on([draft.content])
    if verdict and verdict.is_infected:
        _record_infected(actor, document.subject_id, document.volet, verdict)
        raise Invalid({"content": [infected_message(verdict.threat)]})
    return _replace(actor, document.pk, expected_version, draft, verdict)


@transaction.atomic
def _replace(
    actor: Actor, document_id: UUID, expected: int, draft: VersionDraft, verdict: Verdict | None
) -> Document:
    document = lock_document(actor, document_id)
    if refused := refusal_to_replace(actor, document):
        raise refused
    digest = files.put(draft.content, document.operator_id)
    _require_version(document, expected, "déposez la vôtre si elle est encore utile.")
    if document.digest == digest:
        raise Invalid({"content": ["Rien n’a changé : c’est déjà le fichier du document."]})
    DocumentVersion.objects.create(
        operator_id=document.operator_id,
        document=document,
        version=document.version,
        happened_at=document.happened_at,
        replaced_by_name=actor.display_name,
        replaced_by_profession=actor.profession,
        replaced_at=actor.at,
        reason=draft.reason,
        **{name: getattr(document, name) for name in FILE_COLUMNS},
    )
    document.digest, document.size_bytes = digest, len(draft.content)
    document.content_type, document.happened_at = draft.content_type, draft.happened_at
    document.scanned_at = actor.at if verdict else None
    document.threat, document.signatures = "", verdict.signatures if verdict else ""
    document.scan_tries, document.scan_tried_at = 0, None
    document.valid_until = draft.valid_until
    document.version += 1
    document.save(update_fields=[*FILE_COLUMNS, "happened_at", "valid_until", "version"])
    _record_change(actor, "document.replace", document)
    return document


@transaction.atomic
def cancel_document(
    actor: Actor,
    *,
    document_id: UUID,
    expected_version: int,
    reason: str,
    right_subject_id: UUID | None = None,
    establishment_id: UUID | None = None,
) -> Document | None:
    """Take back a document filed in the wrong record; return the one filed in the right record.

    It is kept, and no longer shown but to its author and to who validates its volet: Refused to
    all others. Invalid without a reason, or when it was replaced since `expected_version`: its
    file in force goes to the right record under the name of its author, if the actor writes there.
    Neither journal names the other person.
    """
    document = lock_document(actor, document_id)
    if refused := refusal_to_cancel(actor, document):
        raise refused
    if messages := reason_faults(reason):
        raise Invalid({"reason": messages})
    _require_version(document, expected_version, "retirez le document s’il n’est pas à sa place.")
    document.cancelled_at, document.cancelled_by_id = actor.at, actor.professional_id
    document.cancelled_reason = reason
    document.save(update_fields=CANCELLATION)
    _record_change(actor, "document.cancel", document)
    if right_subject_id is None:
        return None
    return _file_elsewhere(actor, document, right_subject_id, establishment_id)


def _file_elsewhere(
    actor: Actor, document: Document, subject_id: UUID, establishment_id: UUID | None
) -> Document:
    if subject_id == document.subject_id:
        raise Invalid({"right": ["C’est le dossier dont vous retirez le document."]})
    draft = DocumentDraft(
        subject_id=subject_id,
        volet=Volet(document.volet),
        title=document.title,
        content=content_of(document),
        content_type=document.content_type,
        happened_at=document.happened_at,
        language=document.language,
        type=document.type,
        category=document.category,
        confidentiality=Confidentiality(document.confidentiality),
        received_confidentiality=document.received_confidentiality,
        valid_until=document.valid_until,
        is_published=document.is_published,
        establishment_id=establishment_id,
    )
    require_entries(actor, [draft], lambda one: [one.subject_id], faults_of)
    filed = _document(actor, draft, None)
    kept = ("author_id", "author_name", "author_profession", "received_structure_id")
    for name in (*kept, "author_structure_id", "scanned_at", "signatures"):
        setattr(filed, name, getattr(document, name))
    filed.save(force_insert=True)
    _record_change(actor, "document.refile", filed)
    return filed


def _require_version(document: Document, expected: int, then: str) -> None:
    if document.version != expected:
        message = (
            "Une autre version a été déposée entre-temps. Lisez-la sur la fiche du document, puis "
        )
        raise Invalid({"": [message + then]})


def _record_change(actor: Actor, action: str, document: Document) -> None:
    subject_ids = [document.subject_id]
    record(actor, action, target=document, subject_ids=subject_ids, volet=document.volet)


@transaction.atomic
def note_verdict(actor: Actor, *, file: Document | DocumentVersion, verdict: Verdict) -> None:
    """Write what the antivirus says of a file kept before; an infected one is journalled.

    A file replaced while it was looked at has become a former version, which waits for its turn.
    """
    noted = (
        type(file)
        ._default_manager.filter(pk=file.pk, digest=file.digest)
        .update(scanned_at=actor.at, threat=verdict.threat[:200], signatures=verdict.signatures)
    )
    document = file.document if isinstance(file, DocumentVersion) else file
    if noted and verdict.is_infected:
        logger.warning("The antivirus found a threat in document %s", document.pk)
        _record_change(actor, "document.infected", document)


def note_unjudged(file: Document | DocumentVersion, at: datetime) -> None:
    """Count once more that the antivirus, which answers, could not judge a file at this instant."""
    kept = type(file)._default_manager.filter(pk=file.pk, digest=file.digest)
    kept.update(scan_tries=F("scan_tries") + 1, scan_tried_at=at)


@transaction.atomic
def _journal_infected(actor: Actor, draft: DocumentDraft, verdict: Verdict) -> None:
    require_entries(actor, [draft], lambda one: [one.subject_id], faults_of)
    _record_infected(actor, draft.subject_id, draft.volet, verdict)


@transaction.atomic
def _record_infected(actor: Actor, subject_id: UUID, volet: str, verdict: Verdict) -> None:
    logger.warning("An infected file was refused")
    detail = {"threat": verdict.threat[:200]}
    record(actor, "document.refused", subject_ids=[subject_id], volet=volet, detail=detail)


def _document(actor: Actor, draft: DocumentDraft, verdict: Verdict | None) -> Document:
    columns: dict[str, Any] = {name: getattr(draft, name) for name in SAME_COLUMNS}
    return Document(
        **signature(actor, draft.happened_at, draft.origin, draft.establishment_id),
        **columns,
        # Stored even if the transaction fails: a file that no row names harms nobody.
        digest=files.put(draft.content, actor.operator_id),
        size_bytes=len(draft.content),
        scanned_at=actor.at if verdict else None,
        signatures=verdict.signatures if verdict else "",
    )
