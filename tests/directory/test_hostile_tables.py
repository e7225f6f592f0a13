"""Tables as payrolls and hurried people make them: each told in words, with its line and column."""

import io
import zipfile
from datetime import date
from typing import Any

import pytest
from django.db import IntegrityError
from django.test import Client
from django.urls import reverse
from openpyxl import Workbook

from tests.directory.test_imports import STAFF, STRUCTURES, receive, told, write
from tests.factories.town import Town, actor_of, sign_in
from virage.directory.actions import create_professional, leave, update_professional
from virage.directory.actions.imports import apply_table, check_table, write_table
from virage.directory.models import DirectoryImport, Establishment, Professional
from virage.directory.queries.imports import planned_rows, report_of
from virage.directory.rules.imports import (
    BadCell,
    day_of,
    finess_of,
    number_of,
    read_table,
    values_of,
)
from virage.foundation.outbox.actions import drain

pytestmark = pytest.mark.django_db


def post(client: Client, content: bytes, kind: str = "staff") -> Any:
    file = io.BytesIO(content)
    file.name = "tableau.xlsx"
    return client.post(reverse("directory:import_list"), {"kind": kind, "file": file}, follow=True)


def errors(given: DirectoryImport) -> list[tuple[int, str, str]]:
    return [(line.number, *error) for line in report_of(given) for error in line.errors]


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (b"", "est vide"),
        (b"Nom;Matricule\r\n" + b"a;1\r\n" * 100_000, "plus de 5000 lignes"),
        (b'Nom;Matricule\r\nA;1\r\n"B;2\r\nC;3\r\n', "mal formé à la ligne 3"),
        (b"Nom" + b";" * 400_000 + b"\r\n", "aucune ligne sous les titres"),
        (b"PK\x03\x04", "ne se lit pas"),
        (b"x" * 5_000_001, "dépasse 5 Mo"),
    ],
)
def test_a_file_that_is_no_table_says_why_under_its_field(
    client: Client, town: Town, content: bytes, why: str
) -> None:
    sign_in(client, town.gaspard)
    page = post(client, content)
    assert page.status_code == 422
    assert why in page.text
    assert not DirectoryImport.objects.exists()


def test_no_cell_is_longer_than_what_it_fills() -> None:
    _, faults = values_of(["é" * 101, "u" * 501], {"family_name": 0, "units": 1})
    assert {name: fault.rpartition("\u00a0: ")[2] for name, fault in faults.items()} == {
        "family_name": "100 caractères au plus.",
        "units": "500 caractères au plus.",
    }


def test_a_workbook_of_days_counted_and_numbers_is_read(client: Client, town: Town) -> None:
    sign_in(client, town.gaspard)
    book, file = Workbook(), io.BytesIO()
    book.active.append(["Matricule", "Nom", "RPPS", "FINESS", "Unité", "Profession", "Début"])
    book.active.append([7, "Noël", 10000000009, 990000101, "Premier étage", "IDE", 46027])
    book.save(file)
    assert "Prêt à importer" in post(client, file.getvalue()).text
    given = DirectoryImport.objects.get()
    apply_table(actor_of(town.gaspard), import_id=given.pk)
    drain()
    noel = Professional.objects.get(family_name="Noël")
    assert (noel.registration_number, noel.rpps) == ("7", "10000000009")
    assert noel.memberships.get().starts_on == date(2026, 1, 5)


def test_a_workbook_is_read_to_its_end_whatever_size_it_says() -> None:
    book, file = Workbook(), io.BytesIO()
    for row in (["Matricule", "Nom", "Tél"], ["A1", "Un", "0612345678"], ["A2", "Deux", ""]):
        book.active.append(row)
    book.save(file)
    other = io.BytesIO()
    with zipfile.ZipFile(file) as made, zipfile.ZipFile(other, "w") as stale:
        for name in made.namelist():
            stale.writestr(name, made.read(name).replace(b'ref="A1:C3"', b'ref="A1:B2"'))
    sheet = read_table("staff", other.getvalue())
    assert sheet.rows == [["A1", "Un", "0612345678"], ["A2", "Deux", ""]]


