"""`virage import directory`: what would change, what is wrong, what is written."""

from pathlib import Path

import pytest

from tests.cli.command import run
from tests.directory.test_imports import STAFF
from tests.factories.town import Town
from virage.directory.models import DirectoryImport, Professional
from virage.foundation.journal.models import JournalEvent

SIREN = ("--operator", "990000010")


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "personnel.csv"
    path.write_text(STAFF, encoding="cp1252")
    return path


def test_a_table_is_checked_without_writing_then_written(town: Town, file: Path) -> None:
    before = Professional.objects.count()
    checked = run("import", "directory", file, "--kind", "staff", *SIREN, "--dry-run")
    assert checked.exit_code == 0
    assert "3 création(s)" in checked.stdout
    assert "Rien n’est écrit" in checked.stdout
    assert (Professional.objects.count(), DirectoryImport.objects.get().rows) == (before, [])
    assert run("import", "directory", file, "--kind", "staff", *SIREN).exit_code == 0
    assert Professional.objects.count() == before + 3
    event = JournalEvent.objects.filter(action="professional.create").latest("id")
    assert (event.actor_name, event.purpose) == ("Ligne de commande", "import de l’annuaire")
    again = run("import", "directory", file, "--kind", "staff", *SIREN)
    assert "0 création(s), 0 modification(s), 3 sans changement" in again.stdout


def test_what_is_wrong_is_told_by_line_and_given_back(
    town: Town, file: Path, tmp_path: Path
) -> None:
    file.write_text(STAFF.replace("05/01/2026", "bientôt"), encoding="utf-8")
    errors = tmp_path / "erreurs.csv"
    result = run("import", "directory", file, "--kind", "staff", *SIREN, "--errors", errors)
    assert result.exit_code == 2
    assert "Ligne 2, Premier jour" in result.stdout
    assert "Erreurs" in errors.read_text(encoding="utf-8-sig").splitlines()[0]
    assert errors.stat().st_mode & 0o777 == 0o600
    assert DirectoryImport.objects.get().state == "discarded"


def test_columns_that_are_not_read_are_named(town: Town, file: Path) -> None:
    file.write_text("Matricule;Nom;Pointure\nM1;Lefèvre;38\n", encoding="utf-8")
    result = run("import", "directory", file, "--kind", "staff", *SIREN, "--dry-run")
    assert "ne sont pas lues\u00a0: Pointure" in result.stdout


def test_no_table_and_no_operator_are_told(town: Town, file: Path) -> None:
    assert "Plusieurs organismes" in run("import", "directory", file, "--kind", "staff").output
    file.write_text("Truc;Machin\n1;2\n")
    result = run("import", "directory", file, "--kind", "staff", *SIREN)
    assert result.exit_code == 1
    assert "ne se reconnaissent pas" in result.output
