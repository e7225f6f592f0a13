"""`virage restore`: what follows once the site is in its place."""

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.utils import timezone
from pyrage.x25519 import Identity

from tests.cli.command import run
from virage.cli import backups
from virage.foundation.backup.rules import FORMAT, Manifest
from virage.foundation.backup.way_back import note_way_back, way_back
from virage.foundation.sessions.models import OpenSession
from virage.settings.environment import WILL_NOT_START

MANIFEST = Manifest(
    format=FORMAT,
    virage="1",
    made_at=datetime(2026, 11, 28, tzinfo=UTC),
    vendor="sqlite3",
    migrations=[],
    rows={},
    journal_number=0,
    journal_head="",
    members={},
)


@pytest.fixture(autouse=True)
def restored(settings: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A restoration that puts nothing: the database of the test is the one of the copy."""
    settings.VIRAGE_HOME = tmp_path
    settings.JOURNAL_HEADS = tmp_path / "heads"
    settings.MASTER_KEY_FILE = tmp_path / "master_key"
    mark = tmp_path / "half-replaced"
    monkeypatch.setattr(backups, "restore", lambda *_, **__: mark.touch() or (MANIFEST, None))


def test_whoever_was_signed_in_signs_in_again(db: None, tmp_path: Path) -> None:
    OpenSession.objects.create(
        session_key="k" * 32, session_data="", expire_date=timezone.now() + timedelta(hours=1)
    )
    key = tmp_path / "recovery"
    key.write_text(str(Identity.generate()))
    (tmp_path / "archive").touch()
    result = run("restore", tmp_path / "archive", "--key", key)
    assert result.exit_code == 0, result.stderr
    assert not OpenSession.objects.exists()
    assert not (tmp_path / "half-replaced").exists()


def test_a_sign_read_wrong_in_the_recovery_key_is_told(db: None, tmp_path: Path) -> None:
    key, archive = tmp_path / "recovery", tmp_path / "archive"
    whole = str(Identity.generate())
    key.write_text(whole[:-1] + ("Q" if whole[-1] != "Q" else "P"))
    archive.touch()
    result = run("restore", archive, "--key", key)
    assert result.exit_code == 1
    assert "relisez-la" in result.stderr and f"{len(whole)} signes" in result.stderr


def test_an_upgrade_cut_short_is_undone_by_a_restoration(db: None, tmp_path: Path) -> None:
    key, archive = tmp_path / "recovery", tmp_path / "archive"
    key.write_text(str(Identity.generate()))
    archive.touch()
    note_way_back(archive, [])
    assert run("backup").exit_code == WILL_NOT_START
    assert run("restore", archive, "--key", key).exit_code == 0
    assert way_back() is None


def test_another_account_than_the_owner_of_the_site_does_not_restore(
    db: None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("os.geteuid", lambda: tmp_path.stat().st_uid + 1)
    (tmp_path / "archive").touch()
    result = run("restore", tmp_path / "archive")
    assert result.exit_code == 1
    assert "autre compte" in result.stderr
    assert not (tmp_path / "half-replaced").exists()
