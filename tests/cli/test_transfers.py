"""`virage import` and `virage export`: exit codes, words, JSON, and what reaches the disk."""

import json
import os
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from tests.cli.command import run, run_json
from tests.exchange.samples import STRUCTURE, file_of, person, record
from tests.factories.town import Town
from virage.directory.models import Establishment
from virage.exchange.enums import ImportState
from virage.exchange.models import Import
from virage.foundation.journal.models import JournalEvent
from virage.persons.models import Person, Stay


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "dossier.json"
    path.write_bytes(file_of(record()))
    return path


def test_an_empty_instance_creates_the_establishment_named(db: None, file: Path) -> None:
    result = run("import", "tddui", file)
    assert result.exit_code == 0
    assert "L’établissement « EHPAD Les Tilleuls » a été créé" in result.stdout
    assert "Importé" in result.stdout
    assert str(Person.objects.get().pk) in result.stdout
    assert Establishment.objects.get().units.get().name == "À répartir"
    event = JournalEvent.objects.get(action="import.receive")
    assert (event.actor_name, event.purpose) == ("Ligne de commande", "import")


def test_of_the_structures_named_the_one_that_sends_is_created(db: None, tmp_path: Path) -> None:
    hospital = replace(STRUCTURE, key="1990000309", number="1990000309", name="Hôpital du Lac")
    path = tmp_path / "dossier.json"
    path.write_bytes(file_of(record(structures=[hospital, STRUCTURE])))
    run("import", "tddui", path)
    assert Establishment.objects.get().name == STRUCTURE.name


def test_the_first_unit_takes_the_name_asked_for(db: None, file: Path) -> None:
    result = run("import", "tddui", file, "--unit", "Les Glycines")
    assert "« EHPAD Les Tilleuls » a été créé, avec l’unité « Les Glycines »" in result.stdout
    assert Stay.objects.get().unit == Establishment.objects.get().units.get()


def test_a_file_known_already_is_no_fault(db: None, file: Path) -> None:
    run("import", "tddui", file)
    code, (outcome,) = run_json("import", "tddui", file)
    assert (code, outcome["state"]) == (0, "known")
    assert outcome["is_establishment_new"] is False
    assert Person.objects.count() == 1


def test_a_refused_file_says_why_and_leaves_nothing(db: None, tmp_path: Path) -> None:
    path = tmp_path / "vide.json"
    path.write_text("{}")
    code, (outcome,) = run_json("import", "tddui", path)
    assert (code, outcome["state"]) == (2, "refused")
    assert outcome["lines"][0]["level"] == "refusal"
    assert outcome["lines"][0]["label"]
    assert not Establishment.objects.exists()


def test_a_file_that_names_no_establishment_is_refused_and_the_others_go_on(
    db: None, file: Path, tmp_path: Path
) -> None:
    nowhere = tmp_path / "sans.json"
    sample = record(structures=[], professionals=[], sender_structure="")
    for items in (sample.stays, sample.events, sample.evaluations, sample.notes, sample.documents):
        items.clear()
    nowhere.write_bytes(file_of(sample))
    code, outcomes = run_json("import", "tddui", nowhere, file)
    assert (code, [one["state"] for one in outcomes]) == (2, ["refused", "imported"])
    assert "ne nomme aucun établissement" in outcomes[0]["lines"][0]["label"]


def test_an_empty_instance_does_not_create_another_establishment_than_asked(
    db: None, file: Path
) -> None:
    result = run("import", "tddui", file, "--establishment", "990000309")
    assert result.exit_code == 64
    assert not Establishment.objects.exists()


def test_an_empty_file_is_refused_and_the_others_go_on(
    town: Town, file: Path, tmp_path: Path
) -> None:
    empty = tmp_path / "[red]vide.json"
    empty.write_bytes(b"")
    where = ("--establishment", town.ehpad.finess)
    code, outcomes = run_json("import", "tddui", empty, file, *where)
    assert (code, [one["state"] for one in outcomes]) == (2, ["refused", "imported"])
    assert "[red]vide.json" in run("import", "tddui", empty, *where).stdout


def test_a_name_received_is_never_markup(db: None, tmp_path: Path) -> None:
    sample = record()
    named = replace(sample.structures[0], name="EHPAD [/red] du Lac")
    path = tmp_path / "dossier.json"
    path.write_bytes(file_of(replace(sample, structures=[named])))
    result = run("import", "tddui", path)
    assert result.exit_code == 0
    assert "EHPAD [/red] du Lac" in result.stdout


def test_a_name_received_never_commands_the_terminal(db: None, tmp_path: Path) -> None:
    sample = record()
    named = replace(sample.structures[0], name="EHPAD \x1b[31mdu Lac\x9b1m")
    bundle = json.loads(file_of(replace(sample, structures=[named])))
    bundle["entry"][0]["resource"]["birthDate\x1b[2J"] = "oui"
    path = tmp_path / "dossier.json"
    path.write_text(json.dumps(bundle))
    result = run("import", "tddui", path)
    assert "EHPAD \N{REPLACEMENT CHARACTER}[31mdu Lac" in result.stdout
    assert not {"\x1b", "\x9b"} & set(result.stdout)


