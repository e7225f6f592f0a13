"""Making what was written survive a power cut; without Django, for settings make a secret so."""

import os
from contextlib import suppress
from pathlib import Path
from tempfile import NamedTemporaryFile


def make_once(path: Path, content: bytes) -> None:
    """Make a file, readable by its owner alone, and its folder; one that is there stays.

    Linked whole into place: two processes that start together share one.
    """
    path.parent.mkdir(parents=True, mode=0o700, exist_ok=True)
    with NamedTemporaryFile(dir=path.parent) as file, suppress(FileExistsError):
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
        os.link(file.name, path)
    sync_folder(path.parent)


def sync_folder(folder: Path) -> None:
    """Make the names in a folder as durable as the bytes: a power cut forgets a new name."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
