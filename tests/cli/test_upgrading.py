"""`virage upgrade`: nothing to do when in step, and no change of the tables without a backup."""

from typing import Any

import pytest
from django.db.migrations.recorder import MigrationRecorder

from tests.cli.command import run


@pytest.fixture(autouse=True)
def private_home(settings: Any, tmp_path: Any) -> None:
    settings.VIRAGE_HOME = tmp_path
    settings.BACKUP_FOLDER = tmp_path / "backups"


def test_a_site_in_step_is_left_as_it_is(db: None) -> None:
    result = run("upgrade")
    assert result.exit_code == 0
    assert "Rien à mettre à jour" in result.stdout


def test_without_a_recovery_key_nothing_changes(db: None) -> None:
    recorded = MigrationRecorder.Migration.objects
    recorded.filter(app="exchange").order_by("-name").first().delete()
    before = set(recorded.values_list("app", "name"))
    result = run("upgrade")
    assert result.exit_code == 1
    assert "VIRAGE_BACKUP_KEY" in result.stderr
    assert set(recorded.values_list("app", "name")) == before
