"""Posting to the outbox and delivering from it."""

import logging
from collections.abc import Callable, Mapping, Sequence
from contextvars import ContextVar
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Any
from uuid import UUID

from django.db import connection, transaction
from django.db.models import Q, QuerySet
from django.utils import timezone

from virage.foundation.logs import failure_of
from virage.foundation.outbox.enums import MessageState, Priority
from virage.foundation.outbox.models import Message
from virage.foundation.outbox.rules import KEPT, LEASE, LONGEST_WAIT, MAX_ATTEMPTS, delay_before

# A handler loads what the payload names and calls one action. It may be called twice for the
# same message (a worker died after the action): the action recognises what is already done.
Handler = Callable[[Mapping[str, Any]], None]
logger = logging.getLogger(__name__)
_handlers: dict[str, Handler] = {}
_labels: dict[str, str] = {}
_periods: dict[str, timedelta] = {}
_treated: ContextVar[Message | None] = ContextVar("outbox_treated", default=None)
NO_PROGRESS = {"progress_label": "", "progress_done": 0, "progress_total": 0}


def register(topic: str, handler: Handler, *, label: str, every: timedelta | None = None) -> None:
    """Declare, once and from `apps.ready()`, what treats the messages of a topic.

    `label` names the work in French. With a period, the topic has one message, which comes back
    for ever (see `arm`).
    """
    _handlers[topic] = handler
    _labels[topic] = label
    if every:
        _periods[topic] = every


def label_of(topic: str) -> str:
    """Return the name of a work in French; the topic itself, if nobody treats it any longer."""
    return _labels.get(topic, topic)


def post(
    topic: str,
    *,
    key: str,
    operator_id: UUID | None,
    payload: Mapping[str, Any],
    priority: Priority = Priority.NORMAL,
) -> Message:
    """Write a message in the current transaction; the same key posted again changes nothing.

    `operator_id` says whose data it is about, if any.

    Raises RuntimeError outside a transaction.
    """
    if not connection.in_atomic_block:
        raise RuntimeError("Un message se poste dans la transaction de sa donnée.")
    message, _ = Message.objects.get_or_create(
        key=key,
        defaults={
            "topic": topic,
            "operator_id": operator_id,
            "payload": dict(payload),
            "priority": priority,
        },
    )
    return message


def one_at_a_time(addresses: Sequence[str]) -> list[str]:
    """Return the one address that the message being treated writes to.

    The first time none, but each is given a message of its own: an address that the relay refuses
    keeps nobody else from being told, and no one is told again because of another.
    """
    message = _treated.get()
    if message is None:
        return list(addresses)
    if "address" in message.payload:
        return [message.payload["address"]]
    with transaction.atomic():
        for address in addresses:
            post(
                message.topic,
                key=f"{message.key}:{sha256(address.encode()).hexdigest()[:16]}",
                operator_id=message.operator_id,
                payload=message.payload | {"address": address},
            )
    return []


def take_up_again(message: Message) -> bool:
    """Have a message that was given up, or waits for its next attempt, treated now.

    Returns False, changing nothing, when it is done or being treated. The caller judges the right.
    """
    return bool(take_all_up_again(Message.objects.filter(pk=message.pk)))


def take_all_up_again(messages: QuerySet[Message]) -> int:
    """Do so for each of these messages; return how many."""
    stopped = messages.filter(
        Q(state=MessageState.DEAD) | Q(state=MessageState.PENDING, last_error__gt="")
    )
    again = {"state": MessageState.PENDING, "attempts": 0, "next_at": timezone.now()}
    return stopped.update(**again, last_error="")


def tell_progress(label: str, done: int = 0, total: int = 0) -> None:
    """Say how far the message being treated has come; its lease begins anew.

    Called by a handler between two transactions, for others see nothing of it before the end of
    one; outside any handler it does nothing. Raises RuntimeError when another worker has taken the
    message since: this one stops there.
    """
    message = _treated.get()
    if message is None:
        return
    held, next_at = _held(message), timezone.now() + LEASE
    told = {"progress_label": label, "progress_done": done, "progress_total": total}
    if not held.update(**told, next_at=next_at):
        raise RuntimeError("Un autre processus a repris ce message.")
    message.next_at = next_at


