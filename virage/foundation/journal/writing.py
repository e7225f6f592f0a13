"""Writing journal rows, for writes (in their own transaction) and for collected reads."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any
from uuid import UUID

from django.db import connection, models, transaction
from django.utils import timezone

from virage.foundation.access.actor import Actor
from virage.foundation.access.looking import require_own_place
from virage.foundation.journal.models import JournalEvent, JournalLine

EVENTS_AT_ONCE = 500
_is_past_told: ContextVar[bool] = ContextVar("journal_is_past_told", default=False)


@contextmanager
def telling_the_past() -> Iterator[None]:
    """Journal what is done inside at its actor's instant: a demonstration invents its past.

    Everywhere else the machine's clock alone dates the journal. Raises RuntimeError where there is
    a journal already.
    """
    if JournalEvent.objects.exists():
        raise RuntimeError("Le passé ne s’invente que dans une instance vide.")
    token = _is_past_told.set(True)
    try:
        yield
    finally:
        _is_past_told.reset(token)


def record(
    actor: Actor,
    action: str,
    *,
    target: models.Model | None = None,
    subject_ids: Iterable[UUID] = (),
    volet: str = "",
    detail: Mapping[str, Any] | None = None,
) -> JournalEvent:
    """Journal a write on one thing (see `record_writes`)."""
    volets = {volet} if volet else set()
    written = dict.fromkeys(subject_ids, volets)
    return record_writes(actor, action, written, target=target, detail=detail)


def record_writes(
    actor: Actor,
    action: str,
    volets_by_subject: Mapping[UUID, set[str]],
    *,
    target: models.Model | None = None,
    detail: Mapping[str, Any] | None = None,
) -> JournalEvent:
    """Journal a write in the records of these subjects, inside the transaction of that write.

    `detail` holds facts about the gesture (counts, states, codes), never a person's content.
    Refused under « Voir comme », which only reads. Raises RuntimeError outside a transaction.
    """
    _require_writing(actor)
    return write_event(
        actor, action, volets_by_subject, is_write=True, target=target, detail=dict(detail or {})
    )


def record_each(actor: Actor, written: Sequence[tuple[str, models.Model, dict[str, Any]]]) -> None:
    """Journal many writes that touch no record, an event each, in one statement for hundreds.

    Each is an action, its target and its detail. Refused and RuntimeError as in `record_writes`.
    """
    _require_writing(actor)
    events = [
        event_of(actor, action, {}, is_write=True, target=target, detail=detail)[0]
        for action, target, detail in written
    ]
    JournalEvent.objects.bulk_create(events, batch_size=EVENTS_AT_ONCE)


def _require_writing(actor: Actor) -> None:
    require_own_place(actor)
    if not connection.in_atomic_block:
        raise RuntimeError("Une écriture se journalise dans sa propre transaction.")


@transaction.atomic
def record_at_the_door(
    action: str,
    *,
    account_id: UUID | None,
    professional_id: UUID | None = None,
    operator_id: UUID | None = None,
    name: str = "",
    detail: Mapping[str, Any] | None = None,
) -> JournalEvent:
    """Journal what happens to an account where nobody acts in a situation: signing in, failing to.

    Its target is the account, if there is one. Nothing of an unknown address is kept.
    """
    event = JournalEvent(
        at=timezone.now(),
        operator_id=operator_id,
        account_id=account_id,
        professional_id=professional_id,
        actor_name=name,
        action=action,
        is_write=True,
        target_kind="directory.account" if account_id else "",
        target_id=account_id,
        detail=dict(detail or {}),
    )
    event.save(force_insert=True)
    return event


def write_event(
    actor: Actor,
    action: str,
    volets_by_subject: Mapping[UUID, set[str]],
    *,
    is_write: bool,
    target: models.Model | None = None,
    detail: dict[str, Any] | None = None,
) -> JournalEvent:
    """Insert one event and a line per subject, all or nothing."""
    event, lines = event_of(
        actor, action, volets_by_subject, is_write=is_write, target=target, detail=detail
    )
    with transaction.atomic():
        event.save(force_insert=True)
        JournalLine.objects.bulk_create(lines)
    return event


def event_of(
    actor: Actor,
    action: str,
    volets_by_subject: Mapping[UUID, set[str]],
    *,
    is_write: bool,
    target: models.Model | None = None,
    detail: dict[str, Any] | None = None,
) -> tuple[JournalEvent, list[JournalLine]]:
    """Return an event and its lines, a line per subject, to be inserted."""
    event = JournalEvent(
        at=actor.at if _is_past_told.get() else timezone.now(),
        operator_id=actor.operator_id,
        establishment_id=actor.itself.establishment_id,
        account_id=actor.account_id,
        membership_id=actor.membership_id,
        professional_id=actor.professional_id,
        actor_name=actor.display_name,
        profession=actor.itself.profession,
        action=action,
        is_write=is_write,
        purpose=actor.purpose,
        target_kind=target._meta.label_lower if target else "",
        target_id=target.pk if target else None,
        detail=detail or {},
    )
    lines = [
        JournalLine(event=event, subject_id=subject_id, volets=",".join(sorted(volets)))
        for subject_id, volets in volets_by_subject.items()
    ]
    return event, lines
