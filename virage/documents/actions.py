"""Adding files to a record."""

import logging
from collections.abc import Sequence
from typing import Any

from django.db import transaction

from virage.documents.models import Document
from virage.documents.rules import DocumentDraft, faults_of, infected_message
from virage.foundation.access.actor import Actor
from virage.foundation.access.writing import require_entries, signature
from virage.foundation.errors import Invalid
from virage.foundation.journal.writing import record, record_writes
from virage.foundation.storage import antivirus, files
from virage.foundation.storage.antivirus import Verdict

logger = logging.getLogger(__name__)
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
    record_writes(actor, "document.add", entries, target=one, detail={"count": len(drafts)})
    return documents


@transaction.atomic
def note_verdict(actor: Actor, *, document: Document, verdict: Verdict) -> None:
    """Write what the antivirus says of a document kept before; an infected one is journalled."""
    Document.objects.filter(pk=document.pk).update(
        scanned_at=actor.at, threat=verdict.threat[:200], signatures=verdict.signatures
    )
    if verdict.is_infected:
        logger.warning("The antivirus found a threat in document %s", document.pk)
        record(
            actor,
            "document.infected",
            target=document,
            subject_ids=[document.subject_id],
            volet=document.volet,
        )


@transaction.atomic
def _journal_infected(actor: Actor, draft: DocumentDraft, verdict: Verdict) -> None:
    require_entries(actor, [draft], lambda one: [one.subject_id], faults_of)
    logger.warning("An infected file was refused")
    detail = {"threat": verdict.threat[:200]}
    subject_ids = [draft.subject_id]
    record(actor, "document.refused", subject_ids=subject_ids, volet=draft.volet, detail=detail)


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
