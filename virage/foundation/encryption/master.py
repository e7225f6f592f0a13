"""The master key: a file beside the database, or a variable; it wraps the data keys.

Several keys may stand there, the one in force first: a rotation needs the former one too.
"""

import os
import secrets
from base64 import urlsafe_b64decode, urlsafe_b64encode
from binascii import Error as NotBase64
from contextlib import suppress
from hashlib import sha256
from pathlib import Path
from tempfile import NamedTemporaryFile

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.conf import settings

from virage.foundation.durable import make_once

KEY_BYTES = 32
NONCE_BYTES = 12


class KeyUnavailable(Exception):
    """The master key is lost, unreadable or another one: nothing encrypted can be read."""


def print_of(key: bytes) -> str:
    """Return what names a key without telling it."""
    return sha256(b"virage master key" + key).hexdigest()[:16]


def keys() -> list[bytes]:
    """Return the master keys of the site, the one in force first; none before first use.

    Raises KeyUnavailable for one that is no key.
    """
    given = settings.MASTER_KEY
    if not given:
        with suppress(FileNotFoundError):
            given = Path(settings.MASTER_KEY_FILE).read_text()
    return keys_in(given)


def keys_in(text: str) -> list[bytes]:
    """Return the master keys written in a text; KeyUnavailable for one that is no key."""
    return [_decoded(word) for word in text.replace(",", " ").split()]


def make_first() -> None:
    """Make the key in force, readable by its owner alone; does nothing when there is one."""
    make_once(Path(settings.MASTER_KEY_FILE), f"{new_key()}\n".encode())


def add_key() -> None:
    """Put a new key in force, before those that are there."""
    path = Path(settings.MASTER_KEY_FILE)
    _replace(path, f"{new_key()}\n{path.read_text()}")


def set_former_aside() -> None:
    """Leave the key in force alone; each former one goes to a file of its own, beside."""
    path = Path(settings.MASTER_KEY_FILE)
    in_force, *former = path.read_text().split()
    for word in former:
        _replace(path.with_name(f"master_key.former-{print_of(_decoded(word))}"), f"{word}\n")
    _replace(path, f"{in_force}\n")


def _replace(path: Path, text: str) -> None:
    """Write a file whole and durably, readable by its owner alone."""
    with NamedTemporaryFile("w", dir=path.parent, delete=False) as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    Path(file.name).replace(path)


def new_key() -> str:
    """Return a new master key as it is written."""
    return urlsafe_b64encode(secrets.token_bytes(KEY_BYTES)).decode()


def wrap(data_key: bytes, context: bytes) -> tuple[bytes, str]:
    """Wrap a data key under the key in force, which the second value names."""
    master = keys()[0]
    nonce = secrets.token_bytes(NONCE_BYTES)
    return nonce + AESGCM(master).encrypt(nonce, data_key, context), print_of(master)


def unwrap(wrapped: bytes, master_print: str, context: bytes) -> bytes:
    """Return the data key; KeyUnavailable when no key of the site is the one that wrapped it."""
    known = {print_of(key): key for key in keys()}
    if master_print not in known:
        raise KeyUnavailable(
            f"La clé maîtresse {master_print} manque : ce qui est chiffré ne peut pas être lu. "
            "Remettez « keys/master_key » (ou VIRAGE_MASTER_KEY) depuis la sauvegarde des clés."
        )
    try:
        nonce, sealed = wrapped[:NONCE_BYTES], wrapped[NONCE_BYTES:]
        return AESGCM(known[master_print]).decrypt(nonce, sealed, context)
    except InvalidTag as error:
        raise KeyUnavailable("Une clé de données a été altérée dans la base.") from error


def _decoded(word: str) -> bytes:
    try:
        key = urlsafe_b64decode(word)
    except (NotBase64, ValueError):
        key = b""
    if len(key) != KEY_BYTES:
        raise KeyUnavailable("La clé maîtresse est illisible : 32 octets en base64 sont attendus.")
    return key