def test_what_a_spreadsheet_does_to_numbers_and_days() -> None:
    assert day_of("46027") == day_of("46027,5") == day_of("05/01/2026") == date(2026, 1, 5)
    assert finess_of("10 000 123") == "010000123"
    assert finess_of("2A0000123") == "2A0000123"
    for rounded in ("1,00001E+10", "1E+10"):
        with pytest.raises(BadCell, match="arrondi"):
            number_of(rounded)
    with pytest.raises(BadCell):
        day_of("31/02/2026")


def test_a_heading_given_twice_is_asked_about(client: Client, town: Town) -> None:
    sign_in(client, town.gaspard)
    text = "Matricule;Nom;Tél;Tél\nX1;Noël;0612345678;0699999999\n"
    page = post(client, text.encode())
    assert "Plusieurs colonnes ont pour titre «\u00a0Tél\u00a0»" in page.text
    assert "Tél (colonne D)" in page.text
    given = DirectoryImport.objects.get()
    mapping = {"registration_number": 0, "family_name": 1, "phone": 3}
    check_table(actor_of(town.gaspard), import_id=given.pk, mapping=mapping)
    assert receive(town, text).state == "checked", "what was chosen serves again"


def test_who_had_left_and_comes_back_by_a_table_may_leave_again(town: Town) -> None:
    head = "Matricule;Nom;Établissement;Profession;Date de début\n"
    write(town, head + "A1;Lefèvre;990000101;IDE;05/01/2026\n")
    zoe = Professional.objects.get(registration_number="A1")
    leave(actor_of(town.gaspard), professional=zoe, last_day=date(2026, 3, 31))
    write(town, head + "A1;Lefèvre;990000101;IDE;04/05/2026\n")
    leave(actor_of(town.gaspard), professional=zoe, last_day=date(2026, 9, 30))
    assert zoe.memberships.filter(ends_on=date(2026, 9, 30)).count() == 1


def test_one_person_on_two_lines_is_one_card_however_spelt(town: Town) -> None:
    head = "Matricule;Nom;Prénom;Tél;RPPS\n"
    given = write(town, head + "A1;Lefèvre;Zoé;;\nA1;LEFEVRE;ZOE;0612345678;10000000009\n")
    zoe = Professional.objects.get(registration_number="A1")
    assert (zoe.family_name, zoe.phone, zoe.rpps) == ("Lefèvre", "0612345678", "10000000009")
    assert told(given) == [(2, "created"), (3, "unchanged")]
    capitals = write(town, head + "A1;LEFEVRE;ZOE;;\n")
    assert told(capitals) == [(2, "unchanged")], "a payroll's capitals erase no accent"
    other = receive(town, head + "A1;Lefèvre;Zoé;;\nA1;Martin;Zoé;;\n")
    assert errors(other) == [
        (3, "Nom", "La ligne 2 dit autre chose de cette personne\u00a0: écrivez la même chose aux "
        "deux lignes.")
    ]  # fmt: skip


def test_an_address_typed_with_capitals_is_the_same_person(town: Town) -> None:
    someone = create_professional(
        actor_of(town.gaspard), family_name="Lefèvre", work_email="Zoe.LEFEVRE@example.org"
    )
    head = "E-mail;Nom;Tél\n"
    assert told(write(town, head + "zoe.lefevre@example.org;Lefèvre;\n")) == [(2, "unchanged")]
    write(town, head + "ZOE.Lefevre@example.org;Lefèvre;0612345678\n")
    someone.refresh_from_db()
    assert (someone.phone, someone.work_email) == ("0612345678", "Zoe.LEFEVRE@example.org")


def test_two_last_days_of_one_situation_and_one_before_its_first_are_told(town: Town) -> None:
    head = "Matricule;Nom;Établissement;Profession;Date de fin\n"
    write(town, head.replace("fin", "début") + "A1;Un;990000101;IDE;01/06/2026\n")
    row = "A1;Un;990000101;IDE;"
    both = receive(town, f"{head}{row}31/12/2026\n{row}30/06/2027\n{row}31/12/2026\n")
    assert errors(both) == [
        (3, "Dernier jour", "La ligne 2 dit un autre dernier jour\u00a0: gardez-en un.")
    ]
    assert told(both)[2] == (4, "unchanged")
    early = receive(town, f"{head}{row}01/01/2026\n")
    assert errors(early) == [(2, "Dernier jour", "La fin précède le début.")]


