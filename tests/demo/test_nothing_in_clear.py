"""A stolen disk shows no national number and no file of the demonstration."""

import json
import os
import re
import subprocess
import sys
from pathlib import Path

from virage.foundation.national_numbers import is_nir_valid

# The demonstration as a command builds it, then the numbers that it holds.
BUILD = """
import json
import shutil
import django
django.setup()
from django.conf import settings
from virage.cli.preparing import prepare_database
from virage.demo.builder import build_demo
from virage.documents.models import Document
from virage.persons.models import Coverage, Person, PersonIdentifier
prepare_database()
build_demo()
columns = ((Person, "ins_value"), (PersonIdentifier, "value"), (Coverage, "insured_number"))
held = [n for model, name in columns for n in model.objects.values_list(name, flat=True) if n]
# As a thief takes it, while the site runs: what waits to reach the database is there too.
stolen = settings.VIRAGE_HOME / "stolen"
stolen.mkdir()
for path in settings.VIRAGE_HOME.glob("virage.sqlite3*"):
    shutil.copy(path, stolen)
print(json.dumps({"numbers": held, "documents": Document.objects.count()}))
"""
SHAPES = (b"%PDF", b"JFIF", b"\x89PNG", b"PK\x03\x04", b"resourceType", b"ClinicalDocument")


def test_the_disk_of_the_demonstration_shows_nothing(tmp_path: Path) -> None:
    own = {"VIRAGE_HOME": str(tmp_path), "DJANGO_SETTINGS_MODULE": "virage.settings.demo"}
    kept = {name: value for name, value in os.environ.items() if name != "VIRAGE_DATABASE_URL"}
    built = subprocess.run(
        [sys.executable, "-c", BUILD], env=kept | own, capture_output=True, text=True, check=True
    )
    held = json.loads(built.stdout.splitlines()[-1])
    numbers = set(held["numbers"])
    assert len([one for one in numbers if is_nir_valid(one)]) > 50
    assert held["documents"] > 10

    taken = {path.name: path.read_bytes() for path in (tmp_path / "stolen").iterdir()}
    assert len(taken["virage.sqlite3-wal"]) > 0
    database = b"".join(taken.values())
    assert [one for one in numbers if len(one) > 5 and one.encode() in database] == []
    shown = re.findall(rb"(?<![0-9a-f])\d{15}(?![0-9a-f])", database)
    assert [one for one in shown if is_nir_valid(one.decode())] == []

    stored = [path.read_bytes() for path in (tmp_path / "files").rglob("*") if path.is_file()]
    assert len(stored) > 10
    assert [one[:80] for one in stored if any(shape in one for shape in SHAPES)] == []
