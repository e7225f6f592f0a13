"""A change of keys killed half-way, in real processes, wherever it was: all is read, and it is
taken up again.
"""

import sqlite3
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from functools import partial
from pathlib import Path
from typing import Any

import psycopg
import pytest

from tests.services.sites import Site, database
from tests.services.test_cut_short import DATABASES
from tests.services.test_encrypting import python

pytestmark = pytest.mark.services
COUNT = 250
# What one operator and the site hold, and what each key encrypts begins with.
FILL = f"""
from base64 import urlsafe_b64encode
from allauth.mfa.models import Authenticator
from django.utils import timezone
from virage.cli.preparing import prepare_database
from virage.directory.actions import create_establishment, create_operator
from virage.directory.actions.secrets import FACTOR, PIN
from virage.directory.models import Account, Professional
from virage.directory.queries import actor_of, system_membership
from virage.exchange.models import Import
from virage.foundation.drafts.models import Draft
from virage.foundation.drafts.queries import purpose_of
from virage.foundation.encryption.keys import current_key_id
from virage.foundation.encryption.models import SITE
from virage.foundation.encryption.values import encrypt
from virage.foundation.storage import files
prepare_database()
operator = create_operator(name="Association")
actor = actor_of(system_membership(operator), timezone.now())
home = create_establishment(actor, name="EHPAD")
for rank in range({COUNT}):
    address = files.put(b"dossier %d" % rank, operator.pk)
    Import.objects.create(operator=operator, establishment=home, membership_id=actor.membership_id,
        file_name="a", digest=address, size_bytes=1, held_identity=f"identite {{rank}}")
    owner = Professional.objects.create(operator=operator, family_name="Petit")
    account = Account.objects.create(professional=owner, email=f"{{rank}}@example.org",
        pin=encrypt(f"code {{rank}}", PIN))
    Authenticator.objects.create(user=account, type="totp",
        data={{"secret": encrypt(f"facteur {{rank}}", FACTOR)}})
    draft = Draft(operator_id=operator.pk, account_id=account.pk, address="/ecrire/",
        membership_id=actor.membership_id)
    draft.text = encrypt(f"brouillon {{rank}}", purpose_of(account.pk, draft), operator.pk)
    draft.save()
begins = {{str(one): urlsafe_b64encode(current_key_id(one).bytes).decode()[:21]
    for one in (operator.pk, SITE)}}
print(json.dumps([begins, str(operator.pk), str(SITE)]))
"""
LOOK = """
from allauth.mfa.models import Authenticator
from virage.directory.actions.secrets import FACTOR, PIN
from virage.directory.models import Account
from virage.exchange.models import Import
from virage.foundation.drafts.models import Draft
from virage.foundation.drafts.queries import purpose_of
from virage.foundation.encryption.models import DataKey
from virage.foundation.encryption.values import decrypt
from virage.foundation.storage import files
read = [files.get(one.digest).decode() for one in Import.objects.all()]
read += Import.objects.values_list("held_identity", flat=True)
read += [decrypt(draft.text, purpose_of(draft.account_id, draft)) for draft in Draft.objects.all()]
read += [decrypt(one.pin, PIN) for one in Account.objects.all()]
read += [decrypt(one.data["secret"], FACTOR) for one in Authenticator.objects.all()]
versions = {key.pk: key.version for key in DataKey.objects.all()}
under = sorted({versions[files.key_id_of(one.digest)] for one in Import.objects.all()})
retired = DataKey.objects.exclude(retired_at=None).count()
print(json.dumps([sorted(read), under, retired]))
"""
SHAPES = ("dossier", "identite", "brouillon", "code", "facteur")
EXPECTED = sorted(f"{shape} {rank}" for shape in SHAPES for rank in range(COUNT))
OF_THE_OPERATOR = (("exchange_import", "held_identity"), ("drafts_draft", "text"))
OF_THE_SITE = (("directory_account", "pin"), ("mfa_authenticator", "data"))


@pytest.fixture(params=DATABASES)
def site(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Site]:
    with database(request.param) as (url, _):
        yield Site(tmp_path / "home", url)


@contextmanager
def from_outside(site: Site) -> Iterator[Callable[[str, str, str], int]]:
    """Give what counts the rows of a column that are under a key: table, column, its mark."""
    if url := site.environment["VIRAGE_DATABASE_URL"]:
        opened: Any = psycopg.connect(url, autocommit=True)
    else:
        opened = sqlite3.connect(site.home / "virage.sqlite3", timeout=20, isolation_level=None)

    def count(table: str, column: str, mark: str) -> int:
        look = f"SELECT count(*) FROM {table} WHERE CAST({column} AS text) LIKE '%{mark}%'"  # noqa: S608
        return int(opened.execute(look).fetchone()[0])

    with closing(opened):
        yield count


def changed_files(former: dict[Path, bytes]) -> int:
    return sum(path.read_bytes() != content for path, content in former.items())


def kill(rotation: "subprocess.Popen[str]", is_under_way: Callable[[], bool]) -> None:
    """End a rotation without a word once it has gone so far."""
    while not is_under_way():
        assert rotation.poll() is None, rotation.communicate()
        time.sleep(0.002)
    rotation.kill()
    rotation.communicate()


def test_a_rotation_killed_in_the_middle_loses_nothing(site: Site) -> None:
    site.home.mkdir(mode=0o700)
    marks, operator, whole_site = python(site, FILL)
    stored = [path for path in (site.home / "files").rglob("*") if path.is_file()]
    former = {path: path.read_bytes() for path in stored}
    places = [(operator, *one) for one in OF_THE_OPERATOR]
    places += [(whole_site, *one) for one in OF_THE_SITE]

    def rotate(owner: str) -> "subprocess.Popen[str]":
        return site.start("keys", "rotate-data", "--operator", owner)

    kill(rotate(operator), lambda: changed_files(former) > 0)
    assert changed_files(former) < COUNT
    assert python(site, LOOK) == [EXPECTED, [1, 2], 0]
    with from_outside(site) as count:
        for owner, *place in places:
            under = partial(count, *place, marks[owner])
            kill(rotate(owner), lambda under=under: under() < COUNT)
            assert 0 < under() < COUNT, f"{place}: killed too late to tell anything"
        assert python(site, LOOK) == [EXPECTED, [2], 0]
        site.done("keys", "rotate-data")
        assert python(site, LOOK) == [EXPECTED, [2], 2]
        assert [count(*place, marks[owner]) for owner, *place in places] == [0] * len(places)
