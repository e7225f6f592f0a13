"""Sealing the journal: the events that wait are closed in blocks, each tied to the one before."""

from collections.abc import Iterator
from typing import Any

from django.db import connection, transaction
from django.db.models import QuerySet
from django.utils import timezone

from virage.foundation.journal.heads import FIRST, Head, append, last_head, start
from virage.foundation.journal.keys import has_key, is_signed, public_key, sign
from virage.foundation.journal.models import JournalEvent, JournalLine, JournalSeal
from virage.foundation.journal.rules import GENESIS, Block, digest_of

# Few enough for the lock to last well under a second.
EVENTS_PER_BLOCK = 2_000
EVENT_COLUMNS = tuple(field.attname for field in JournalEvent._meta.fields if field.name != "seal")
NO_HEADS = (
    "Le fichier des têtes du journal a disparu. Si une autre machine le tient, rien n’est perdu"
    "\u00a0: donnez-le à lire ici (VIRAGE_JOURNAL_HEADS), et ne reprenez pas la chaîne."
)
LINE_COLUMNS = tuple(field.attname for field in JournalLine._meta.fields)


class BrokenChain(Exception):
    """The database does not follow the heads written outside it: nothing more is sealed on it.

    Its text says so in French. It was cut, rewritten, or restored from an older copy: whoever knows
    which starts the chain again, with a reason (`virage journal seal --restart`).
    """


def seal_journal(*, restart_reason: str = "") -> int:
    """Seal every event that waits; return how many. One sealer at a time, others wait.

    Raises BrokenChain when the last head written outside is none of ours, unless a reason is given
    to go on from there; OSError, sealing nothing more, when heads cannot be written.
    """
    if not restart_reason:
        _require_whole()
        _write_heads()
    sealed = 0
    while block := _seal_block(restart_reason):
        _write_heads()
        sealed += block.event_count
        restart_reason = ""
    return sealed


def break_of_chain() -> str:
    """Return in French why nothing more can be sealed; empty when all can."""
    try:
        _require_whole()
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
    if not restart_reason:
        _require_whole()
    here = _last_here()
    follows = _last_known(here) if restart_reason else here
    waiting = JournalEvent.objects.filter(seal=None).order_by("id")
    ids = list(waiting.values_list("pk", flat=True)[:EVENTS_PER_BLOCK])
    if not ids and not restart_reason:
        return None
    if follows.head == GENESIS:
        start()
    events = JournalEvent.objects.filter(pk__in=ids)
    rows = list(rows_of(events))
    block = Block(
        number=follows.number + 1,
        after=here.number,
        sealed_at=timezone.now(),
        event_count=len(ids),
        line_count=len(rows) - len(ids),
        rows_sha256=digest_of(rows),
        previous=follows.head,
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


def _last_here() -> Head:
    last = JournalSeal.objects.order_by("-number").first()
    return Head(last.number, last.head) if last else FIRST


def _last_known(here: Head) -> Head:
    """Return the last head, wherever it is written; of one number, the one written outside."""
    return max(last_head() or FIRST, here, key=lambda one: one.number)


def _require_whole() -> None:
    """Raise BrokenChain unless the last head written outside is ours, and the key that of the last.

    Heads that miss at the end of the file are no break: a crash, or a full disk, left them there.
    """
    last, outside = JournalSeal.objects.order_by("-number").first(), last_head()
    if last is None and outside in (None, FIRST):
        return
    if outside is None:
        raise BrokenChain(NO_HEADS)
    if not has_key():
        raise BrokenChain("La clé qui signe les sceaux du journal a disparu.")
    if last and not is_signed(last.head, last.signature, [public_key()]):
        raise BrokenChain(
            "La clé qui signe les sceaux du journal n’est plus celle du dernier bloc."
        )
    ours = JournalSeal.objects.filter(number=outside.number, head=outside.head)
    if outside != FIRST and not ours.exists():
        raise BrokenChain(
            f"Le bloc {outside.number} du journal n’est pas celui qui est écrit hors de la "
            "base : elle a été coupée, réécrite ou restaurée d’une copie plus ancienne."
        )


def _write_heads() -> None:
    outside = last_head()
    written = outside.number if outside else 0
    missing = JournalSeal.objects.filter(number__gt=written).order_by("number")
    if missing.exists():
        append(Head(one.number, one.head) for one in missing)
