"""Posting to the outbox and delivering from it."""

import logging
import traceback
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import connection
from django.utils import timezone

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


def post(topic: str, *, key: str, operator_id: UUID, payload: Mapping[str, Any]) -> Message:
    """Write a message in the current transaction; the same key posted again changes nothing.

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
    """Take the oldest message due; the lease keeps other workers off while it is treated."""
    due = Message.objects.filter(state=MessageState.PENDING, next_at__lte=now)
    while message := due.order_by("next_at", "id").first():
        if due.filter(pk=message.pk).update(next_at=now + LEASE):
            return message
    return None


def _deliver(message: Message) -> None:
    try:
        _handlers[message.topic](message.payload)
    except Exception as error:
        _note_failure(message, error, timezone.now())
    else:
        message.state, message.done_at = MessageState.DONE, timezone.now()
        message.save(update_fields=["state", "done_at"])


def _note_failure(message: Message, error: Exception, now: datetime) -> None:
    """Plan the next attempt. The error's own text may quote a person's data: it is not kept."""
    frames = "".join(traceback.format_tb(error.__traceback__))
    logger.error("Message %s: %s\n%s", message.pk, type(error).__name__, frames)
    message.attempts += 1
    message.last_error = type(error).__name__
    message.next_at = now + delay_before(message.attempts + 1)
    if message.attempts >= MAX_ATTEMPTS:
        message.state = MessageState.DEAD
    message.save(update_fields=["attempts", "last_error", "next_at", "state"])
