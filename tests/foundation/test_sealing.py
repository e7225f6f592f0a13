"""The sealed journal: what is changed, taken away, put in, moved or cut is found."""

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from django.utils import timezone

from tests.factories.town import Town, actor_of
from virage.foundation.access.actor import Actor
from virage.foundation.ids import new_id
from virage.foundation.journal import sealing
from virage.foundation.journal.keys import public_key
from virage.foundation.journal.models import JournalEvent, JournalLine, JournalSeal
from virage.foundation.journal.sealing import BrokenChain, seal_journal
from virage.foundation.journal.verifying import verify_journal
from virage.foundation.journal.writing import record_writes
from virage.foundation.outbox.actions import arm, drain
from virage.foundation.outbox.models import Message

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def kept_outside(settings: Any, tmp_path: Path) -> None:
    settings.JOURNAL_KEY = tmp_path / "keys" / "journal_key"
    settings.JOURNAL_HEADS = tmp_path / "journal.heads"


@pytest.fixture
def alice(town: Town) -> Actor:
    return actor_of(town.alice)


def written(actor: Actor, times: int = 1) -> None:
    """Journal as many writes, each in two records."""
    for _ in range(times):
        record_writes(actor, "note.write", {new_id(): {"care"}, new_id(): {"medical"}})


@pytest.fixture
def sealed(alice: Actor) -> None:
    """Three blocks of three events, after one for what made the town."""
    seal_journal()
    for _ in range(3):
        written(alice, 3)
        seal_journal()


def faults() -> list[str]:
    return [one.text for one in verify_journal([public_key()]) if not one.is_notice]


def event_of(block: int) -> JournalEvent:
    return JournalEvent.objects.filter(seal=block).order_by("id")[1]


def change_an_event() -> None:
    JournalEvent.objects.filter(pk=event_of(3).pk).update(actor_name="Personne d’autre")


def change_a_line() -> None:
    JournalLine.objects.filter(event__seal=3).update(volets="administrative")


def date_an_event_otherwise() -> None:
    moved = event_of(3)
    JournalEvent.objects.filter(pk=moved.pk).update(at=moved.at - timedelta(seconds=1))


def remove_an_event() -> None:
    removed = event_of(3)
    removed.lines.all().delete()
    removed.delete()


def remove_a_line() -> None:
    event_of(3).lines.all()[0].delete()


def insert_an_event() -> None:
    forged = event_of(3)
    forged.pk = new_id()
    forged.save(force_insert=True)


def insert_a_line() -> None:
    JournalLine.objects.create(event=event_of(3), subject_id=new_id())


def move_an_event() -> None:
    JournalEvent.objects.filter(pk=event_of(3).pk).update(seal=2)


def swap_two_events() -> None:
    one, other = JournalEvent.objects.filter(seal=3).order_by("id")[:2]
    for event, at in ((one, other.at), (other, one.at)):
        JournalEvent.objects.filter(pk=event.pk).update(at=at)


def unseal_an_event() -> None:
    JournalEvent.objects.filter(pk=event_of(3).pk).update(seal=None)


def change_a_seal() -> None:
    JournalSeal.objects.filter(pk=3).update(rows_sha256="0" * 64)


def remove_a_block() -> None:
    JournalLine.objects.filter(event__seal=3).delete()
    JournalEvent.objects.filter(seal=3).delete()
    JournalSeal.objects.filter(pk=3).delete()


TAMPERINGS = (
    *(change_an_event, change_a_line, date_an_event_otherwise, remove_an_event, remove_a_line),
    *(insert_an_event, insert_a_line, move_an_event, swap_two_events, unseal_an_event),
    *(change_a_seal, remove_a_block),
)


def test_an_untouched_journal_holds(sealed: None) -> None:
    assert JournalSeal.objects.count() == 4
    assert not JournalEvent.objects.filter(seal=None).exists()
    assert faults() == []


@pytest.mark.parametrize("tamper", TAMPERINGS)
def test_each_tampering_is_found(sealed: None, tamper: Callable[[], None]) -> None:
    tamper()
    found = faults()
    assert any("Bloc 3" in one or "Bloc 2" in one for one in found), found


