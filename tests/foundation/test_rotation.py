"""Keys change while the site reads, and a change that was interrupted is taken up again."""

import hashlib
from base64 import urlsafe_b64encode
from collections.abc import Iterator, Sequence
from itertools import islice
from pathlib import Path
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from django.db import connection

from tests.factories import drafts
from tests.factories.people import welcome
from tests.factories.town import Town, actor_of
from tests.persons.admissions import admit
from virage.directory.actions.sign_in import opens, renew_codes, set_pin
from virage.documents.actions import add_documents
from virage.documents.models import Document
from virage.foundation.drafts.actions import keep_draft
from virage.foundation.drafts.queries import own_draft
from virage.foundation.encryption import actions, keys, master
from virage.foundation.encryption.columns import encrypt_columns_again
from virage.foundation.encryption.models import SITE, DataKey
from virage.foundation.encryption.values import decrypt, encrypt, keyed_hash, keyed_hashes
from virage.foundation.storage import actions as storage
from virage.foundation.storage import files
from virage.foundation.storage.actions import encrypt_clear_files, encrypt_files_again
from virage.persons.actions import set_ins
from virage.persons.enums import InsOid

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def own_master_key(settings: Any, tmp_path: Path) -> Path:
    settings.MASTER_KEY_FILE = tmp_path / "keys" / "master_key"
    return Path(settings.MASTER_KEY_FILE)


@pytest.fixture
def documents(town: Town) -> dict[str, bytes]:
    """Three files of one operator, by their address."""
    rose = welcome(town, "Rose Lambert", town.ehpad, town.unit_a)
    contents = [b"%PDF-" + text for text in (b"un", b"deux", b"trois")]
    made = [drafts.document(rose, content=content) for content in contents]
    added = add_documents(actor_of(town.alice), drafts=made)
    return {one.digest: content for one, content in zip(added, contents, strict=True)}


def as_if_killed() -> None:
    """Go on as another process, which knows only what is written."""
    keys.forget()


def test_a_new_master_key_opens_what_the_former_wrapped(own_master_key: Path) -> None:
    token, former = encrypt("secret", "use"), own_master_key.read_text()
    assert actions.rotate_master_key() == 1
    as_if_killed()
    assert decrypt(token, "use") == "secret"
    assert former not in own_master_key.read_text()
    (aside,) = own_master_key.parent.glob("master_key.former-*")
    assert aside.read_text() == former