def test_a_defect_on_one_file_is_told_beside_the_others(
    town: Town, file: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*args: object, **kwargs: object) -> None:
        raise ZeroDivisionError

    def fail_once(*args: object, **kwargs: object) -> None:
        monkeypatch.undo()
        fail()

    monkeypatch.setattr("virage.exchange.actions.placing.items.write_notes", fail_once)
    other = tmp_path / "autre.json"
    other.write_bytes(file_of(record(person=person(identifiers=[], birth_family_name="PRIGENT"))))
    where = ("--establishment", town.ehpad.finess)
    code, outcomes = run_json("import", "tddui", file, other, *where)
    assert (code, [one["state"] for one in outcomes]) == (1, ["received", "imported"])
    assert "défaut du logiciel" in outcomes[0]["lines"][0]["label"]
    assert Person.objects.get().birth_family_name == "PRIGENT"


def test_a_file_beyond_the_limit_is_refused_unread(
    town: Town, file: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    huge = tmp_path / "enorme.json"
    with huge.open("wb") as written:
        written.truncate(3 * 10**9)
    read = Path.read_bytes
    monkeypatch.setattr(
        Path, "read_bytes", lambda path: pytest.fail("read") if path == huge else read(path)
    )
    where = ("--establishment", town.ehpad.finess)
    code, outcomes = run_json("import", "tddui", huge, file, *where)
    assert (code, [one["state"] for one in outcomes]) == (2, ["refused", "imported"])
    assert "dépasse la taille permise" in outcomes[0]["lines"][0]["label"]


def test_a_doubtful_identity_is_held(db: None, file: Path, tmp_path: Path) -> None:
    run("import", "tddui", file)
    other = tmp_path / "autre.json"
    twin = person(identifiers=[], birth_on=date(1938, 5, 18))
    other.write_bytes(file_of(record(person=twin)))
    result = run("import", "tddui", other)
    assert result.exit_code == 3
    assert "Identité à comparer" in result.stdout
    held = Import.objects.get(state=ImportState.HELD)
    code, (again,) = run_json("import", "tddui", other)
    assert (code, again["state"], again["import_id"]) == (3, "held", str(held.pk))


def test_a_name_that_is_no_text_is_imported_as_any(db: None, file: Path, tmp_path: Path) -> None:
    odd = tmp_path / os.fsdecode(b"dossier-\xe9t\xe9.json")
    file.rename(odd)
    broken = tmp_path / os.fsdecode(b"tronqu\xe9.json")
    broken.write_bytes(odd.read_bytes()[:200])
    code, outcomes = run_json("import", "tddui", broken, odd)
    assert (code, [one["state"] for one in outcomes]) == (2, ["refused", "imported"])
    assert Path(outcomes[1]["file"]).name == Import.objects.get().file_name == "dossier-�t�.json"
    assert "dossier-�t�.json\N{NO-BREAK SPACE}: Déjà reçu" in run("import", "tddui", odd).stdout


def test_the_gravest_outcome_of_several_files_counts(db: None, file: Path, tmp_path: Path) -> None:
    broken = tmp_path / "tronque.json"
    broken.write_bytes(file.read_bytes()[:200])
    code, outcomes = run_json("import", "tddui", file, broken)
    assert (code, [one["state"] for one in outcomes]) == (2, ["imported", "refused"])


def test_one_says_where_when_there_is_a_choice(town: Town, file: Path) -> None:
    result = run("import", "tddui", file)
    assert result.exit_code == 64
    assert "--establishment" in result.stderr
    result = run("import", "tddui", file, "--establishment", "000000000")
    assert "Aucun établissement" in result.stderr
    place = ("--establishment", town.ehpad.finess, "--unit")
    assert "Rez-de-jardin" in run("import", "tddui", file, *place, "Grenier").stderr
    assert run("import", "tddui", file, *place, town.unit_b.name).exit_code == 0


def test_an_export_is_private_and_journalled(db: None, file: Path, tmp_path: Path) -> None:
    run("import", "tddui", file)
    exported = Person.objects.get()
    code, (written,) = run_json("export", "tddui", exported.pk, "--into", tmp_path)
    assert (code, written["person"]) == (0, str(exported.pk))
    path = Path(written["file"])
    assert path.stat().st_mode & 0o077 == 0
    assert json.loads(path.read_bytes())["resourceType"] == "Bundle"
    event = JournalEvent.objects.get(action="record.export")
    assert event.lines.get().subject_id == exported.subject_id


def test_nothing_is_written_when_nobody_has_an_identifier(
    db: None, file: Path, tmp_path: Path
) -> None:
    unknown = "01900000-0000-7000-8000-000000000000"
    run("import", "tddui", file)
    known = Person.objects.get().pk
    file.unlink()
    result = run("export", "tddui", known, unknown, "--into", tmp_path)
    assert result.exit_code == 64
    assert "Aucune personne" in result.stderr
    assert not list(tmp_path.glob("*.json"))
    assert run("export", "tddui", "Odette", "--into", tmp_path).exit_code == 64
