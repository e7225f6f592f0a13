"""The key that signs the seals: a file beside the database, never in it."""

from collections.abc import Iterable
from pathlib import Path

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from django.conf import settings

from virage.foundation.durable import make_once


def sign(head: str) -> str:
    """Return the Ed25519 signature of a head, in hexadecimal; the key is made at first use."""
    return _private_key().sign(head.encode()).hex()


def is_signed(head: str, signature: str, public_keys: Iterable[str]) -> bool:
    """Whether this signature of a head is by the private half of one of these (hexadecimal)."""
    return any(_is_signed_by(key, head, signature) for key in public_keys)


def _is_signed_by(public_key: str, head: str, signature: str) -> bool:
    try:
        key = Ed25519PublicKey.from_public_bytes(bytes.fromhex(public_key))
        key.verify(bytes.fromhex(signature), head.encode())
    except (InvalidSignature, ValueError):
        return False
    return True


def has_key() -> bool:
    """Whether there is a key to sign with."""
    return Path(settings.JOURNAL_KEY).exists()


def public_key() -> str:
    """Return the public half in hexadecimal: what an inspector keeps to verify by himself."""
    raw = serialization.Encoding.Raw, serialization.PublicFormat.Raw
    return _private_key().public_key().public_bytes(*raw).hex()


def _private_key() -> Ed25519PrivateKey:
    path = Path(settings.JOURNAL_KEY)
    if not path.exists():
        _make(path)
    key = serialization.load_pem_private_key(path.read_bytes(), password=None)
    if not isinstance(key, Ed25519PrivateKey):
        raise TypeError(f"{path} does not hold an Ed25519 key")
    return key


def _make(path: Path) -> None:
    """Make the key, readable by its owner alone."""
    pem = Ed25519PrivateKey.generate().private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )
    make_once(path, pem)
