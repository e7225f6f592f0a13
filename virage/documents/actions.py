"""Adding files to a record."""

from collections.abc import Sequence
from typing import Any

from django.db import transaction

from virage.documents.models import Document
from virage.documents.rules import DocumentDraft, faults_of
from virage.foundation.access.actor import Actor
from virage.foundation.access.writing import require_entries, signature
from virage.foundation.journal.writing import record_writes
from virage.foundation.storage import files

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
    """Add one file to a record (see `add_documents`)."""
    return add_documents(actor, drafts=[draft])[0]


@transaction.atomic
def add_documents(actor: Actor, *, drafts: Sequence[DocumentDraft]) -> list[Document]:
    """Add files, in the order given; few statements whatever their number.

    Refused unless the actor writes in each volet, or may import what has an origin. By hand,
    Invalid without a title, for an empty file, above 20 MB, for a type outside the list or bytes
    that contradict it, and for a date to come. What has an origin is kept as received.
    """
    if not drafts:
        return []
    entries = require_entries(actor, drafts, lambda one: [one.subject_id], faults_of)
    documents = [_document(actor, draft) for draft in drafts]
    Document.objects.bulk_create(documents, batch_size=500)
    one = documents[0] if len(documents) == 1 else None
    record_writes(actor, "document.add", entries, target=one, detail={"count": len(drafts)})
    return documents


def _document(actor: Actor, draft: DocumentDraft) -> Document:
    columns: dict[str, Any] = {name: getattr(draft, name) for name in SAME_COLUMNS}
    return Document(
        **signature(actor, draft.happened_at, draft.origin, draft.establishment_id),
        **columns,
        # Stored even if the transaction fails: a file that no row names harms nobody.
        digest=files.put(draft.content, actor.operator_id),
        size_bytes=len(draft.content),
    )
