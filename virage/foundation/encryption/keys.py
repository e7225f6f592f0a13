"""The data keys: found, made at first use, kept unwrapped in the process that uses them."""

import secrets
import time
from functools import lru_cache
from uuid import UUID

from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.db import IntegrityError, transaction

from virage.foundation.encryption import master
from virage.foundation.encryption.models import SITE, DataKey

# For how long a process may go on writing under a key that has a successor.
FORGET_AFTER_S = 10.0
_current: dict[UUID, tuple[UUID, float]] = {}
_first_ids: dict[UUID, UUID] = {}
# Made here by a transaction that may still be undone: never remembered as the one in force.
_unconfirmed: set[UUID] = set()
_unwrapped: dict[UUID, bytes] = {}


def current_key_id(operator_id: UUID | None) -> UUID:
    """Return the key under which an operator's data are written (None: the site's own).

    Raises KeyUnavailable when the master key is lost.
    """
    owner = operator_id or SITE
    known = _current.get(owner)
    if known and time.monotonic() - known[1] < FORGET_AFTER_S:
        return known[0]
    newest = DataKey.objects.filter(operator_id=owner).order_by("-version").first()
    newest = newest or _made_first(owner)
    _unwrapped[newest.pk] = _opened(newest)
    if newest.pk not in _unconfirmed:
        _current[owner] = (newest.pk, time.monotonic())
        if newest.version == 1:
            _first_ids[owner] = newest.pk
    return newest.pk


def first_key_id(operator_id: UUID) -> UUID:
    """Return the first key an operator had, for what no rotation may change."""
    if operator_id not in _first_ids:
        current_key_id(operator_id)
        first = DataKey.objects.get(operator_id=operator_id, version=1)
        if first.pk in _unconfirmed:
            return first.pk
        _first_ids[operator_id] = first.pk
    return _first_ids[operator_id]


def key_ids(operator_id: UUID | None) -> list[UUID]:
    """Return every key an operator has had, the one in force first; one statement."""
    rows = DataKey.objects.filter(operator_id=operator_id or SITE)
    return list(rows.order_by("-version").values_list("pk", flat=True))


def make_key(operator_id: UUID, version: int) -> DataKey:
    """Make a data key, wrapped by the master key, which is made too when no key exists yet."""
    if not DataKey.objects.exists() and not master.keys():
        master.make_first()
    require_master_key()
    key = DataKey(operator_id=operator_id, version=version)
    key.wrapped, key.master = master.wrap(secrets.token_bytes(32), _context(key))
    with transaction.atomic():
        key.save(force_insert=True)
        _unconfirmed.add(key.pk)
        transaction.on_commit(lambda: _unconfirmed.discard(key.pk))
    return key


def rewrap(key: DataKey) -> None:
    """Wrap a data key again, under the master key in force."""
    key.wrapped, key.master = master.wrap(_opened(key), _context(key))
    key.save(update_fields=["wrapped", "master"])


def require_master_key() -> None:
    """Raise KeyUnavailable unless the site's keys open every data key."""
    if not master.keys() and DataKey.objects.exists():
        raise master.KeyUnavailable(
            "La clé maîtresse manque (« keys/master_key » ou VIRAGE_MASTER_KEY) : ce qui est "
            "chiffré ne peut pas être lu. Remettez-la depuis la sauvegarde des clés."
        )
    for key in DataKey.objects.order_by("pk").iterator():
        _opened(key)


def derived(key_id: UUID, use: str) -> bytes:
    """Return the 32 bytes that a data key gives for one use, apart from its other uses.

    Raises KeyUnavailable when the data key is unknown or cannot be unwrapped.
    """
    if key_id not in _unwrapped:
        key = DataKey.objects.filter(pk=key_id).first()
        if key is None:
            raise master.KeyUnavailable("La clé qui a chiffré cette donnée n’est plus en base.")
        _unwrapped[key_id] = _opened(key)
    return _derived(_unwrapped[key_id], use)


def forget() -> None:
    """Forget what the process knows, as a restart would."""
    _current.clear()
    _first_ids.clear()
    _unwrapped.clear()


@lru_cache(maxsize=4096)
def _derived(data_key: bytes, use: str) -> bytes:
    return HKDF(SHA256(), 32, salt=None, info=b"virage " + use.encode()).derive(data_key)


def _made_first(owner: UUID) -> DataKey:
    try:
        with transaction.atomic():
            return make_key(owner, 1)
    except IntegrityError:  # another process made it meanwhile
        return DataKey.objects.get(operator_id=owner, version=1)


def _opened(key: DataKey) -> bytes:
    return master.unwrap(bytes(key.wrapped), key.master, _context(key))


def _context(key: DataKey) -> bytes:
    """What a wrapped key is bound to: a row copied to another operator does not open."""
    return key.operator_id.bytes + key.pk.bytes
