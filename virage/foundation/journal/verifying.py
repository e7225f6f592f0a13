"""Verifying the journal: what was altered, removed, inserted, moved, or cut at the end."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass, fields
from datetime import datetime

from django.db import DatabaseError, connection
from django.db.models import Exists, OuterRef, QuerySet
from django.utils import timezone

from virage.foundation.journal.heads import FIRST, Head, heads
from virage.foundation.journal.keys import is_signed
from virage.foundation.journal.models import JournalEvent, JournalLine, JournalSeal
from virage.foundation.journal.rules import PERIOD, Block, digest_of
from virage.foundation.journal.sealing import rows_of

# What waits longer before it is sealed is told: a sealer was stopped, or kept from sealing.
LATE = 5 * PERIOD
# SQLite keeps an id and an instant as text. Written otherwise than we do, in capitals for instance,
# they read the same, so that the digest holds, but nobody who searches finds the row.
SPELLINGS = {"char(32)": "[0-9a-f]" * 32, "datetime": "0000-00-00 00:00:00*".replace("0", "[0-9]")}
# It also keeps any bytes in any column.
UNREADABLE = (DatabaseError, TypeError, ValueError)


@dataclass(frozen=True)
class Finding:
    """What does not hold, in French; or, when it `is_notice`, what a reader has to judge."""

    text: str
    is_notice: bool = False


def verify_journal(public_keys: Collection[str], kept: Collection[Head] = ()) -> Iterator[Finding]:
    """Return all that the journal, its seals and the heads written outside say against each other.

    `kept` are heads that somebody kept away from this machine. Reads every row once. Nothing tells
    what happened to an event before it was sealed: those that waited more than `LATE` are told.
    """
    outside: dict[int, str] = {}
    for place, one in enumerate(heads(), start=1):
        if one is None:
            yield Finding(f"La ligne {place} du fichier des têtes est illisible.", is_notice=True)
        else:
            outside[one.number] = one.head
    yield from _kept(kept)
    last = FIRST
    numbers = JournalSeal.objects.order_by("number").values_list("number", flat=True)
    for number in numbers.iterator():
        try:
            seal = JournalSeal.objects.get(number=number)
            found = [*_place(seal, last, outside), *_seal(seal, public_keys), *_rows(seal)]
        except UNREADABLE:
            yield Finding(f"Bloc {number} : son sceau a été modifié, et ne se lit plus.")
            continue
        yield from found
        if outside.get(seal.number, seal.head) != seal.head:
            yield Finding(f"Bloc {seal.number} : sa tête n’est pas celle écrite hors de la base.")
        last = Head(seal.number, seal.head)
    yield from _tail(last, outside)
    yield from _strays()
    yield from _hidden()


def _kept(kept: Collection[Head]) -> Iterator[Finding]:
    """Return which of the heads kept elsewhere are none of ours."""
    for one in kept:
        if not JournalSeal.objects.filter(number=one.number, head=one.head).exists():
            yield Finding(
                f"Le bloc {one.number} du journal n’est pas celui dont vous avez gardé la tête : "
                "le journal a été coupé ou réécrit."
            )


def _place(seal: JournalSeal, last: Head, outside: dict[int, str]) -> Iterator[Finding]:
    if seal.after != last.number:
        yield Finding(f"{_blocks(last.number + 1, seal.after)} : absent de la base.")
    elif not seal.reason and (seal.number, seal.previous) != (last.number + 1, last.head):
        yield Finding(f"Bloc {seal.number} : il ne suit pas celui qui le précède.")
    elif seal.reason and seal.previous != outside.get(seal.number - 1, last.head):
        yield Finding(f"Bloc {seal.number} : il ne suit pas la dernière tête écrite.")
    if seal.reason:
        yield Finding(
            f"Bloc {seal.number} : la chaîne reprend après le bloc {seal.after}, le "
            f"{_moment(seal.sealed_at)}. Motif : {seal.reason}",
            is_notice=True,
        )


def _blocks(first: int, last: int) -> str:
    return f"Bloc {first}" if first >= last else f"Blocs {first} à {last}"


def _seal(seal: JournalSeal, public_keys: Collection[str]) -> Iterator[Finding]:
    said = {each.name: getattr(seal, each.name) for each in fields(Block)}
    if Block(**said).head() != seal.head:
        yield Finding(f"Bloc {seal.number} : le sceau a été modifié.")
    if not is_signed(seal.head, seal.signature, public_keys):
        yield Finding(f"Bloc {seal.number} : la signature n’est pas celle de la clé du journal.")


def _rows(seal: JournalSeal) -> Iterator[Finding]:
    events = JournalEvent.objects.filter(seal=seal)
    counts = events.count(), JournalLine.objects.filter(event__in=events).count()
    named = zip(("évènement", "ligne"), counts, (seal.event_count, seal.line_count), strict=True)
    differing = [f"{now} {name}(s) au lieu de {then}" for name, now, then in named if now != then]
    if differing:
        yield Finding(f"Bloc {seal.number} : {', '.join(differing)}.")
    elif _digest(events) != seal.rows_sha256:
        yield Finding(
            f"Bloc {seal.number} : un évènement ou une ligne a été modifié (scellé le "
            f"{_moment(seal.sealed_at)})."
        )
    if late := events.filter(at__lt=seal.sealed_at - LATE).count():
        yield Finding(
            f"Bloc {seal.number} : {late} évènement(s) scellé(s) plus de "
            f"{LATE.seconds // 60} minutes après leur date.",
            is_notice=True,
        )


def _digest(events: QuerySet[JournalEvent]) -> str:
    """Return the digest of these events and of their lines; none when one cannot be read."""
    try:
        return digest_of(rows_of(events))
    except UNREADABLE:
        return ""


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
            f"{last.number}.",
            # The last ones may not have been written yet; that none is there is no accident.
            is_notice=end > 0 or last.number == 1,
        )


def _strays() -> Iterator[Finding]:
    late = JournalEvent.objects.filter(seal=None, at__lt=timezone.now() - LATE)
    if first := late.order_by("at").first():
        yield Finding(
            f"{late.count()} évènement(s) attendent un sceau, le premier depuis le "
            f"{_moment(first.at)} : le service de fond est-il en marche ?"
        )
    events = JournalEvent.objects.filter(pk=OuterRef("event_id"))
    if alone := JournalLine.objects.filter(~Exists(events)).count():
        yield Finding(f"{alone} ligne(s) ne se rattachent à aucun évènement.")
    seals = JournalSeal.objects.filter(pk=OuterRef("seal_id"))
    unsealed = JournalEvent.objects.filter(~Exists(seals), seal_id__isnull=False)
    if lost := unsealed.count():
        yield Finding(f"{lost} évènement(s) disent un bloc qui n’existe pas.")


def _hidden() -> Iterator[Finding]:
    """Return how many rows read as they were sealed, and are found by no search (`SPELLINGS`)."""
    if connection.vendor != "sqlite":
        return
    for model, name in ((JournalEvent, "évènement"), (JournalLine, "ligne")):
        columns = ((one.column, one.db_type(connection)) for one in model._meta.fields)
        spelt = [
            f"{column} NOT GLOB '{SPELLINGS[kind]}'"
            for column, kind in columns
            if kind in SPELLINGS
        ]
        with connection.cursor() as cursor:
            table, wrong = model._meta.db_table, " OR ".join(spelt)
            cursor.execute(f"SELECT count(*) FROM {table} WHERE {wrong}")  # noqa: S608
            (count,) = cursor.fetchone()
        if count:
            yield Finding(
                f"{count} {name}(s) : un numéro ou une date y est écrit autrement que par "
                "Virage, et aucune recherche ne les trouve."
            )


def _moment(at: datetime) -> str:
    return f"{timezone.localtime(at):%d/%m/%Y à %H:%M}"
