"""The last backup that was made and read again: what the checks and the metrics say of it."""

from datetime import datetime
from pathlib import Path

import msgspec
from django.conf import settings


class LastBackup(msgspec.Struct, frozen=True):
    """When the last good one was made, and where it is."""

    made_at: datetime
    file: str


def note_backup(made_at: datetime, file: Path) -> None:
    """Write down a backup that was read again after it was made."""
    path = _path()
    beside = path.with_suffix(".new")
    beside.write_bytes(msgspec.json.encode(LastBackup(made_at=made_at, file=str(file))))
    beside.replace(path)


def last_backup() -> LastBackup | None:
    """Return the last good backup, None when there was none yet."""
    path = _path()
    if not path.exists():
        return None
    try:
        return msgspec.json.decode(path.read_bytes(), type=LastBackup)
    except msgspec.DecodeError:
        return None


def _path() -> Path:
    return Path(settings.VIRAGE_HOME) / "last_backup.json"
