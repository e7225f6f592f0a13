"""How a file lies on the disk: a header, then chunks, each sealed by AES-256-GCM.

The key of a file is drawn (HKDF) from an operator's data key, a salt and the address of the file:
one put at another's address does not open. A chunk is sealed with its rank and whether it is the
last one: nothing can be moved, repeated or cut (STREAM, Hoang and others, 2015).
"""

import secrets
from collections.abc import Iterator
from typing import IO
from uuid import UUID

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from virage.foundation.encryption import keys

MAGIC = b"VRGE\x01"
KEY_ID_BYTES = 16
SALT_BYTES = 32
TAG_BYTES = 16
CHUNK_BYTES = 1 << 18


def key_id_of(file: IO[bytes]) -> UUID | None:
    """Read the header up to its key: the data key that seals the file, none for a clear one."""
    if file.read(len(MAGIC)) != MAGIC:
        return None
    return UUID(bytes=file.read(KEY_ID_BYTES).ljust(KEY_ID_BYTES, b"\0"))


def write(source: Iterator[bytes], file: IO[bytes], address: str, key_id: UUID) -> None:
    """Seal what a source gives under a data key."""
    salt = secrets.token_bytes(SALT_BYTES)
    cipher = _cipher(key_id, salt, address)
    file.write(MAGIC + key_id.bytes + salt)
    rank, chunk = 0, b""
    for piece in source:
        chunk += piece
        # The last chunk is told apart: one is always kept for the end.
        while len(chunk) > CHUNK_BYTES:
            file.write(cipher.encrypt(_nonce(rank, False), chunk[:CHUNK_BYTES], None))
            rank, chunk = rank + 1, chunk[CHUNK_BYTES:]
    file.write(cipher.encrypt(_nonce(rank, True), chunk, None))


def read(file: IO[bytes], address: str, key_id: UUID) -> Iterator[bytes]:
    """Give the content of a file whose header was read up to its key, chunk by chunk.

    Raises ValueError as soon as a chunk is not what was written there.
    """
    cipher = _cipher(key_id, file.read(SALT_BYTES), address)
    rank, sealed = 0, file.read(CHUNK_BYTES + TAG_BYTES)
    while True:
        following = file.read(CHUNK_BYTES + TAG_BYTES)
        try:
            yield cipher.decrypt(_nonce(rank, not following), sealed, None)
        except (InvalidTag, ValueError) as error:
            raise ValueError("Le fichier a été altéré\u00a0: il ne s’ouvre plus.") from error
        if not following:
            return
        rank, sealed = rank + 1, following


def _cipher(key_id: UUID, salt: bytes, address: str) -> AESGCM:
    drawn = HKDF(SHA256(), 32, salt=salt, info=address.encode())
    return AESGCM(drawn.derive(keys.derived(key_id, "files")))


def _nonce(rank: int, is_last: bool) -> bytes:
    """Each file has its own key: the rank alone makes a nonce of 12 bytes unique."""
    return rank.to_bytes(11, "big") + bytes([is_last])
