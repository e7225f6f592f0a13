"""Small values: encrypted for one purpose, or hashed under a key to be found without being read."""

import hmac
import secrets
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Iterable
from contextlib import suppress
from uuid import UUID

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from virage.foundation.encryption import keys
from virage.foundation.encryption.master import KeyUnavailable

NONCE_BYTES = 12
KEY_ID_BYTES = 16


def encrypt(text: str, purpose: str, operator_id: UUID | None = None) -> str:
    """Return a text encrypted (AES-256-GCM) under the operator's key, or the site's.

    The purpose says what it is (« account.totp »): read for another, it does not open. Needs the
    database; the first use writes there.
    """
    key_id, nonce = keys.current_key_id(operator_id), secrets.token_bytes(NONCE_BYTES)
    sealed = AESGCM(keys.derived(key_id, "values")).encrypt(nonce, text.encode(), purpose.encode())
    return urlsafe_b64encode(key_id.bytes + nonce + sealed).decode()


def decrypt(token: str, purpose: str) -> str:
    """Return the text encrypted for this purpose.

    Raises ValueError when it was altered or made for another purpose, KeyUnavailable without its
    key.
    """
    raw = urlsafe_b64decode(token)
    key_id = key_id_of(token)
    nonce, sealed = raw[KEY_ID_BYTES:][:NONCE_BYTES], raw[KEY_ID_BYTES + NONCE_BYTES :]
    try:
        return (
            AESGCM(keys.derived(key_id, "values")).decrypt(nonce, sealed, purpose.encode()).decode()
        )
    except InvalidTag as error:
        raise ValueError("Une valeur chiffrée a été altérée, ou sert à autre chose.") from error


def encrypt_again(token: str, purpose: str, operator_id: UUID | None = None) -> str | None:
    """Return a token encrypted again under the key in force; None when it is already.

    None too for one that was altered or whose key is lost: it stays as it is, and readers say so.
    """
    with suppress(ValueError, KeyUnavailable):
        if key_id_of(token) != keys.current_key_id(operator_id):
            return encrypt(decrypt(token, purpose), purpose, operator_id)
    return None


def key_id_of(token: str) -> UUID:
    """Return which data key encrypted a token; ValueError for what is no token."""
    return UUID(bytes=urlsafe_b64decode(token)[:KEY_ID_BYTES])


def keyed_hash(text: str, purpose: str, operator_id: UUID | None = None) -> str:
    """Return the HMAC-SHA-256, in hexadecimal, that an operator's key in force gives a text."""
    return _hash(keys.current_key_id(operator_id), text, purpose)


def keyed_hashes(
    texts: str | Iterable[str], purpose: str, operator_id: UUID | None = None
) -> list[str]:
    """Return every hash under which texts may be stored: one for each key the operator has had.

    One SQL statement.
    """
    known = keys.key_ids(operator_id)
    each = [texts] if isinstance(texts, str) else list(texts)
    return [_hash(key_id, text, purpose) for text in each for key_id in known]


def _hash(key_id: UUID, text: str, purpose: str) -> str:
    key = keys.derived(key_id, f"hash {purpose}")
    return hmac.digest(key, text.encode(), "sha256").hex()
