"""Files by address, encrypted: one folder here, an S3-compatible store later, same door.

The address is a keyed hash of the content: the same bytes have two addresses at two operators, and
one at each. Files written in clear before encryption came are still read, by their SHA-256.
"""

import hmac
import os
import re
import tempfile
from collections.abc import Callable, Iterator
from contextlib import suppress
from hashlib import sha256
from io import BytesIO
from pathlib import Path
from typing import IO
from uuid import UUID

from django.conf import settings

from virage.foundation.durable import sync_folder
from virage.foundation.encryption import keys
from virage.foundation.encryption.master import KeyUnavailable
from virage.foundation.storage import envelope

_ADDRESS = re.compile(r"[0-9a-f]{64}")
_PIECE_BYTES = 1 << 18
# How the name of a file that is being written begins: no backup takes it.
UNFINISHED = "tmp"


def address_of(content: bytes | IO[bytes], operator_id: UUID) -> str:
    """Return where an operator keeps this content: HMAC-SHA-256 of its SHA-256, in hexadecimal.

    Under the operator's first key, which no rotation changes.
    """
    digest = sha256()
    for piece in _pieces(content):
        digest.update(piece)
    return address_of_digest(digest.digest(), operator_id)


def address_of_digest(digest: bytes, operator_id: UUID) -> str:
    """Return where an operator keeps the content that has this SHA-256."""
    key = keys.derived(keys.first_key_id(operator_id), "addresses")
    return hmac.digest(key, digest, "sha256").hex()


def put(content: bytes | IO[bytes], operator_id: UUID) -> str:
    """Store bytes durably, encrypted for their operator, and return their address.

    A file is read twice, from where it stands, and never held whole. One stored already is left,
    unless it was damaged since: what is acknowledged can be read. It is young again first: a row
    that is still being written may name it.
    """
    address = address_of(content, operator_id)
    path = _path(address)
    with suppress(FileNotFoundError):
        os.utime(path)
    if not _is_whole(address):
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        key_id = keys.current_key_id(operator_id)
        _write(path, lambda file: envelope.write(_pieces(content), file, address, key_id))
    return address


def get(address: str) -> bytes:
    """Return the bytes stored at this address.

    Raises FileNotFoundError when nothing is there, ValueError when they were altered.
    """
    return b"".join(read(address))


def read(address: str) -> Iterator[bytes]:
    """Give the bytes stored at this address, in pieces; raises as `get` does.

    What came before a fault was already given: to be kept only once all is read.
    """
    with _path(address).open("rb") as file:
        if key_id := envelope.key_id_of(file):
            try:
                yield from envelope.read(file, address, key_id)
            except KeyUnavailable as error:
                raise ValueError(str(error)) from error
            return
        file.seek(0)
        digest = sha256()
        while piece := file.read(_PIECE_BYTES):
            digest.update(piece)
            yield piece
        if digest.hexdigest() != address:
            raise ValueError("Le fichier a été altéré\u00a0: son empreinte ne correspond plus.")


def _is_whole(address: str) -> bool:
    """Whether a file is stored there and can be read to its end."""
    with suppress(FileNotFoundError, ValueError):
        for _piece in read(address):
            pass
        return True
    return False


def key_id_of(address: str) -> UUID | None:
    """Return the data key that encrypts a stored file; none for a clear one, or when absent."""
    try:
        with _path(address).open("rb") as file:
            return envelope.key_id_of(file)
    except FileNotFoundError:
        return None


def is_clear(address: str) -> bool:
    """Whether a stored file lies in clear."""
    return _path(address).exists() and key_id_of(address) is None


def encrypt_again(address: str, key_id: UUID) -> None:
    """Put in place of a file the same content under another data key; readers see one or the other.

    Raises as `get` does, leaving the file as it was.
    """
    _write(_path(address), lambda file: envelope.write(read(address), file, address, key_id))


def clear_files() -> Iterator[str]:
    """Give the addresses of the files that lie in clear."""
    for path in Path(settings.FILES).glob("*/*/*"):
        if _ADDRESS.fullmatch(path.name) and is_clear(path.name):
            yield path.name


def remove(address: str) -> None:
    """Remove a file that no row names any longer."""
    _path(address).unlink(missing_ok=True)


def encrypted_before(instant: float) -> Iterator[str]:
    """Give the addresses of the encrypted files that nobody has stored since an instant."""
    for path in Path(settings.FILES).glob("*/*/*"):
        if _ADDRESS.fullmatch(path.name) and _is_older(path, instant) and key_id_of(path.name):
            yield path.name


def remove_unless_stored_since(address: str, instant: float) -> None:
    """Remove a file that no row names, unless it was stored again meanwhile: it then stays.

    Taken away first, and judged there: whoever stores it in between misses it, or has made it
    young.
    """
    path = _path(address)
    aside = path.with_name(f"{UNFINISHED}-{address}")
    with suppress(FileNotFoundError):
        path.rename(aside)
        if _is_older(aside, instant):
            aside.unlink()
        else:
            aside.rename(path)


def remove_unfinished_before(instant: float) -> None:
    """Remove what processes killed while they wrote a file have left."""
    for path in Path(settings.FILES).glob(f"*/*/{UNFINISHED}*"):
        if _is_older(path, instant):
            path.unlink(missing_ok=True)


def _is_older(path: Path, instant: float) -> bool:
    with suppress(FileNotFoundError):
        return path.stat().st_mtime < instant
    return False


def _write(path: Path, fill: Callable[[IO[bytes]], None]) -> None:
    """Write a file whole and durably, or not at all."""
    with tempfile.NamedTemporaryFile(prefix=UNFINISHED, dir=path.parent, delete=False) as file:
        try:
            fill(file)
            file.flush()
            os.fsync(file.fileno())
            Path(file.name).replace(path)
        except BaseException:
            Path(file.name).unlink(missing_ok=True)
            raise
    sync_folder(path.parent)


def _pieces(content: bytes | IO[bytes]) -> Iterator[bytes]:
    file = BytesIO(content) if isinstance(content, bytes) else content
    start = file.tell()
    while piece := file.read(_PIECE_BYTES):
        yield piece
    file.seek(start)


def _path(address: str) -> Path:
    if not _ADDRESS.fullmatch(address):
        raise ValueError("Adresse de fichier illisible.")
    return Path(settings.FILES) / address[:2] / address[2:4] / address
