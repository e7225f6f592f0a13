"""Reading the outbox: what does not go through, and what waits."""

from uuid import UUID

from django.db.models import Q, QuerySet

from virage.foundation.outbox.enums import MessageState
from virage.foundation.outbox.models import Message


def messages_of(operator_id: UUID) -> QuerySet[Message]:
    """Return the messages of an operator, and those of the whole site, which are nobody's.

    The caller judges the right to ask; a payload holds ids alone, and no screen shows it.
    """
    return Message.objects.filter(Q(operator_id=operator_id) | Q(operator_id=None))


def stopped_messages(operator_id: UUID) -> QuerySet[Message]:
    """Return those that were given up, or failed and wait for their next attempt; latest first."""
    failed = Q(state=MessageState.DEAD) | Q(state=MessageState.PENDING, last_error__gt="")
    return messages_of(operator_id).filter(failed).order_by("-created_at", "-id")
