"""What a restoration exchanges is renamed, never copied, and comes back when a step fails."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from virage.foundation.backup import restoring
from virage.foundation.backup.rules import BackupFault


def test_a_disk_of_its_own_is_refused_before_anything_is_touched(
    settings: Any, tmp_path: Path
) -> None:
    settings.FILES = Path("/proc")
    with pytest.raises(BackupFault, match="un autre disque"):
        restoring._require_movable(tmp_path, "postgresql")


@pytest.mark.parametrize("failing", [1, 2])
@pytest.mark.parametrize("is_late", [False, True], ids=["before", "after"])
def test_a_step_that_fails_is_undone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, failing: int, is_late: bool
) -> None:
    """Before the rename or just after it, as when someone presses Ctrl-C."""
    new, here, aside = (tmp_path / name for name in ("new", "here", "aside"))
    new.write_text("new")
    here.write_text("old")
    rename = Path.rename
    calls: list[int] = []

    def fails(self: Path, target: Path) -> Path:
        calls.append(1)
        if len(calls) != failing:
            return rename(self, target)
        if is_late:
            rename(self, target)
        raise KeyboardInterrupt

    monkeypatch.setattr(Path, "rename", fails)
    undo: list[Callable[[], object]] = []
    with pytest.raises(KeyboardInterrupt):
        restoring._exchange(new, here, aside, undo)
    for step in reversed(undo):
        step()
    assert {path.name: path.read_text() for path in tmp_path.iterdir()} == {
        "new": "new",
        "here": "old",
    }


def test_what_the_system_refuses_is_told_in_french(tmp_path: Path) -> None:
    with pytest.raises(BackupFault, match="ce fichier ou ce dossier n’existe pas"):
        restoring.verify(tmp_path / "none", [])
