"""`virage keys`: one change at a time, over a site that goes on serving."""

from pathlib import Path
from typing import Any

import pytest

from tests.cli.command import run
from tests.factories.town import Town
from virage.foundation.backup.locks import in_service, one_change_of_keys


@pytest.fixture(autouse=True)
def home(settings: Any, tmp_path: Path) -> None:
    settings.VIRAGE_HOME = tmp_path


@pytest.mark.parametrize("command", ["rotate-master", "rotate-data"])
def test_keys_are_changed_once_at_a_time(
    command: str, town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    changed: list[None] = []
    monkeypatch.setattr("virage.cli.keys.operators_with_keys", lambda: changed.append(None) or [])
    monkeypatch.setattr(
        "virage.cli.keys.encryption.rotate_master_key", lambda: changed.append(None) or 0
    )
    with one_change_of_keys():
        refused = run("keys", command)
    assert refused.exit_code == 1 and "déjà en cours" in refused.stderr
    assert not changed
    with in_service():
        assert run("keys", command).exit_code == 0
    assert len(changed) == 1
