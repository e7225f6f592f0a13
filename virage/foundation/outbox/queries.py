"""Reading the outbox: what does not go through, and what waits."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import Count, Min, Q, QuerySet

from virage.foundation.outbox.enums import MessageState
from virage.foundation.outbox.models import Message


def messages_of(operator_id: UUID) -> QuerySet[Message]:
    """Return the messages of an operator, and those of the whole site, which are nobody's.

    The caller judges the right to ask; a payload holds ids and where to write: no screen shows it.
    """
    return Message.objects.filter(Q(operator_id=operator_id) | Q(operator_id=None))


def stopped_messages(operator_id: UUID) -> QuerySet[Message]:
    """Return those that were given up, or failed and wait for their next attempt; latest first."""
    failed = Q(state=MessageState.DEAD) | Q(state=MessageState.PENDING, last_error__gt="")
    return messages_of(operator_id).filter(failed).order_by("-created_at", "-id")


@dataclass(frozen=True)
class Depth:
    """How much waits, for how long (seconds), and what was given up."""

    waiting: int
    oldest_s: float
    dead: int


def depth(now: datetime) -> Depth:
    """Return the depth of the whole outbox, for a supervisor: counts alone, one SQL statement."""
    due = Q(state=MessageState.PENDING, next_at__lte=now)
    counted = Message.objects.aggregate(
        waiting=Count("pk", filter=due),
        oldest=Min("next_at", filter=due),
        dead=Count("pk", filter=Q(state=MessageState.DEAD)),
    )
    oldest = counted.pop("oldest")
    return Depth(**counted, oldest_s=(now - oldest).total_seconds() if oldest else 0.0)


def messages_in_progress(operator_id: UUID) -> QuerySet[Message]:
    """Return those whose handler has told how far it has come, oldest first."""
    going = messages_of(operator_id).filter(state=MessageState.PENDING, progress_label__gt="")
    return going.order_by("created_at", "id")


def message_with(key: str) -> Message | None:
    """Return the message posted under a key, which is its caller's own."""
    return Message.objects.filter(key=key).first()
