"""Posting to the outbox and delivering from it."""

import logging
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import connection
from django.db.models import QuerySet
from django.utils import timezone

from virage.foundation.logs import failure_of
from virage.foundation.outbox.enums import MessageState
from virage.foundation.outbox.models import Message
from virage.foundation.outbox.rules import LEASE, MAX_ATTEMPTS, delay_before

# A handler loads what the payload names and calls one action. It may be called twice for the
# same message (a worker died after the action): the action recognises what is already done.
Handler = Callable[[Mapping[str, Any]], None]
logger = logging.getLogger(__name__)
_handlers: dict[str, Handler] = {}


def register(topic: str, handler: Handler) -> None:
    """Declare, once and from `apps.ready()`, what treats the messages of a topic."""
    _handlers[topic] = handler


def post(topic: str, *, key: str, operator_id: UUID | None, payload: Mapping[str, Any]) -> Message:
    """Write a message in the current transaction; the same key posted again changes nothing.

    `operator_id` says whose data it is about, if any.

    Raises RuntimeError outside a transaction.
    """
    if not connection.in_atomic_block:
        raise RuntimeError("Un message se poste dans la transaction de sa donnée.")
    message, _ = Message.objects.get_or_create(
        key=key, defaults={"topic": topic, "operator_id": operator_id, "payload": dict(payload)}
    )
    return message


def drain() -> int:
    """Deliver every message that is due, oldest first; return how many were tried."""
    tried = 0
    while message := _claim(timezone.now()):
        _deliver(message)
        tried += 1
    return tried


def _claim(now: datetime) -> Message | None:
    """Take the oldest message due; the lease keeps other workers off while it is treated.

    The attempt is counted here: a file that kills its worker each time is given up too.
    """
    due = Message.objects.filter(state=MessageState.PENDING, next_at__lte=now)
    due.filter(attempts__gte=MAX_ATTEMPTS).update(state=MessageState.DEAD)
    while message := due.order_by("next_at", "id").first():
        message.next_at, message.attempts = now + LEASE, message.attempts + 1
        taken = {"next_at": message.next_at, "attempts": message.attempts}
        if due.filter(pk=message.pk).update(**taken):
            return message
    return None


def _deliver(message: Message) -> None:
    try:
        _handlers[message.topic](message.payload)
    except Exception as error:
        _note_failure(message, error, timezone.now())
    else:
        _held(message).update(state=MessageState.DONE, done_at=timezone.now())


def _held(message: Message) -> QuerySet[Message]:
    """Return the message while its lease is ours: another worker may have taken it since."""
    return Message.objects.filter(pk=message.pk, next_at=message.next_at)


def _note_failure(message: Message, error: Exception, now: datetime) -> None:
    """Plan the next attempt. The error's own text may quote a person's data: it is not kept."""
    logger.error("Message %s\n%s", message.pk, failure_of(error))
    is_last = message.attempts >= MAX_ATTEMPTS
    _held(message).update(
        state=MessageState.DEAD if is_last else MessageState.PENDING,
        last_error=type(error).__name__,
        next_at=now + delay_before(message.attempts + 1),
    )
