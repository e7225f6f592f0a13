"""Making what was written survive a power cut."""

import os
from pathlib import Path


def sync_folder(folder: Path) -> None:
    """Make the names in a folder as durable as the bytes: a power cut forgets a new name."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
