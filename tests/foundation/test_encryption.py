"""What is encrypted opens for its purpose and with its key alone; what is hashed is only found."""

import stat
from base64 import urlsafe_b64decode, urlsafe_b64encode
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from django.db import transaction

from virage.foundation.encryption import keys, master
from virage.foundation.encryption.models import DataKey
from virage.foundation.encryption.values import decrypt, encrypt, keyed_hash, keyed_hashes
from virage.foundation.ids import new_id

pytestmark = pytest.mark.django_db
SECRET = "JBSWY3DPEHPK3PXP é"
USE = "account.totp"


@pytest.fixture(autouse=True)
def own_master_key(settings: Any, tmp_path: Path) -> Path:
    settings.MASTER_KEY_FILE = tmp_path / "keys" / "master_key"
    return settings.MASTER_KEY_FILE


@pytest.fixture
def operators() -> tuple[UUID, UUID]:
    return new_id(), new_id()


def test_a_value_comes_back_and_never_looks_the_same() -> None:
    first, second = encrypt(SECRET, USE), encrypt(SECRET, USE)
    assert first != second
    assert SECRET not in first
    assert decrypt(first, USE) == decrypt(second, USE) == SECRET


def test_a_value_opens_for_its_purpose_alone() -> None:
    with pytest.raises(ValueError, match="autre chose"):
        decrypt(encrypt(SECRET, USE), "backup")


def test_no_byte_of_a_value_can_change() -> None:
    raw = urlsafe_b64decode(encrypt(SECRET, USE))
    for place in range(len(raw)):
        altered = raw[:place] + bytes([raw[place] ^ 1]) + raw[place + 1 :]
        with pytest.raises((ValueError, master.KeyUnavailable)):
            decrypt(urlsafe_b64encode(altered).decode(), USE)


def test_a_hash_is_the_same_for_one_operator_and_purpose(operators: tuple[UUID, UUID]) -> None:
    mine, other = operators
    assert keyed_hash("123", "ins", mine) == keyed_hash("123", "ins", mine)
    assert keyed_hashes("123", "ins", mine) == [keyed_hash("123", "ins", mine)]
    assert keyed_hash("123", "ins", mine) != keyed_hash("123", "ins", other)
    assert keyed_hash("123", "ins", mine) != keyed_hash("123", "nir", mine)


def test_the_master_key_is_made_once_for_its_owner_alone(own_master_key: Path) -> None:
    token = encrypt(SECRET, USE)
    written = own_master_key.read_text()
    assert stat.S_IMODE(own_master_key.stat().st_mode) & 0o077 == 0
    keys.forget()
    assert decrypt(token, USE) == SECRET
    encrypt(SECRET, USE, new_id())
    assert own_master_key.read_text() == written


def test_the_environment_may_give_the_master_key(settings: Any, own_master_key: Path) -> None:
    settings.MASTER_KEY = master.new_key()
    assert decrypt(encrypt(SECRET, USE), USE) == SECRET
    assert not own_master_key.exists()


def test_a_lost_key_is_told_and_never_replaced(own_master_key: Path) -> None:
    token = encrypt(SECRET, USE)
    own_master_key.unlink()
    keys.forget()
    for attempt in (keys.require_master_key, lambda: decrypt(token, USE), lambda: encrypt("", USE)):
        with pytest.raises(master.KeyUnavailable, match="manque"):
            attempt()
    with pytest.raises(master.KeyUnavailable, match="manque"):
        encrypt(SECRET, USE, new_id())
    assert not own_master_key.exists()


@pytest.mark.parametrize("wrong", ["", "clé", "AAAA", "{other}"])
def test_a_wrong_key_is_told(own_master_key: Path, wrong: str) -> None:
    encrypt(SECRET, USE)
    own_master_key.write_text(wrong.format(other=master.new_key()))
    with pytest.raises(master.KeyUnavailable):
        keys.require_master_key()


def test_a_wrapped_key_moved_to_another_operator_does_not_open(
    operators: tuple[UUID, UUID],
) -> None:
    mine, other = operators
    encrypt(SECRET, USE, mine)
    DataKey.objects.filter(operator_id=mine).update(operator_id=other)
    with pytest.raises(master.KeyUnavailable, match="altérée"):
        keys.require_master_key()


@pytest.mark.django_db(transaction=True)
def test_a_key_made_in_an_undone_transaction_is_forgotten(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(keys, "_unconfirmed", set())
    operator = new_id()
    with pytest.raises(RuntimeError), transaction.atomic():
        encrypt(SECRET, USE, operator)
        raise RuntimeError
    token = encrypt(SECRET, USE, operator)
    keys.forget()
    assert decrypt(token, USE) == SECRET
