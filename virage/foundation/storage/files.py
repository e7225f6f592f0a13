"""Files addressed by their content: one folder here, an S3-compatible store later, same door."""

import hashlib
import os
import re
import tempfile
from pathlib import Path

from django.conf import settings

_DIGEST = re.compile(r"[0-9a-f]{64}")


def put(content: bytes) -> str:
    """Store bytes durably and return their SHA-256, in hexadecimal, which is their address."""
    digest = hashlib.sha256(content).hexdigest()
    path = _path(digest)
    if path.exists():
        return digest
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    with tempfile.NamedTemporaryFile(dir=path.parent, delete=False) as file:
        try:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
            Path(file.name).replace(path)
        except BaseException:
            Path(file.name).unlink(missing_ok=True)
            raise
    _sync_folder(path.parent)
    return digest


def get(digest: str) -> bytes:
    """Return the bytes stored at this address.

    Raises FileNotFoundError when nothing is there, ValueError when the content was altered.
    """
    content = _path(digest).read_bytes()
    if hashlib.sha256(content).hexdigest() != digest:
        raise ValueError("Le fichier a été altéré : son empreinte ne correspond plus.")
    return content


def _sync_folder(folder: Path) -> None:
    """Make the new name as durable as the bytes: a power cut forgets a name not yet written."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _path(digest: str) -> Path:
    if not _DIGEST.fullmatch(digest):
        raise ValueError("Adresse de fichier illisible.")
    return Path(settings.FILES) / digest[:2] / digest[2:4] / digest