def test_a_master_rotation_cut_short_reads_and_goes_on(
    own_master_key: Path, town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    tokens = [encrypt("secret", "use", one.pk) for one in (town.operator, town.other_operator)]
    wraps = iter([keys.rewrap])

    def fail_at_the_second(key: DataKey) -> None:
        next(wraps)(key)

    with monkeypatch.context() as patch, pytest.raises(StopIteration):
        patch.setattr(keys, "rewrap", fail_at_the_second)
        actions.rotate_master_key()
    as_if_killed()
    assert [decrypt(token, "use") for token in tokens] == ["secret"] * 2
    begun = own_master_key.read_text().split()[0]
    assert actions.rotate_master_key() == DataKey.objects.count() - 1
    assert own_master_key.read_text().split() == [begun]
    as_if_killed()
    assert [decrypt(token, "use") for token in tokens] == ["secret"] * 2


def test_the_environment_gives_both_keys_to_rotate(settings: Any) -> None:
    former, new = master.new_key(), master.new_key()
    settings.MASTER_KEY = former
    token = encrypt("secret", "use")
    with pytest.raises(master.KeyUnavailable, match="virgule"):
        actions.rotate_master_key()
    settings.MASTER_KEY = f"{new},{former}"
    actions.rotate_master_key()
    settings.MASTER_KEY = new
    as_if_killed()
    assert decrypt(token, "use") == "secret"


def test_files_are_encrypted_again_from_where_it_stopped(
    town: Town, documents: dict[str, bytes]
) -> None:
    former = keys.current_key_id(town.operator.pk)
    key = actions.begin_rotation(town.operator.pk)
    list(islice(encrypt_files_again(town.operator.pk), 1))
    as_if_killed()
    assert {files.key_id_of(one) for one in documents} == {former, key.pk}
    assert {one: files.get(one) for one in documents} == documents
    assert actions.begin_rotation(town.operator.pk) == key
    assert len(list(encrypt_files_again(town.operator.pk))) == 2
    actions.end_rotation(key)
    assert {files.key_id_of(one) for one in documents} == {key.pk}
    assert {one: files.get(one) for one in documents} == documents
    assert files.address_of(next(iter(documents.values())), town.operator.pk) in documents
    assert actions.begin_rotation(town.operator.pk).version == 3


def test_a_hash_made_under_a_former_key_is_found(town: Town) -> None:
    stored = keyed_hash("123", "ins", town.operator.pk)
    actions.begin_rotation(town.operator.pk)
    assert keyed_hash("123", "ins", town.operator.pk) != stored
    assert stored in keyed_hashes("123", "ins", town.operator.pk)


def test_files_left_in_clear_are_taken_up_and_leave_no_trace(
    settings: Any, documents: dict[str, bytes], monkeypatch: pytest.MonkeyPatch
) -> None:
    forgotten: list[int] = []
    forget = lambda _connection: forgotten.append(len(list(files.clear_files())))  # noqa: E731
    monkeypatch.setattr(storage, "forget_former_pages", forget)
    for address, content in documents.items():
        digest = hashlib.sha256(content).hexdigest()
        path = settings.FILES / digest[:2] / digest[2:4] / digest
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
        files.remove(address)
        Document.objects.filter(digest=address).update(digest=digest)
    assert len(list(islice(encrypt_clear_files(), 1))) == 1
    assert len(list(encrypt_clear_files())) == 2
    storage.remove_clear_files()
    storage.remove_clear_files()
    assert forgotten == [3]  # before any was removed, and not once more
    assert {one: files.get(one) for one in documents} == documents
    assert set(Document.objects.values_list("digest", flat=True)) == set(documents)
    assert list(files.clear_files()) == []
    stored = [path.read_bytes() for path in settings.FILES.rglob("*") if path.is_file()]
    assert len(stored) == 3
    assert not [one for one in stored if b"%PDF" in one]


def test_nothing_stays_under_a_former_key(town: Town) -> None:
    """Every column of every table is searched: none can be forgotten."""
    account = town.alice.professional.account
    set_pin(account, pin="48213")
    codes = renew_codes(account)
    keep_draft(actor_of(town.alice), address="/ecrire/", entered={"text": ["Rose a bien dormi."]})
    rose, sofia = admit(town, town.unit_a), actor_of(town.sofia)
    ins = "241039910100192"
    set_ins(sofia, person=rose, expected_version=rose.version, value=ins, oid=InsOid.TEST)
    owners = (SITE, town.operator.pk)
    former = [urlsafe_b64encode(keys.current_key_id(one).bytes).decode()[:21] for one in owners]
    assert set(tables_that_hold(former)) >= {
        "directory_account",
        "mfa_authenticator",
        "drafts_draft",
        "persons_person",
    }
    for one in owners:
        key = actions.begin_rotation(one)
        list(islice(encrypt_columns_again(one), 1))  # and killed there
        as_if_killed()
        assert actions.begin_rotation(one) == key
        list(encrypt_columns_again(one))
        assert list(encrypt_columns_again(one)) == []
        actions.end_rotation(key)
    assert list(tables_that_hold(former)) == []
    account.refresh_from_db()
    assert opens(account, "48213")
    begun = own_draft(actor_of(town.alice), "/ecrire/")
    assert begun and begun.entered == {"text": ["Rose a bien dormi."]}
    kept = Authenticator.objects.get(user=account, type=Authenticator.Type.RECOVERY_CODES)
    assert RecoveryCodes(kept).get_unused_codes() == codes


def test_a_value_that_was_altered_stops_no_rotation(town: Town) -> None:
    account = town.alice.professional.account
    set_pin(account, pin="48213")
    account.pin = account.pin[:-2] + "AA"
    account.save(update_fields=["pin"])
    actions.begin_rotation(SITE)
    assert account.pk not in list(encrypt_columns_again(SITE))


def tables_that_hold(marks: Sequence[str]) -> Iterator[str]:
    """Give the tables of which some column holds one of these texts."""
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            cursor.execute(f"SELECT * FROM {connection.ops.quote_name(table)}")  # noqa: S608
            rows = str(cursor.fetchall())
            if any(mark in rows for mark in marks):
                yield table
