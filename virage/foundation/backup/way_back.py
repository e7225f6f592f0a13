"""The backup that an upgrade made before it changed the tables: the way back, until it is done."""

import os
from pathlib import Path

import msgspec
from django.conf import settings

from virage.foundation.durable import sync_folder


class WayBack(msgspec.Struct, frozen=True):
    """Where the backup is, and what the tables had been through when it was made."""

    archive: str
    migrations: list[str]


def way_back() -> WayBack | None:
    """Return the backup made before an upgrade that is not done, None when there is none."""
    path = way_back_file()
    return msgspec.json.decode(path.read_bytes(), type=WayBack) if path.exists() else None


def note_way_back(archive: Path, migrations: list[str]) -> None:
    """Write down, durably, where the backup is before the tables change."""
    beside = way_back_file().with_suffix(".new")
    with beside.open("wb") as file:
        file.write(msgspec.json.encode(WayBack(archive=str(archive), migrations=migrations)))
        file.flush()
        os.fsync(file.fileno())
    beside.chmod(0o600)
    beside.replace(way_back_file())
    sync_folder(way_back_file().parent)


def forget_way_back() -> None:
    """Say that the upgrade is done, or undone by a restoration."""
    way_back_file().unlink(missing_ok=True)
    sync_folder(way_back_file().parent)


def way_back_file() -> Path:
    """Return the file that remembers it."""
    return Path(settings.VIRAGE_HOME) / "upgrade-in-progress.json"
