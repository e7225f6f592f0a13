"""An archive opens whole or not at all, and its names lead nowhere else."""

import io
import tarfile
from contextlib import nullcontext
from datetime import UTC, datetime
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pyrage
import pytest
from hypothesis import given
from hypothesis import strategies as st

from virage.foundation.backup import archive, database
from virage.foundation.backup.making import make_backup
from virage.foundation.backup.rules import BackupFault, is_place, name_at, outdated
from virage.settings.database import database_from_url

OWNER = pyrage.x25519.Identity.generate()
STRANGER = pyrage.x25519.Identity.generate()
SAID: dict[str, Any] = {
    "virage": "1",
    "made_at": datetime(2026, 11, 28, tzinfo=UTC),
    "vendor": "sqlite3",
    "migrations": [],
    "rows": {},
    "journal_number": 0,
    "journal_head": "",
}


INSTANTS = st.integers(0, 4 * 10**9).map(lambda second: datetime.fromtimestamp(second, UTC))


@pytest.fixture
def members(tmp_path: Path) -> dict[str, bytes]:
    # Larger than a block of age, and as large as one of tar.
    contents = {"database": b"d" * 200_000, "files/ab/cd/abcd": b"", "keys/journal_key": b"k" * 512}
    for name, content in contents.items():
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
    return contents


@pytest.fixture
def made(tmp_path: Path, members: dict[str, bytes]) -> Path:
    path = tmp_path / "made"
    places = [(name, tmp_path / name) for name in members]
    archive.write_archive(path, places, SAID, [OWNER.to_public()])
    return path


def refusal(path: Path, opens: Any = OWNER) -> str:
    placed: list[str] = []
    with pytest.raises(BackupFault) as refused:
        archive.read_archive(path, [opens], lambda name: placed.append(name) or None)  # type: ignore[func-returns-value]
    assert all(map(is_place, placed))
    return str(refused.value)


def test_what_was_written_is_read(made: Path, members: dict[str, bytes]) -> None:
    read: dict[str, io.BytesIO] = {}
    manifest = archive.read_archive(
        made, [OWNER], lambda name: nullcontext(read.setdefault(name, io.BytesIO()))
    )
    assert {name: file.getvalue() for name, file in read.items()} == members
    assert {name: one.bytes for name, one in manifest.members.items()} == {
        name: len(content) for name, content in members.items()
    }


def test_another_key_does_not_open_it(made: Path) -> None:
    assert refusal(made, STRANGER) == archive.WRONG_KEY


def test_one_cut_anywhere_is_refused(made: Path) -> None:
    whole = made.read_bytes()
    for kept in (0, 10, 150, *range(300, len(whole), 9_973), len(whole) - 1):
        made.write_bytes(whole[:kept])
        assert refusal(made) in (archive.ALTERED, archive.NOT_OURS)


def test_one_changed_anywhere_is_refused(made: Path) -> None:
    whole = made.read_bytes()
    for place in range(0, len(whole), 9_973):
        changed = bytearray(whole)
        changed[place] ^= 1
        made.write_bytes(changed)
        assert refusal(made)
    made.write_bytes(whole + b"x")
    assert refusal(made) == archive.ALTERED


@pytest.mark.parametrize(
    "name", ["../escaped", "files/../../escaped", "/etc/escaped", "files", "keys/.bashrc", "other"]
)
def test_one_made_as_a_trap_places_nothing(tmp_path: Path, name: str) -> None:
    """Whoever knows the public key can make an archive."""
    tar = io.BytesIO()
    with tarfile.open(fileobj=tar, mode="w") as file:
        file.addfile(tarfile.TarInfo(name))
    trap = tmp_path / "trap"
    trap.write_bytes(pyrage.encrypt(tar.getvalue(), [OWNER.to_public()]))
    assert refusal(trap) == archive.ALTERED


def test_a_link_and_a_member_too_many_are_refused(tmp_path: Path) -> None:
    for kind in (tarfile.SYMTYPE, tarfile.LNKTYPE, tarfile.DIRTYPE, tarfile.REGTYPE):
        tar = io.BytesIO()
        with tarfile.open(fileobj=tar, mode="w") as file:
            info = tarfile.TarInfo("database")
            info.type, info.linkname = kind, "/etc/passwd"
            file.addfile(info)
        trap = tmp_path / "trap"
        trap.write_bytes(pyrage.encrypt(tar.getvalue(), [OWNER.to_public()]))
        assert refusal(trap) == archive.ALTERED


def test_a_file_that_changes_under_the_copy_is_told(
    tmp_path: Path, members: dict[str, bytes], monkeypatch: pytest.MonkeyPatch
) -> None:
    header = archive._header
    monkeypatch.setattr(archive, "_header", lambda name, size: _grow(tmp_path) + header(name, size))
    with pytest.raises(BackupFault, match="a changé pendant la copie"):
        archive.write_archive(
            tmp_path / "made", [("database", tmp_path / "database")], SAID, [OWNER.to_public()]
        )


def _grow(folder: Path) -> bytes:
    with (folder / "database").open("ab") as file:
        file.write(b"more")
    return b""


@given(st.lists(INSTANTS, unique=True, min_size=1), st.integers(1, 5))
def test_the_latest_are_kept_whatever_else_is_there(instants: list[datetime], keep: int) -> None:
    made, *others = (name_at(at) for at in instants)
    gone = outdated([made, *others, "photo.jpg", "virage.tar.age"], made, keep)
    kept = {made, *others} - set(gone)
    until_made = {name for name in kept if name <= made}
    assert len(until_made) == min(keep, 1 + sum(name < made for name in others))
    assert {name for name in others if name > made} | {made} <= kept
    assert all(old < new for old in gone for new in kept)


@pytest.mark.parametrize("keep", [0, -3])
def test_none_to_keep_is_refused_before_anything_is_written(tmp_path: Path, keep: int) -> None:
    with pytest.raises(BackupFault, match="VIRAGE_BACKUP_KEEP"):
        make_backup(tmp_path, keep)
    assert not list(tmp_path.iterdir())


def test_the_database_is_copied_the_way_the_site_reaches_it(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """Who answers is verified then too, and no password stands among the words of a command."""
    program = tmp_path / "pg_dump"
    program.write_text(f'#!/bin/sh\nprintf "%s|" "$@" "$PGPASSWORD" > {tmp_path}/told\n')
    program.chmod(0o700)
    monkeypatch.setenv("PATH", str(tmp_path))
    url = "postgresql://virage:secret@base.example:5433/home?sslmode=verify-full"
    monkeypatch.setattr(
        database, "connection", SimpleNamespace(settings_dict=database_from_url(url))
    )
    database.run("pg_dump", "-Fc")
    of, where, shape, password, _ = (tmp_path / "told").read_text().split("|")
    assert (of, shape, password) == ("-d", "-Fc", "secret")
    assert {"host=base.example", "port=5433", "dbname=home", "user=virage"} < set(where.split())
    assert "sslmode=verify-full" in where and "secret" not in where
