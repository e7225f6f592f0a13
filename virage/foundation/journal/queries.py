"""Reading the journal: « qui a vu » a record, and who wrote something last."""

from datetime import datetime
from uuid import UUID

from django.db.models import Q, QuerySet

from virage.foundation.access.actor import Actor
from virage.foundation.journal.models import JournalEvent, JournalLine, JournalSeal


def accesses_to(subject_id: UUID) -> QuerySet[JournalLine]:
    """Return who read or wrote a record, latest first; the caller judges the right to ask."""
    return (
        JournalLine.objects.filter(subject_id=subject_id)
        .select_related("event")
        .order_by("-event__at", "-event_id")
    )


def acts_of(professional_id: UUID) -> QuerySet[JournalEvent]:
    """Return what someone read and wrote, latest first; the caller judges the right to ask."""
    return JournalEvent.objects.filter(professional_id=professional_id).order_by("-at", "-id")


def last_write_on(target_id: UUID) -> JournalEvent | None:
    """Return the latest write on one thing, whoever asks; one SQL statement, for a conflict.

    A step of a workflow, which makes nobody's form out of date, counts only for the `fields` that
    it changed.
    """
    writes = JournalEvent.objects.filter(target_id=target_id, is_write=True)
    edits = writes.filter(Q(detail__has_key="fields") | ~Q(detail__has_keys=["from", "to"]))
    return edits.order_by("-at", "-id").first()


def last_seal_at() -> datetime | None:
    """Return when the last block was sealed, for a supervisor; None before the first."""
    last = JournalSeal.objects.order_by("-number").first()
    return last.sealed_at if last else None


def waiting_to_be_sealed() -> int:
    """Return how many events no block holds yet."""
    return JournalEvent.objects.filter(seal=None).count()


def late_to_be_sealed(before: datetime) -> int:
    """Return how many events of before then no block holds yet."""
    return JournalEvent.objects.filter(seal=None, at__lt=before).count()


def count_by(actor: Actor, action: str, *, since: datetime) -> int:
    """Return how many times the actor's professional did this since then, in any situation."""
    done = JournalEvent.objects.filter(professional_id=actor.professional_id, action=action)
    return done.filter(at__gte=since).count()