def arm() -> None:
    """Write the message of each topic that comes back regularly, where there is none yet.

    What waits for longer than anything may was dated by a clock that was ahead: it is due now.
    """
    for topic in _periods:
        Message.objects.get_or_create(
            key=topic, defaults={"topic": topic, "priority": Priority.URGENT}
        )
    now = timezone.now()
    ahead = ~Q(topic__in=_periods) & Q(next_at__gt=now + LONGEST_WAIT)
    for topic, every in _periods.items():
        # Further than a worker that took it a moment after this `now` may have put it.
        ahead |= Q(topic=topic, next_at__gt=now + every + LEASE)
    late = Message.objects.filter(ahead, state=MessageState.PENDING)
    if late.exists():
        late.update(next_at=now)


def forget_done(payload: Mapping[str, Any]) -> None:
    """Erase what was done long ago (`KEPT`); what was given up stays until someone judges it."""
    long_ago = timezone.now() - KEPT
    Message.objects.filter(state=MessageState.DONE, done_at__lt=long_ago).delete()


def drain(is_asked_to_stop: Callable[[], bool] = lambda: False) -> int:
    """Deliver every message due, urgent ones then oldest first; return how many were tried.

    Asked to stop, it ends with the message that it is treating.
    """
    tried = 0
    while not is_asked_to_stop() and (message := _claim(timezone.now())):
        _deliver(message)
        tried += 1
    return tried


def _claim(now: datetime) -> Message | None:
    """Take the first message due; the lease keeps other workers off while it is treated.

    The attempt is counted here: a file that kills its worker each time is given up too.
    """
    due = Message.objects.filter(state=MessageState.PENDING, next_at__lte=now)
    while message := due.order_by("priority", "next_at", "id").first():
        if message.attempts >= MAX_ATTEMPTS and message.topic not in _periods:
            due.filter(pk=message.pk).update(state=MessageState.DEAD)
            continue
        message.next_at, message.attempts = now + LEASE, message.attempts + 1
        # While it is treated, nothing says that it stopped.
        taken = {"next_at": message.next_at, "attempts": message.attempts, "last_error": ""}
        if due.filter(pk=message.pk).update(**taken):
            return message
    return None


def _deliver(message: Message) -> None:
    token = _treated.set(message)
    try:
        _handlers[message.topic](message.payload)
    except Exception as error:
        _note_failure(message, error, timezone.now())
    else:
        _note_success(message, timezone.now())
    finally:
        _treated.reset(token)


def _held(message: Message) -> QuerySet[Message]:
    """Return the message while its lease is ours: another worker may have taken it since."""
    return Message.objects.filter(pk=message.pk, next_at=message.next_at)


def _note_success(message: Message, now: datetime) -> None:
    done = {"state": MessageState.DONE, "done_at": now, **NO_PROGRESS}
    if every := _periods.get(message.topic):
        done |= {"state": MessageState.PENDING, "next_at": now + every, "attempts": 0}
        done |= {"last_error": ""}
    _held(message).update(**done)


def _note_failure(message: Message, error: Exception, now: datetime) -> None:
    """Plan the next attempt. The error's own text may quote a person's data: it is not kept."""
    logger.error("Message %s\n%s", message.pk, failure_of(error))
    again: dict[str, Any] = {"next_at": now + delay_before(message.attempts + 1), **NO_PROGRESS}
    if every := _periods.get(message.topic):
        again |= {"next_at": now + every, "attempts": 0}
    elif message.attempts >= MAX_ATTEMPTS:
        again["state"] = MessageState.DEAD
    _held(message).update(**again, last_error=type(error).__name__)
