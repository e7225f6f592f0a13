"""`virage upgrade`: nothing to do when in step, and no change of the tables without a backup.

On real databases, and cut short: `tests/services/test_cut_short.py`.
"""

from pathlib import Path
from typing import Any

import pytest
from django.db.migrations.recorder import MigrationRecorder

from tests.cli.command import run
from virage.directory.actions import create_operator
from virage.foundation import safety
from virage.foundation.backup.way_back import note_way_back, way_back
from virage.settings.environment import WILL_NOT_START


@pytest.fixture(autouse=True)
def private_home(settings: Any, tmp_path: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    settings.VIRAGE_HOME = tmp_path
    settings.BACKUP_FOLDER = tmp_path / "backups"
    monkeypatch.setattr(safety, "is_demonstration", lambda: True)


def test_a_site_in_step_is_left_as_it_is(db: None) -> None:
    result = run("upgrade")
    assert result.exit_code == 0
    assert "Rien à mettre à jour" in result.stdout


@pytest.mark.parametrize(
    "command", [["run"], ["worker"], ["journal", "seal"], ["link", "a@example.org"]]
)
def test_nothing_else_upgrades_a_site_in_use(command: list[str], db: None, settings: Any) -> None:
    settings.IS_DEMO = True  # `run` would rather speak of https
    create_operator(name="Association")
    recorded = MigrationRecorder.Migration.objects
    recorded.filter(app="exchange").order_by("-name").first().delete()
    before = set(recorded.values_list("app", "name"))
    result = run(*command)
    assert result.exit_code == WILL_NOT_START
    assert "virage upgrade" in result.stderr
    assert set(recorded.values_list("app", "name")) == before


def test_a_former_version_does_not_serve_newer_tables(db: None, settings: Any) -> None:
    settings.IS_DEMO = True
    create_operator(name="Association")
    MigrationRecorder.Migration.objects.create(app="exchange", name="9999_of_tomorrow")
    result = run("worker")
    assert result.exit_code == WILL_NOT_START
    assert "plus récente" in result.stderr


def test_without_a_recovery_key_nothing_changes(db: None) -> None:
    recorded = MigrationRecorder.Migration.objects
    recorded.filter(app="exchange").order_by("-name").first().delete()
    before = set(recorded.values_list("app", "name"))
    result = run("upgrade")
    assert result.exit_code == 1
    assert "VIRAGE_BACKUP_KEY" in result.stderr
    assert set(recorded.values_list("app", "name")) == before


def test_one_cut_short_does_not_go_on_without_the_backup_that_it_made(
    db: None, tmp_path: Path
) -> None:
    note_way_back(tmp_path / "gone", [])
    result = run("upgrade")
    assert result.exit_code == 1
    assert "n’est plus là" in result.stderr
    assert way_back()


def test_a_former_version_does_not_end_the_upgrade_of_the_next(db: None, tmp_path: Path) -> None:
    note_way_back(tmp_path / "archive", [])
    MigrationRecorder.Migration.objects.create(app="exchange", name="9999_of_tomorrow")
    result = run("upgrade")
    assert result.exit_code == WILL_NOT_START
    assert "plus récente" in result.stderr
    assert way_back()
