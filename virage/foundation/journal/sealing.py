"""Sealing the journal: the events that wait are closed in blocks, each tied to the one before."""

from collections.abc import Iterator
from typing import Any

from django.db import connection, transaction
from django.db.models import QuerySet
from django.utils import timezone

from virage.foundation.journal.heads import FIRST, Head, append, last_head, start
from virage.foundation.journal.keys import sign
from virage.foundation.journal.models import JournalEvent, JournalLine, JournalSeal
from virage.foundation.journal.rules import GENESIS, Block, digest_of

# Few enough for the lock to last well under a second.
EVENTS_PER_BLOCK = 2_000
EVENT_COLUMNS = tuple(field.attname for field in JournalEvent._meta.fields if field.name != "seal")
LINE_COLUMNS = tuple(field.attname for field in JournalLine._meta.fields)


class BrokenChain(Exception):
    """The database does not follow the heads written outside it: nothing more is sealed on it.

    Its text says so in French. It was cut, rewritten, or restored from an older copy: whoever knows
    which starts the chain again, with a reason (`virage journal seal --restart`).
    """


def seal_journal(*, restart_reason: str = "") -> int:
    """Seal every event that waits; return how many. One sealer at a time, others wait.

    Raises BrokenChain when the last block here is not the last head written outside, unless a
    reason is given to go on from there.
    """
    sealed = 0
    while block := _seal_block(restart_reason):
        append(Head(one.number, one.head) for one in _blocks_to_write())
        sealed += block.event_count
        restart_reason = ""
    return sealed


def break_of_chain() -> str:
    """Return in French why nothing more can be sealed; empty when all can."""
    try:
        _follow("")
    except BrokenChain as broken:
        return str(broken)
    return ""


def rows_of(events: QuerySet[JournalEvent]) -> Iterator[tuple[Any, ...]]:
    """Return the rows of these events and of their lines, in the order in which they are sealed."""
    yield from ((JournalEvent.__name__, *row) for row in _in_order(events, EVENT_COLUMNS))
    lines = JournalLine.objects.filter(event__in=events)
    yield from ((JournalLine.__name__, *row) for row in _in_order(lines, LINE_COLUMNS))


def _in_order(rows: QuerySet[Any], columns: tuple[str, ...]) -> Iterator[tuple[Any, ...]]:
    yield from rows.order_by("id").values_list(*columns).iterator()


@transaction.atomic
def _seal_block(restart_reason: str) -> JournalSeal | None:
    """Seal the oldest events that wait, at most `EVENTS_PER_BLOCK`; None when none does."""
    _lock()
    number, previous = _follow(restart_reason)
    waiting = JournalEvent.objects.filter(seal=None).order_by("id")
    ids = list(waiting.values_list("pk", flat=True)[:EVENTS_PER_BLOCK])
    if not ids and not restart_reason:
        return None
    if previous == GENESIS:
        start()
    events = JournalEvent.objects.filter(pk__in=ids)
    rows = list(rows_of(events))
    block = Block(
        number=number,
        sealed_at=timezone.now(),
        event_count=len(ids),
        line_count=len(rows) - len(ids),
        rows_sha256=digest_of(rows),
        previous=previous,
        reason=restart_reason,
    )
    head = block.head()
    seal = JournalSeal.objects.create(**vars(block), head=head, signature=sign(head))
    events.update(seal=seal)
    return seal


def _lock() -> None:
    """Keep other sealers out until the transaction ends; SQLite lets one write at a time anyway."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            table = connection.ops.quote_name(JournalSeal._meta.db_table)
            cursor.execute(f"LOCK TABLE {table} IN SHARE ROW EXCLUSIVE MODE")


def _follow(restart_reason: str) -> tuple[int, str]:
    """Return the number of the next block and the head that it follows."""
    last = JournalSeal.objects.order_by("-number").first()
    outside = last_head()
    if restart_reason:
        known = [Head(one.number, one.head) for one in (last, outside) if one]
        after = max(known, key=lambda one: one.number, default=FIRST)
        return after.number + 1, after.head
    here = Head(last.number, last.head) if last else FIRST
    if outside is None:
        if last:
            raise BrokenChain("Le fichier des têtes du journal a disparu.")
    elif here.number - outside.number > 1:
        # A crash leaves one head unwritten, no more.
        raise BrokenChain(f"Le fichier des têtes du journal s’arrête au bloc {outside.number}.")
    elif outside != FIRST and not _is_here(outside):
        raise BrokenChain(
            f"Le bloc {outside.number} du journal n’est pas celui qui est écrit hors de la base : "
            "elle a été coupée, réécrite ou restaurée d’une copie plus ancienne."
        )
    return here.number + 1, here.head


def _is_here(outside: Head) -> bool:
    return JournalSeal.objects.filter(number=outside.number, head=outside.head).exists()


def _blocks_to_write() -> QuerySet[JournalSeal]:
    outside = last_head()
    written = outside.number if outside else 0
    return JournalSeal.objects.filter(number__gt=written).order_by("number")