def test_a_namesake_is_told_and_joined_to_nobody(town: Town) -> None:
    given = receive(town, "Matricule;Nom;Prénom\nZ1;MARTEL;Alice\nZ2;Noël;Ali\nZ3;Ali;NOEL\n")
    first, second, third = (" ".join(one.told) for one in given.lines.order_by("number"))
    assert "Une fiche de l’annuaire porte ce nom" in first
    assert "porte ce nom" not in second
    assert "La ligne 3 porte ce nom" in third


def test_a_finess_on_several_lines_is_one_establishment(town: Town) -> None:
    head = "FINESS;Établissement;Catégorie;Adresse;Unité\n"
    write(
        town,
        head + "990000408;Les Cèdres;FAM;;A\n990000408;;;1 rue Haute;B\n990000408;;;;A\n",
        "structures",
    )
    cedres = Establishment.objects.get(finess="990000408")
    assert (cedres.address, cedres.units.count()) == ("1 rue Haute", 2)
    other = receive(town, head + "990000408;Les Cèdres;;;\n990000408;Autre;;;\n", "structures")
    assert [(line, column) for line, column, _ in errors(other)] == [(3, "Nom de l’établissement")]
    assert "La ligne 2 dit autre chose" in errors(other)[0][2]


def test_a_number_that_someone_external_bears_is_told(town: Town) -> None:
    create_professional(
        actor_of(town.gaspard), family_name="Ailleurs", registration_number="E1", is_external=True
    )
    given = receive(town, "Matricule;Nom\nE1;Noël\n")
    assert errors(given)[0][:2] == (2, "Matricule")


def test_two_imports_of_one_file_write_it_once(town: Town) -> None:
    for kind, text in (("structures", STRUCTURES), ("staff", STAFF)):
        both = [receive(town, text, kind) for _ in range(2)]
        for one in both:
            apply_table(actor_of(town.gaspard), import_id=one.pk)
        count = Professional.objects.count()
        drain()
        first, second = (DirectoryImport.objects.get(pk=one.pk) for one in both)
        assert (first.state, second.state) == ("done", "done")
        assert first.counts["created"] == 3
        assert second.counts["created"] == 0
    assert Professional.objects.count() == count + 3


def test_a_card_corrected_in_the_very_moment_undoes_everything(
    town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    someone = create_professional(
        actor_of(town.gaspard), family_name="Noël", registration_number="C1"
    )
    given = receive(town, "Matricule;Nom;Tél\nC1;Noël;0612345678\nC2;Neuf;\n")
    apply_table(actor_of(town.gaspard), import_id=given.pk)
    plan = "virage.directory.actions.imports.planned_rows"

    def quicker(actor: Any, table: DirectoryImport) -> Any:
        rows = planned_rows(actor, table)
        monkeypatch.setattr(plan, planned_rows)
        changes = {"phone": "0700000000"}
        update_professional(actor, professional=someone, expected_version=1, changes=changes)
        return rows

    monkeypatch.setattr(plan, quicker)
    assert write_table(given.pk).state == "faulty"
    assert "a modifié une fiche de ce tableau" in errors(given)[0][2]
    assert not Professional.objects.filter(registration_number="C2").exists()


def test_a_row_added_in_the_very_moment_undoes_everything(
    town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    given = receive(town, "Matricule;Nom\nD1;Un\n")
    apply_table(actor_of(town.gaspard), import_id=given.pk)

    def refuse(self: Any) -> None:
        raise IntegrityError("registration_number_once")

    monkeypatch.setattr("virage.directory.actions.import_rows.RowWriter.finish", refuse)
    assert write_table(given.pk).state == "faulty"
    assert "au même moment" in errors(given)[0][2]


def test_no_heading_of_ours_runs_as_a_formula(client: Client, town: Town) -> None:
    sign_in(client, town.gaspard)
    given = receive(town, "Matricule;Nom;=cmd|' /C calc'!A0;Civilité\nM1;@SUM(1);=1+1;Dr\n")
    assert given.state == "faulty"
    file = client.get(reverse("directory:import_errors", args=[given.pk])).content.decode()
    cells = [cell.strip('"') for line in file.splitlines() for cell in line.split(";")]
    assert not [cell for cell in cells if cell.startswith(("=", "+", "-", "@"))]
