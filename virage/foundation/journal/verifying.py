"""Verifying the journal: what was altered, removed, inserted, moved, or cut at the end."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from django.conf import settings
from django.db.models import Exists, OuterRef, QuerySet
from django.utils import timezone

from virage.foundation.journal.heads import Head, heads
from virage.foundation.journal.keys import is_signed
from virage.foundation.journal.models import JournalEvent, JournalLine, JournalSeal
from virage.foundation.journal.rules import GENESIS, LONGEST_TRANSACTION, PERIOD, Block, digest_of
from virage.foundation.journal.sealing import rows_of

# A sealer that is late by more than this is stopped, or kept from sealing.
LATE = 5 * PERIOD


@dataclass(frozen=True)
class Finding:
    """What does not hold, in French. What was declared (`is_declared`) is no fault: a restart."""

    text: str
    is_declared: bool = False


def verify_journal(public_key: str) -> Iterator[Finding]:
    """Return all that the journal, its seals and the heads written outside say against each other.

    Reads every row once. Nothing tells what happened to events before they were sealed, which
    waits a minute while a worker runs.
    """
    outside = dict(_outside())
    last = Head(0, GENESIS)
    former: JournalSeal | None = None
    for seal in JournalSeal.objects.order_by("number").iterator():
        yield from _place(seal, last, outside)
        yield from _seal(seal, public_key)
        yield from _rows(seal, former)
        if outside.get(seal.number, seal.head) != seal.head:
            yield Finding(f"Bloc {seal.number} : sa tête n’est pas celle écrite hors de la base.")
        last, former = Head(seal.number, seal.head), seal
    yield from _tail(last, outside)
    yield from _strays()


def _outside() -> Iterator[tuple[int, str]]:
    yield from ((one.number, one.head) for one in heads())


def _place(seal: JournalSeal, last: Head, outside: dict[int, str]) -> Iterator[Finding]:
    follows = outside.get(seal.number - 1, last.head) if seal.reason else last.head
    if seal.previous != follows:
        yield Finding(f"Bloc {seal.number} : il ne suit pas celui qui le précède.")
    if seal.reason:
        yield Finding(
            f"Bloc {seal.number} : la chaîne reprend après le bloc {last.number}, le "
            f"{_moment(seal.sealed_at)}. Motif : {seal.reason}",
            is_declared=True,
        )
    elif seal.number != last.number + 1:
        missing = (
            f"Bloc {last.number + 1}"
            if seal.number == last.number + 2
            else (f"Blocs {last.number + 1} à {seal.number - 1}")
        )
        yield Finding(f"{missing} : absent de la base.")


def _seal(seal: JournalSeal, public_key: str) -> Iterator[Finding]:
    names = Block.__dataclass_fields__
    if Block(**{name: getattr(seal, name) for name in names}).head() != seal.head:
        yield Finding(f"Bloc {seal.number} : le sceau a été modifié.")
    if not is_signed(seal.head, seal.signature, public_key):
        yield Finding(f"Bloc {seal.number} : la signature n’est pas celle de la clé du journal.")


def _rows(seal: JournalSeal, former: JournalSeal | None) -> Iterator[Finding]:
    events = JournalEvent.objects.filter(seal=seal)
    counts = events.count(), JournalLine.objects.filter(event__in=events).count()
    what = ("événement", "ligne")
    differing = [
        f"{now} {name}(s) au lieu de {then}"
        for name, now, then in zip(what, counts, (seal.event_count, seal.line_count), strict=True)
        if now != then
    ]
    if differing:
        yield Finding(f"Bloc {seal.number} : {', '.join(differing)}.")
    elif digest_of(rows_of(events)) != seal.rows_sha256:
        yield Finding(
            f"Bloc {seal.number} : un événement ou une ligne a été modifié (scellé le "
            f"{_moment(seal.sealed_at)})."
        )
    # A demonstration invents its past.
    if former and not settings.IS_DEMO and (late := _put_in_afterwards(events, former.sealed_at)):
        yield Finding(
            f"Bloc {seal.number} : {late} événement(s) daté(s) d’avant le bloc qui le précède."
        )


def _put_in_afterwards(events: QuerySet[JournalEvent], former_at: datetime) -> int:
    return events.filter(at__lt=former_at - LONGEST_TRANSACTION).count()


def _tail(last: Head, outside: dict[int, str]) -> Iterator[Finding]:
    end = max(outside, default=0)
    if end > last.number:
        yield Finding(
            f"Le journal est coupé à la fin : il s’arrête au bloc {last.number}, les têtes écrites "
            f"hors de la base vont au {end}."
        )
    if end < last.number:
        yield Finding(
            f"Les têtes écrites hors de la base s’arrêtent au bloc {end}, le journal va au "
            f"{last.number}."
        )


def _strays() -> Iterator[Finding]:
    late = JournalEvent.objects.filter(seal=None, at__lt=timezone.now() - LATE)
    if waiting := late.count():
        first = late.order_by("at").first()
        since = f" depuis le {_moment(first.at)}" if first else ""
        yield Finding(f"{waiting} événement(s) attendent un sceau{since} : le service est arrêté ?")
    events = JournalEvent.objects.filter(pk=OuterRef("event_id"))
    if alone := JournalLine.objects.filter(~Exists(events)).count():
        yield Finding(f"{alone} ligne(s) ne se rattachent à aucun événement.")
    seals = JournalSeal.objects.filter(pk=OuterRef("seal_id"))
    unsealed = JournalEvent.objects.filter(~Exists(seals), seal_id__isnull=False)
    if lost := unsealed.count():
        yield Finding(f"{lost} événement(s) disent un bloc qui n’existe pas.")


def _moment(at: datetime) -> str:
    return f"{timezone.localtime(at):%d/%m/%Y à %H:%M}"
