"""Posting to the outbox and delivering from it."""

import logging
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
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
_periods: dict[str, timedelta] = {}


def register(topic: str, handler: Handler, *, every: timedelta | None = None) -> None:
    """Declare, once and from `apps.ready()`, what treats the messages of a topic.

    With a period, the topic has one message, which comes back for ever (see `arm`).
    """
    _handlers[topic] = handler
    if every:
        _periods[topic] = every


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


def arm() -> None:
    """Write the message of each topic that comes back regularly, where there is none yet."""
    for topic in _periods:
        Message.objects.get_or_create(key=topic, defaults={"topic": topic})


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
    worn = due.filter(attempts__gte=MAX_ATTEMPTS).exclude(topic__in=_periods)
    worn.update(state=MessageState.DEAD)
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
        _note_success(message, timezone.now())


def _held(message: Message) -> QuerySet[Message]:
    """Return the message while its lease is ours: another worker may have taken it since."""
    return Message.objects.filter(pk=message.pk, next_at=message.next_at)


def _note_success(message: Message, now: datetime) -> None:
    done = {"state": MessageState.DONE, "done_at": now}
    if every := _periods.get(message.topic):
        done |= {"state": MessageState.PENDING, "next_at": now + every, "attempts": 0}
        done |= {"last_error": ""}
    _held(message).update(**done)


def _note_failure(message: Message, error: Exception, now: datetime) -> None:
    """Plan the next attempt. The error's own text may quote a person's data: it is not kept."""
    logger.error("Message %s\n%s", message.pk, failure_of(error))
    every = _periods.get(message.topic)
    is_last = every is None and message.attempts >= MAX_ATTEMPTS
    _held(message).update(
        state=MessageState.DEAD if is_last else MessageState.PENDING,
        last_error=type(error).__name__,
        next_at=now + (every or delay_before(message.attempts + 1)),
    )
