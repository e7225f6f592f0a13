"""Files are addressed by what they contain, and say so when that changed."""

import hashlib
import os
import stat
import tracemalloc
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest

from virage.foundation.encryption import keys
from virage.foundation.encryption.models import DataKey
from virage.foundation.ids import new_id
from virage.foundation.storage import actions, envelope, files

pytestmark = pytest.mark.django_db
CONTENT = b"%PDF-1.7 compte rendu"
HOME, OTHER = new_id(), new_id()


def stored(settings: Any) -> list[Path]:
    return [path for path in settings.FILES.rglob("*") if path.is_file()]


def test_a_file_comes_back_by_its_digest() -> None:
    digest = files.put(CONTENT, HOME)
    assert digest == files.address_of(CONTENT, HOME) != hashlib.sha256(CONTENT).hexdigest()
    assert files.get(digest) == CONTENT


def test_the_same_content_is_stored_once_and_for_its_owner_alone(settings: Any) -> None:
    assert files.put(CONTENT, HOME) == files.put(CONTENT, HOME)
    (path,) = stored(settings)
    assert stat.S_IMODE(path.stat().st_mode) & 0o077 == 0
    assert files.put(b"", HOME) != files.put(CONTENT, HOME)


@pytest.mark.parametrize("left", [b"", b"VRGE\x01", b"nothing of ours"])
def test_a_file_damaged_since_is_stored_again(settings: Any, left: bytes) -> None:
    address = files.put(CONTENT, HOME)
    (path,) = stored(settings)
    path.write_bytes(left)
    assert files.put(CONTENT, HOME) == address
    assert files.get(address) == CONTENT


def test_two_that_store_at_once_leave_one_whole_file(settings: Any) -> None:
    content = CONTENT * 50_000
    files.address_of(content, HOME)  # the keys are known: threads ask the database for nothing
    with ThreadPoolExecutor(8) as threads:
        (digest,) = set(threads.map(lambda one: files.put(one, HOME), [content] * 16))
    assert files.get(digest) == content
    assert len(stored(settings)) == 1


def test_a_full_disk_leaves_nothing_behind(settings: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(descriptor: int) -> None:
        raise OSError("disque plein")

    monkeypatch.setattr("os.fsync", fail)
    with pytest.raises(OSError, match="plein"):
        files.put(b"jamais rang\xe9", HOME)
    assert stored(settings) == []


def test_nothing_on_the_disk_is_read_without_its_key(settings: Any) -> None:
    digest = files.put(CONTENT, HOME)
    (path,) = stored(settings)
    assert CONTENT[:8] not in path.read_bytes()
    DataKey.objects.all().delete()
    keys.forget()
    with pytest.raises(ValueError, match="clé"):
        files.get(digest)


def test_the_same_content_shows_no_likeness_between_operators(settings: Any) -> None:
    assert files.put(CONTENT, HOME) != files.put(CONTENT, OTHER)
    one, other = (path.read_bytes() for path in stored(settings))
    assert one[len(envelope.MAGIC) :][:16] != other[len(envelope.MAGIC) :][:16]
    assert one[-len(CONTENT) :] != other[-len(CONTENT) :]


SIZES = (0, 1, 10, 11, 20, 21, 35)


@pytest.mark.parametrize("size", SIZES)
def test_a_file_of_any_number_of_chunks_comes_back(
    monkeypatch: pytest.MonkeyPatch, size: int
) -> None:
    monkeypatch.setattr(envelope, "CHUNK_BYTES", 10)
    content = bytes(range(size))
    assert files.get(files.put(content, HOME)) == content


def test_no_byte_of_a_file_can_change_move_or_be_cut(
    settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(envelope, "CHUNK_BYTES", 10)
    digest = files.put(CONTENT, HOME)
    (path,) = stored(settings)
    whole = path.read_bytes()
    head, sealed = whole[: 5 + 16 + 32], whole[5 + 16 + 32 :]
    chunks = [sealed[place : place + 26] for place in range(0, len(sealed), 26)]
    altered = [
        whole[:place] + bytes([whole[place] ^ 1]) + whole[place + 1 :]
        for place in range(len(whole))
    ]
    altered += [whole[:place] for place in range(len(whole))]
    altered += [whole + b" ", whole + chunks[-1], head + b"".join(chunks[::-1])]
    altered += [head + b"".join([chunks[0], *chunks]), head + b"".join(chunks[1:]), CONTENT]
    for content in altered:
        path.write_bytes(content)
        with pytest.raises(ValueError, match="altéré|clé"):
            files.get(digest)


def test_a_file_put_at_the_address_of_another_does_not_open(settings: Any) -> None:
    mine = files.put(CONTENT, HOME)
    (path,) = stored(settings)
    other = files.put(CONTENT * 2, HOME)
    (place,) = (one for one in stored(settings) if one.name == other)
    place.write_bytes(path.read_bytes())
    assert files.get(mine) == CONTENT
    with pytest.raises(ValueError, match="altéré"):
        files.get(other)


def test_a_large_file_is_never_held_whole(tmp_path: Path) -> None:
    large = tmp_path / "large"
    with large.open("wb") as file:
        file.truncate(100 * 10**6)
    files.address_of(b"", HOME)
    tracemalloc.start()
    with large.open("rb") as file:
        digest = files.put(file, HOME)
    read = sum(len(piece) for piece in files.read(digest))
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert read == 100 * 10**6
    assert peak < 4 * 10**6


def test_a_file_left_in_clear_is_still_read_and_its_change_told(settings: Any) -> None:
    digest = hashlib.sha256(CONTENT).hexdigest()
    path = settings.FILES / digest[:2] / digest[2:4] / digest
    path.parent.mkdir(parents=True)
    path.write_bytes(CONTENT)
    assert files.get(digest) == CONTENT
    assert list(files.clear_files()) == [digest]
    path.write_bytes(CONTENT.upper())
    with pytest.raises(ValueError, match="altéré"):
        files.get(digest)


def test_an_absent_file_is_said_absent() -> None:
    with pytest.raises(FileNotFoundError):
        files.get("0" * 64)


@pytest.mark.parametrize(
    "address",
    [
        "",
        "../../etc/passwd",
        "0" * 63,
        "0" * 65,
        "A" * 64,
        "../" + "0" * 61,
        "/" + "0" * 63,
        "0" * 64 + "\n",
        "0" * 63 + "\x00",
        "0" * 63 + "٣",
    ],
)
def test_an_address_cannot_leave_the_folder(address: str) -> None:
    with pytest.raises(ValueError, match="illisible"):
        files.get(address)


def test_an_abandoned_file_that_is_stored_again_meanwhile_stays(
    settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """By a transaction that goes on: its row is not there to be seen yet."""
    address = files.put(CONTENT, HOME)
    (path,) = stored(settings)
    os.utime(path, (0, 0))
    with monkeypatch.context() as meanwhile:
        meanwhile.setattr(actions, "is_held", lambda one: files.put(CONTENT, HOME) != one)
        actions.remove_abandoned_files()
    assert files.get(address) == CONTENT
    actions.remove_abandoned_files()
    assert stored(settings) == [path]
    os.utime(path, (0, 0))
    actions.remove_abandoned_files()
    assert stored(settings) == []


def test_the_files_of_another_database_are_not_abandoned(settings: Any) -> None:
    files.put(CONTENT, HOME)
    (path,) = stored(settings)
    os.utime(path, (0, 0))
    DataKey.objects.all().delete()
    actions.remove_abandoned_files()
    assert stored(settings) == [path]
