"""A stolen disk shows nothing of the demonstration that is to be encrypted, in any table."""

import json
import os
import re
import subprocess
import sys
from pathlib import Path

from virage.foundation.national_numbers import is_nir_valid

# The demonstration as a command builds it, with a table, a draft and a quoted value that wait; then
# what must not be found, read through the house, and the hashes by which it could be guessed.
BUILD = """
import json
import shutil
from hashlib import sha256
import django
django.setup()
from allauth.mfa.adapter import get_adapter
from allauth.mfa.models import Authenticator
from django.conf import settings
from django.utils import timezone
from virage.cli.preparing import prepare_database
from virage.demo.builder import build_demo
from tests.exchange.samples import file_of, receive
from tests.formats.full_record import full_record
from virage.directory.actions.imports import receive_table
from virage.directory.enums import ImportKind
from virage.directory.models import Account, DirectoryImport, Operator
from virage.directory.queries import actor_of, system_membership
from virage.exchange.models import Import, ImportLine, ReceivedItem
from virage.formats.spreadsheet import Sheet
from virage.foundation.drafts.actions import keep_draft
from virage.foundation.storage import files
from virage.foundation.storage.holders import held_files
from virage.persons.models import Coverage, Person, PersonIdentifier
prepare_database()
build_demo()
now = timezone.now()
operator = Operator.objects.earliest("id")
office = actor_of(system_membership(operator), now)
place = operator.establishments.earliest("id")
received = receive(office, file_of(full_record()), establishment=place)
signed = Account.objects.filter(professional__operator=operator).earliest("id")
someone = actor_of(signed.professional.memberships.earliest("id"), now)
receive_table(office, kind=ImportKind.STAFF, file_name="a.csv", sheet=Sheet(
    ["Nom", "Matricule", "Contact"], [["Kerguelen", "M-77", "0699887766, sa soeur"]], 1))
keep_draft(someone, address="/usagers/", entered={"text": ["Brouillon tenu secret"]})
ImportLine.objects.create(of_import=received, position=999, level="warning", value="valeur lue")
columns = [(Person, "ins_value"), (PersonIdentifier, "value"), (Coverage, "insured_number"),
    (Import, "held_identity"), (ReceivedItem, "content")]
held = {f"{model.__name__}.{name}": [one for one in model.objects.values_list(name, flat=True)]
    for model, name in columns}
held["ImportLine.value"] = ["valeur lue"]
# The names and the numbers of staff are searched; what no column of ours takes is not kept.
held["DirectoryImport.rows"] = [
    row[2] for one in DirectoryImport.objects.all() for row in one.rows]
held["Authenticator.data"] = [
    get_adapter().decrypt(one.data["secret"])
    for one in Authenticator.objects.filter(type="totp")]
held["Draft.text"] = ["Brouillon tenu secret"]
held["hashes"] = [sha256(files.get(one.address)).hexdigest() for one in held_files()]
# As a thief takes it, while the site runs: what waits to reach the database is there too.
stolen = settings.VIRAGE_HOME / "stolen"
stolen.mkdir()
for path in settings.VIRAGE_HOME.glob("virage.sqlite3*"):
    shutil.copy(path, stolen)
print(json.dumps(held))
"""
# What the house holds of each, at least: none is looked for in vain.
EXPECTED = {
    "Person.ins_value": 50,
    "PersonIdentifier.value": 50,
    "Coverage.insured_number": 50,
    "Import.held_identity": 1,
    "ImportLine.value": 1,
    "ReceivedItem.content": 1,
    "DirectoryImport.rows": 1,
    "Authenticator.data": 1,
    "Draft.text": 1,
    "hashes": 10,
}
SHAPES = (b"%PDF", b"JFIF", b"\x89PNG", b"PK\x03\x04", b"resourceType", b"ClinicalDocument")
# Shorter, a value would be found by chance; longer, it may lie on several pages.
LEAST, MOST = 6, 80
# A unit, a room kept in words are in clear elsewhere.
LEAST_OF = {"ReceivedItem.content": 40}
# What another software sent bears identifiers made of the person's number, which are searched.
ITEM = rb"(?!-[A-Za-z])"


def test_the_disk_of_the_demonstration_shows_nothing(tmp_path: Path) -> None:
    own = {"VIRAGE_HOME": str(tmp_path), "DJANGO_SETTINGS_MODULE": "virage.settings.demo"}
    kept = {name: value for name, value in os.environ.items() if name != "VIRAGE_DATABASE_URL"}
    built = subprocess.run(
        [sys.executable, "-c", BUILD], env=kept | own, capture_output=True, text=True, check=False
    )
    assert built.returncode == 0, built.stderr
    held = json.loads(built.stdout.splitlines()[-1])
    looked = {
        name: {
            one for one in held[name] if len(one) >= LEAST_OF.get(name, LEAST) and one != "inconnu"
        }
        for name in held
    }
    assert {
        name: len(looked[name]) for name, least in EXPECTED.items() if len(looked[name]) < least
    } == {}

    taken = {path.name: path.read_bytes() for path in (tmp_path / "stolen").iterdir()}
    assert len(taken["virage.sqlite3-wal"]) > 0
    database = b"".join(taken.values())
    shown = {
        name: [one for one in values if _lies_in(database, one[:MOST].encode())]
        for name, values in looked.items()
    }
    assert {name: found for name, found in shown.items() if found} == {}
    numbers = re.findall(rb"(?<![0-9a-f])\d{15}(?![0-9a-f])", database)
    assert [one for one in numbers if is_nir_valid(one.decode())] == []
    assert [one for one in SHAPES if one in database] == []

    stored = [path.read_bytes() for path in (tmp_path / "files").rglob("*") if path.is_file()]
    assert len(stored) > 10
    assert [one[:80] for one in stored if any(shape in one for shape in SHAPES)] == []


def _lies_in(database: bytes, text: bytes) -> bool:
    return text in database and re.search(re.escape(text) + ITEM, database) is not None
