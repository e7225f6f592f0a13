"""Reading the journal: « qui a vu » a record."""

from uuid import UUID

from django.db.models import QuerySet

from virage.foundation.journal.models import JournalLine


def accesses_to(subject_id: UUID) -> QuerySet[JournalLine]:
    """Return who read or wrote a record, latest first; the caller judges the right to ask."""
    return (
        JournalLine.objects.filter(subject_id=subject_id)
        .select_related("event")
        .order_by("-event__at", "-event_id")
    )