@pytest.mark.skipif(connection.vendor != "sqlite", reason="elsewhere an id has a type of its own")
@pytest.mark.parametrize(
    "respelling",
    [
        "journal_journalline SET subject_id = upper(subject_id)",
        "journal_journalline SET subject_id = ' ' || substr(subject_id, 2)",
        "journal_journalevent SET professional_id = upper(professional_id)",
        "journal_journalevent SET at = replace(replace(at, '-', ''), ' ', 'T')",
    ],
)
def test_a_row_written_so_that_no_search_finds_it_is_found(sealed: None, respelling: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(f"UPDATE {respelling}")
    assert any("aucune recherche" in one for one in faults())


@pytest.mark.skipif(connection.vendor != "sqlite", reason="elsewhere a column has its type")
@pytest.mark.parametrize(
    "writing",
    [
        "journal_journalevent SET actor_name = CAST(x'ff41' AS text) WHERE seal_id = 3",
        "journal_journalline SET subject_id = 'x' WHERE event_id IN "
        "(SELECT id FROM journal_journalevent WHERE seal_id = 3)",
        "journal_journalline SET subject_id = x'ff' WHERE event_id IN "
        "(SELECT id FROM journal_journalevent WHERE seal_id = 3)",
        "journal_journalseal SET sealed_at = 'x' WHERE number = 3",
        "journal_journalseal SET head = CAST(x'ff41' AS text) WHERE number = 3",
    ],
)
def test_a_row_that_cannot_be_read_hides_nothing(sealed: None, writing: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(f"UPDATE {writing}")
    JournalEvent.objects.filter(pk=event_of(4).pk).update(action="note.read")
    found = faults()
    assert all(any(block in one for one in found) for block in ("Bloc 3", "Bloc 4")), found


def test_a_block_rewritten_with_its_head_is_found(sealed: None) -> None:
    """Whoever holds the database can compute heads; not sign them, nor change the file."""
    change_an_event()
    seal = JournalSeal.objects.get(pk=3)
    events = JournalEvent.objects.filter(seal=3)
    block = sealing.Block(
        **{name: getattr(seal, name) for name in sealing.Block.__dataclass_fields__}
        | {"rows_sha256": sealing.digest_of(sealing.rows_of(events))}
    )
    JournalSeal.objects.filter(pk=3).update(rows_sha256=block.rows_sha256, head=block.head())
    JournalSeal.objects.filter(pk=4).update(previous=block.head())
    found = " ".join(faults())
    assert "la signature n’est pas celle" in found
    assert "n’est pas celle écrite hors de la base" in found


def test_a_cut_tail_is_found_and_nothing_is_sealed_over_it(sealed: None, alice: Actor) -> None:
    for block in (4, 3):
        JournalLine.objects.filter(event__seal=block).delete()
        JournalEvent.objects.filter(seal=block).delete()
        JournalSeal.objects.filter(pk=block).delete()
    assert any("coupé à la fin" in one for one in faults())
    written(alice)
    with pytest.raises(BrokenChain):
        seal_journal()
    assert JournalEvent.objects.filter(seal=None).count() == 1
    seal_journal(restart_reason="Restauration de la copie du 3 mars")
    seal = JournalSeal.objects.latest("number")
    assert (seal.number, seal.event_count) == (5, 1)
    told = list(verify_journal([public_key()]))
    assert [one.text for one in told if not one.is_notice] == []
    assert any("Restauration de la copie du 3 mars" in one.text for one in told)


def test_what_was_erased_before_a_restart_is_found_after_it(sealed: None, alice: Actor) -> None:
    written(alice)
    seal_journal(restart_reason="Restauration")
    for block in (2, 3, 4):
        JournalLine.objects.filter(event__seal=block).delete()
        JournalEvent.objects.filter(seal=block).delete()
        JournalSeal.objects.filter(pk=block).delete()
    assert faults() == ["Blocs 2 à 4 : absent de la base."]


def test_a_last_block_rewritten_is_followed_from_outside(sealed: None, alice: Actor) -> None:
    JournalSeal.objects.filter(pk=4).update(head="0" * 64)
    written(alice)
    with pytest.raises(BrokenChain):
        seal_journal()
    seal_journal(restart_reason="Bloc 4 réécrit")
    assert not any(one.startswith("Bloc 5") for one in faults())


def test_a_lost_file_of_heads_is_not_made_again_in_silence(
    sealed: None, settings: Any, alice: Actor
) -> None:
    settings.JOURNAL_HEADS.unlink()
    assert any("s’arrêtent au bloc 0" in one for one in faults())
    written(alice)
    with pytest.raises(BrokenChain):
        seal_journal()


def test_a_lost_key_is_not_made_again_in_silence(sealed: None, settings: Any, alice: Actor) -> None:
    former = public_key()
    settings.JOURNAL_KEY.unlink()
    written(alice)
    with pytest.raises(BrokenChain, match="La clé.*disparu"):
        seal_journal()
    public_key()  # as verifying, or asking for it, does
    with pytest.raises(BrokenChain, match="n’est plus celle"):
        seal_journal()
    seal_journal(restart_reason="Disque remplacé")
    assert len(faults()) == 4
    told = verify_journal([former, public_key()])
    assert [one.text for one in told if not one.is_notice] == []


@pytest.mark.parametrize("left", [b"000000000004 0a", b"\0" * 78, b"\n", b""])
def test_heads_left_unwritten_are_written_next(
    sealed: None, settings: Any, alice: Actor, left: bytes
) -> None:
    lines = settings.JOURNAL_HEADS.read_bytes().splitlines(keepends=True)
    settings.JOURNAL_HEADS.write_bytes(b"".join(lines[:2]) + left)
    assert faults() == []
    seal_journal()
    assert settings.JOURNAL_HEADS.read_bytes() == b"".join(lines)


def test_a_disk_of_heads_that_fails_breaks_nothing(
    sealed: None, alice: Actor, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(_following: object) -> None:
        raise OSError("No space left on device")

    for _ in range(2):
        written(alice)
        with monkeypatch.context() as patched, pytest.raises(OSError, match="No space"):
            patched.setattr(sealing, "append", full)
            seal_journal()
    seal_journal()
    assert faults() == []
    assert JournalSeal.objects.count() == 6


def test_what_was_sealed_late_is_told_and_is_no_fault(sealed: None, alice: Actor) -> None:
    written(alice)
    JournalEvent.objects.filter(seal=None).update(at=timezone.now() - timedelta(hours=3))
    seal_journal()
    assert faults() == []
    told = [one.text for one in verify_journal([public_key()])]
    assert told == ["Bloc 5 : 1 évènement(s) scellé(s) plus de 5 minutes après leur date."]


def test_another_key_is_found(sealed: None) -> None:
    assert len(list(verify_journal(["00" * 32]))) == 4


def test_what_waits_too_long_is_told(alice: Actor) -> None:
    written(alice)
    JournalEvent.objects.update(at=timezone.now() - timedelta(minutes=6))
    assert any("attendent un sceau" in one for one in faults())


def test_a_large_journal_is_sealed_in_several_blocks(
    alice: Actor, monkeypatch: pytest.MonkeyPatch
) -> None:
    seal_journal()
    monkeypatch.setattr(sealing, "EVENTS_PER_BLOCK", 4)
    written(alice, 10)
    assert seal_journal() == 10
    sizes = JournalSeal.objects.filter(number__gt=1).order_by("number")
    assert list(sizes.values_list("event_count", "line_count")) == [(4, 8), (4, 8), (2, 4)]
    assert faults() == []


def test_the_worker_seals_every_minute(alice: Actor) -> None:
    written(alice)
    for _ in range(2):
        arm()
        drain()
    assert not JournalEvent.objects.filter(seal=None).exists()
    message = Message.objects.get(topic="journal.seal")
    assert message.state == "pending"
    wait = message.next_at - timezone.now()
    assert timedelta(seconds=50) < wait <= timedelta(minutes=1)
