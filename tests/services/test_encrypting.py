"""A site of before encryption, upgraded by today's code and killed on the way: all is read, and
nothing is left in clear where it lay.

The former tables are those that the first migrations make.
"""

import hashlib
import json
import sqlite3
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import closing
from os.path import commonprefix
from pathlib import Path
from typing import Any

import psycopg
import pyrage
import pytest

from tests.services import postgresql
from tests.services.sites import Site

pytestmark = pytest.mark.services
COUNT = 250
FILL = f"""
import hashlib, pathlib
from django.conf import settings
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django.utils import timezone
from virage.foundation.ids import new_id
rooms = "access agenda directory documents exchange instruments journal outbox persons record"
first = [(room, "0001_initial") for room in rooms.split()]
executor = MigrationExecutor(connection)
executor.migrate(first)
apps = executor.loader.project_state(first).apps
def make(room, model, **columns):
    return apps.get_model(room, model).objects.create(**columns)
operator = make("directory", "Operator", name="Association")
make("journal", "JournalEvent", at=timezone.now(), operator_id=operator.pk, actor_name="Virage",
    profession="system", action="operator.create", is_write=True, target_id=operator.pk)
def subject(kind):
    return make("access", "Subject", operator_id=operator.pk, kind=kind)
home = make("directory", "Establishment", name="IME", operator=operator, subject=subject("place"))
for rank in range({COUNT}):
    hers = subject("person")
    person = make("persons", "Person", birth_family_name="Petit", first_birth_given_name="Lise",
        search_text="PETIT LISE", operator=operator, subject=hers, ins_value=f"2750675{{rank:08}}")
    make("persons", "PersonIdentifier", person=person, value=f"3990000101/numero-{{rank}}")
    make("persons", "Coverage", person=person, insured_number=f"assuree-{{rank}}")
    content = b"contenu clair %d" % rank
    digest = hashlib.sha256(content).hexdigest()
    path = pathlib.Path(settings.FILES) / digest[:2] / digest[2:4] / digest
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)
    received = make("exchange", "Import", operator=operator, establishment=home,
        membership_id=new_id(), file_name="a", digest=digest, size_bytes=1,
        document_sha256=digest, held_identity=f"identite-{{rank}}")
    make("exchange", "ImportLine", of_import=received, position=1, level="warning",
        value=f"valeur-{{rank}}")
    make("exchange", "ReceivedItem", operator_id=operator.pk, establishment=home, subject=hers,
        of_import=received, volet="care", happened_at=timezone.now(), author_name="",
        author_profession="", kind="words", title="t", key=str(rank), content=f"recu-{{rank}}")
print(json.dumps(1))
"""
READ = """
from virage.exchange.models import Import, ImportLine, ReceivedItem
from virage.foundation.storage import files
from virage.persons.models import Coverage, Person, PersonIdentifier
columns = [(Person, "ins_value"), (PersonIdentifier, "value"), (Coverage, "insured_number"),
    (Import, "held_identity"), (ImportLine, "value"), (ReceivedItem, "content")]
# An identity was JSON.
read = [[value.strip('"') for value in model.objects.values_list(name, flat=True)]
    for model, name in columns]
imports = list(Import.objects.all())
read.append([files.get(one.digest).decode() for one in imports])
print(json.dumps([read, sum(one.digest == one.document_address for one in imports)]))
"""
# What the former site held, and what would find it again: nothing that a number of another kind
# looks like, as 1.2000000000000002.
SHAPES = (
    *("2750675{:08}", "3990000101/numero-{}", "assuree-{}", "identite-{}", "valeur-{}", "recu-{}"),
    "contenu clair {}",
)
WORDS = [[shape.format(rank) for rank in range(COUNT)] for shape in SHAPES]
DIGESTS = [hashlib.sha256(text.encode()).hexdigest() for text in WORDS[-1]]
# Columns of which some rows are encrypted and some are not, when the upgrade is killed.
HALFWAY = (
    ("persons_person", "ins_value"),
    ("exchange_receiveditem", "content"),
)


@pytest.fixture(
    params=[
        "sqlite",
        pytest.param(
            "postgresql",
            marks=pytest.mark.skipif(
                not postgresql.is_installed(),
                reason=f"no PostgreSQL 15: install the Debian package `{postgresql.PACKAGE}`",
            ),
        ),
    ]
)
def site(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Site]:
    """A site whose recovery key is known, on either database."""
    key = str(pyrage.x25519.Identity.generate().to_public())
    own = {"VIRAGE_BACKUP_KEY": key, "VIRAGE_BACKUP_FOLDER": str(tmp_path / "backups")}
    if request.param == "sqlite":
        yield Site(tmp_path / "home", **own)
        return
    with postgresql.running() as url:
        yield Site(tmp_path / "home", url, **own)


def python(site: Site, code: str) -> Any:
    done = subprocess.run(
        [sys.executable, "-c", f"import json, django; django.setup()\n{code}"],
        env=site.environment | {"DJANGO_SETTINGS_MODULE": "virage.settings.production"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout.splitlines()[-1])


def encrypted(site: Site, table: str, column: str) -> int:
    """Return how many rows of a column are encrypted: longer than what was in clear."""
    look = f"SELECT count(*) FROM {table} WHERE length({column}) > 60"  # noqa: S608
    if url := site.environment["VIRAGE_DATABASE_URL"]:
        with psycopg.connect(url, autocommit=True) as there:
            return int((there.execute(look).fetchone() or [0])[0])
    with closing(sqlite3.connect(site.home / "virage.sqlite3", timeout=20)) as here:
        return int(here.execute(look).fetchone()[0])


def lies_in_clear(site: Site) -> set[str]:
    """Return what can be read, without a key, where the database and the files lie."""
    folders = [site.home]
    if site.environment["VIRAGE_DATABASE_URL"]:
        where = """
from django.db import connection
with connection.cursor() as cursor:
    cursor.execute("CHECKPOINT")
    cursor.execute("SHOW data_directory")
    print(json.dumps(cursor.fetchone()[0]))
"""
        folders.append(Path(python(site, where)) / "base")
    taken = [path for folder in folders for path in folder.rglob("*") if path.is_file()]
    lying = b"".join(path.read_bytes() for path in taken)
    # Where what some begin with lies nowhere, none of them does.
    begun = [one for one in [*WORDS, DIGESTS] if commonprefix(one).encode() in lying]
    return {one for words in begun for one in words if one.encode() in lying}


def test_a_site_of_before_encryption_shows_nothing_once_upgraded(site: Site) -> None:
    site.home.mkdir(mode=0o700)
    python(site, FILL)
    assert len(lies_in_clear(site)) == len(SHAPES) * COUNT + COUNT
    for table, column in HALFWAY:
        killed = site.start("upgrade")
        while not encrypted(site, table, column):
            assert killed.poll() is None
            time.sleep(0.01)
        killed.kill()
        killed.communicate()
        done = encrypted(site, table, column)
        assert 0 < done < COUNT, f"{table}.{column}: killed too late to tell anything"
    site.done("upgrade")
    read, keyed = python(site, READ)
    assert [(len(one), set(one)) for one in read] == [(COUNT, set(words)) for words in WORDS]
    assert keyed == COUNT
    assert "clair" not in site.done("check")
    assert lies_in_clear(site) == set()
