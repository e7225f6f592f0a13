"""The request collector: queries say whose content they returned, and one event is written."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field, replace
from uuid import UUID

from virage.foundation.access.actor import Actor
from virage.foundation.journal.writing import write_event


@dataclass
class Collector:
    """What has been shown since the request, the job or the command began.

    `action` is the last one said: a page opens the record, then what it is about. `purpose`
    says why, where the actor's own does not.
    """

    actor: Actor | None = None
    action: str = ""
    purpose: str = ""
    volets_by_subject: dict[UUID, set[str]] = field(default_factory=dict)


_current: ContextVar[Collector | None] = ContextVar("journal_collector", default=None)


def saw(actor: Actor, action: str, subject_ids: Iterable[UUID], volets: Iterable[str] = ()) -> None:
    """Register that the actor was given content of these subjects.

    Raises RuntimeError outside a request, a job or a command that journals: content is never
    read where nobody would write it down.
    """
    collector = _current.get()
    if collector is None:
        raise RuntimeError("Lecture hors du journal : ouvrez `collecting_reads()` d’abord.")
    collector.actor = actor
    collector.action = action
    seen = set(volets)
    for subject_id in subject_ids:
        collector.volets_by_subject.setdefault(subject_id, set()).update(seen)


def because(purpose: str) -> None:
    """Say why all that is read here is read, for the journal."""
    if collector := _current.get():
        collector.purpose = purpose


def forget_reads() -> None:
    """Drop what was registered so far: nothing of it is shown after all."""
    if collector := _current.get():
        collector.volets_by_subject.clear()


@contextmanager
def collecting_reads() -> Iterator[Collector]:
    """Collect what is read inside, then journal it in one event; nothing is shown if that fails."""
    collector = Collector()
    token = _current.set(collector)
    try:
        yield collector
    finally:
        _current.reset(token)
    if collector.actor and collector.volets_by_subject:
        actor = collector.actor
        if collector.purpose:
            actor = replace(actor, purpose=collector.purpose)
        write_event(actor, collector.action, collector.volets_by_subject, is_write=False)
