"""Importing the directory: what is recognised, refused, written whole, and written once."""

import csv
import io
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.factories.town import Town, actor_of, sign_in
from virage.directory.actions.imports import (
    apply_table,
    check_table,
    receive_table,
    write_table,
)
from virage.directory.enums import ImportKind
from virage.directory.models import (
    Account,
    DirectoryImport,
    Establishment,
    Membership,
    Professional,
    Room,
    Unit,
)
from virage.directory.queries.imports import report_of
from virage.directory.rules.imports import name_to_correct, read_table
from virage.foundation.errors import DomainError, Invalid, Refused
from virage.foundation.journal.models import JournalEvent
from virage.foundation.outbox.actions import drain
from virage.foundation.workflow.queries import history_of

pytestmark = pytest.mark.django_db

STRUCTURES = """N° FINESS;Établissement;Catégorie;Unité;Chambre
990000408;Foyer des Cèdres;FAM;Le Cèdre;1
990000408;Foyer des Cèdres;FAM;Le Cèdre;2
990000101;EHPAD Les Tilleuls;EHPAD;Second étage;
"""
STAFF = """Matricule;Nom;Prénom;Civilité;E-mail;Tél;Établissement;Unité;Profession;Date de début
M1;Lefèvre;Zoé;Mme;zoe@example.org;612345678;990000101;Rez-de-jardin|Premier étage;IDE;05/01/2026
M2;Noël;Ali;M;;;EHPAD les tilleuls;;Médecin;2026-02-01
M3;=cmd;;;;;;;;
"""


def receive(town: Town, text: str, kind: str = "staff", who: Any = None) -> DirectoryImport:
    actor = actor_of(who or town.gaspard)
    sheet = read_table(kind, text.encode("cp1252"))
    return receive_table(actor, kind=ImportKind(kind), file_name="liste.csv", sheet=sheet)


def write(town: Town, text: str, kind: str = "staff") -> DirectoryImport:
    given = receive(town, text, kind)
    assert given.state == "checked", list(given.lines.values_list("number", "errors"))
    apply_table(actor_of(town.gaspard), import_id=given.pk)
    drain()
    given.refresh_from_db()
    assert given.state == "done"
    return given


def told(given: DirectoryImport) -> list[tuple[int, str]]:
    return list(given.lines.order_by("number").values_list("number", "outcome"))


def test_structures_are_found_by_their_finess_and_written(town: Town) -> None:
    given = write(town, STRUCTURES, "structures")
    assert told(given) == [(2, "created"), (3, "created"), (4, "created")]
    assert Establishment.objects.get(finess="990000408").kind == "437"
    assert Room.objects.filter(unit__name="Le Cèdre").count() == 2
    assert Unit.objects.filter(establishment=town.ehpad).count() == 3


def test_people_get_a_card_and_a_situation_and_no_account(town: Town) -> None:
    before = Account.objects.count()
    given = write(town, STAFF)
    assert told(given) == [(2, "created"), (3, "created"), (4, "created")]
    zoe = Professional.objects.get(registration_number="M1")
    assert (zoe.display_name, zoe.phone, zoe.civility) == ("Zoé Lefèvre", "0612345678", "MME")
    membership = zoe.memberships.get()
    assert (membership.profession, membership.reach) == ("nurse", "units")
    assert set(membership.units.all()) == {town.unit_a, town.unit_b}
    assert Account.objects.count() == before
    assert given.rows == []
    assert JournalEvent.objects.filter(action="professional.create").count() > 3
    assert [one.to_state for one in history_of(given)] == [
        "received",
        "checked",
        "applying",
        "done",
    ]


def test_numbers_are_read_as_papers_print_them(town: Town) -> None:
    write(town, "FINESS;Nom;SIRET\n99 000 040 8;Foyer;732 829 320 00074\n", "structures")
    assert Establishment.objects.get(finess="990000408").siret == "73282932000074"


def test_a_commune_of_its_own_ends_the_address_and_replaces_none(town: Town) -> None:
    text = "FINESS;Nom;Adresse;Code postal;Commune\n990000408;Foyer;3 rue Basse;1000;Bourg\n"
    write(town, text, "structures")
    foyer = Establishment.objects.get(finess="990000408")
    assert (foyer.address, foyer.town) == ("3 rue Basse, 01000 Bourg", "Bourg")
    assert told(write(town, text, "structures")) == [(2, "unchanged")]
    without = receive(town, text.replace("3 rue Basse", ""), "structures")
    assert told(without) == [(2, "unchanged")]


def test_columns_that_are_not_read_are_named(client: Client, town: Town) -> None:
    sign_in(client, town.gaspard)
    given = receive(town, "FINESS;Nom;Nb places\n990000408;Foyer;12\n", "structures")
    assert given.state == "checked"
    page = client.get(reverse("directory:import", args=[given.pk])).text
    assert "ne sont pas lues\u00a0: «\u00a0Nb places\u00a0»" in page


@pytest.mark.parametrize(("text", "kind"), [(STRUCTURES, "structures"), (STAFF, "staff")])
def test_the_same_file_again_changes_nothing(town: Town, text: str, kind: str) -> None:
    write(town, text, kind)
    models = (Establishment, Unit, Room, Professional, Membership)
    before = [list(model.objects.order_by("pk").values()) for model in models]
    again = write(town, text, kind)
    assert {outcome for _, outcome in told(again)} == {"unchanged"}
    assert [list(model.objects.order_by("pk").values()) for model in models] == before


@pytest.mark.parametrize(
    ("row", "column", "why"),
    [
        (";Noël;Ali;;;;;;;", "Matricule", "un nom seul ne suffit pas"),
        ("M1;;Ali;;;;;;;", "Nom", "Indiquez le nom"),
        ("M1;Noël;;Dr;;;;;;", "Civilité", "M ou Mme"),
        ("M1;Noël;;;pas une adresse;;;;;", "Adresse électronique", "n’est pas valide"),
        ("M1;Noël;;;;12;;;;", "Téléphone", "n’est pas valide"),
        ("M1;Noël;;;;;Inconnu;;IDE;", "Établissement", "n’est pas dans l’annuaire"),
        ("M1;Noël;;;;;990000101;Combles;IDE;", "Unités", "pas d’unité"),
        ("M1;Noël;;;;;990000101;;Sorcier;", "Profession du", "pas dans le tableau des droits"),
        ("M1;Noël;;;;;990000101;;IDE;31/02/2026", "Premier jour", "31/12/2026"),
        ("M1;Noël;;;;;990000101;;;", "Profession du", "indiquez sa profession"),
    ],
)
def test_what_is_wrong_is_said_beside_its_column(
    town: Town, row: str, column: str, why: str
) -> None:
    given = receive(town, STAFF.splitlines()[0] + "\n" + row)
    assert given.state == "faulty"
    [line] = given.lines.all()
    assert any(name.startswith(column) and why in said for name, said in line.errors), line.errors
    with pytest.raises(Refused, match="Impossible"):
        apply_table(actor_of(town.gaspard), import_id=given.pk)


def test_all_that_is_wrong_in_a_row_is_said_at_once(town: Town) -> None:
    given = receive(town, STAFF.splitlines()[0] + "\n;;Ali;;;;Inconnu;Combles;;bientôt")
    [line] = given.lines.all()
    named = " ".join(name for name, _ in line.errors)
    for column in ("Matricule", "Nom", "Établissement", "Profession", "Premier jour"):
        assert column in named
    assert "Unités" not in named, "of an unknown place"


def test_the_dry_run_says_whose_records_a_situation_opens(town: Town) -> None:
    given = receive(town, STAFF)
    zoe, ali, _ = (" ".join(line.told) for line in given.lines.order_by("number"))
    assert zoe.endswith("Elle ouvre\u00a0: les personnes de ses unités")
    assert "Elle n’ouvre aucun dossier" in ali


def test_two_rows_that_disagree_or_answer_two_people_are_refused(town: Town) -> None:
    head = "RPPS;Matricule;Nom\n"
    write(town, head + ";A1;Un\n;B2;Deux\n")
    given = receive(town, head + ";A1;Un\n;A1;Autre\n")
    assert told(given) == [(2, "unchanged"), (3, "error")]
    mixed = receive(town, "E-mail;Matricule;Nom\nun@example.org;A1;Un\nun@example.org;B2;Deux\n")
    assert told(mixed)[1] == (3, "error")


def test_nobody_opens_more_by_a_file_than_by_hand(town: Town) -> None:
    row = "Matricule;Nom;Profession;Portée;Établissement\nM9;Noël;{};{};{}\n"
    technician = receive(town, row.format("IDE", "nobody", "990000101"), who=town.tom)
    assert technician.state == "faulty" or technician.state == "received"
    own = receive(
        town,
        "RPPS;Matricule;Nom;Profession\n;MOI;Moulin;Direction\n",
    )
    assert own.state == "checked"
    Professional.objects.filter(pk=town.gaspard.professional_id).update(registration_number="MOI")
    checked = check_table(actor_of(town.gaspard), import_id=own.pk, mapping=own.mapping)
    assert checked.state == "faulty"
    with pytest.raises(Refused):
        receive(town, STAFF, who=town.sofia)
    with pytest.raises(Refused):
        check_table(actor_of(town.charlie), import_id=own.pk, mapping={})


def test_all_or_nothing_even_when_it_changes_meanwhile(town: Town) -> None:
    given = receive(town, STAFF)
    apply_table(actor_of(town.gaspard), import_id=given.pk)
    Unit.objects.filter(pk=town.unit_b.pk).update(name="Autre nom")
    before = Professional.objects.count()
    drain()
    given.refresh_from_db()
    assert (given.state, Professional.objects.count()) == ("faulty", before)
    assert report_of(given).first().errors[0][0].startswith("Unités")
    assert write_table(given.pk).state == "faulty"


def test_who_lost_the_right_meanwhile_writes_nothing(town: Town) -> None:
    given = receive(town, STAFF)
    apply_table(actor_of(town.gaspard), import_id=given.pk)
    town.gaspard.ends_on = town.gaspard.starts_on
    town.gaspard.save()
    drain()
    given.refresh_from_db()
    assert given.state == "faulty"
    assert "terminée" in report_of(given).first().errors[0][1]


def test_the_columns_chosen_are_remembered_for_the_same_headings(town: Town) -> None:
    text = "Code;Patronyme\nX1;Noël\n"
    given = receive(town, text)
    assert given.state == "received"
    mapping = {"registration_number": 0, "family_name": 1}
    check_table(actor_of(town.gaspard), import_id=given.pk, mapping=mapping)
    assert receive(town, text).state == "checked"
    with pytest.raises(Invalid) as twice:
        check_table(
            actor_of(town.gaspard), import_id=given.pk, mapping={"family_name": 1, "rpps": 1}
        )
    assert twice.value.errors.keys() == {"family_name", "rpps"}


@pytest.mark.parametrize("given", ["personnel.xlsx", "personnel à corriger.csv"])
def test_the_file_of_errors_has_one_name_however_often_it_comes_back(given: str) -> None:
    assert name_to_correct(given) == "personnel à corriger.csv"


def test_the_file_of_errors_is_inert_and_comes_back_corrected(client: Client, town: Town) -> None:
    sign_in(client, town.gaspard)
    faulty = STAFF.replace("05/01/2026", "bientôt")
    given = receive(town, faulty)
    file = client.get(reverse("directory:import_errors", args=[given.pk])).content
    rows = list(csv.reader(io.StringIO(file.decode("utf-8-sig")), delimiter=";"))
    assert rows[0][-1] == "Erreurs"
    assert "31/12/2026" in rows[1][-1]
    assert rows[3][1] == "'=cmd"
    back = file.decode("utf-8-sig").replace("bientôt", "05/01/2026")
    assert write(town, back).counts["created"] == 3
    assert Professional.objects.filter(family_name="=cmd").exists()


def test_from_the_file_to_the_directory_on_screen(client: Client, town: Town) -> None:
    sign_in(client, town.gaspard)
    listing = reverse("directory:import_list")
    assert client.post(listing, {"kind": "staff"}).status_code == 422
    file = io.BytesIO(STAFF.encode())
    file.name = "personnel.csv"
    page = client.post(listing, {"kind": "staff", "file": file}, follow=True)
    given = DirectoryImport.objects.get()
    assert "Prêt à importer" in page.text
    assert "Situation ouverte" in page.text
    assert "Zoé" not in page.request["PATH_INFO"] + page.request["QUERY_STRING"]
    apply = reverse("directory:import_apply", args=[given.pk])
    assert "Écriture en cours" in client.post(apply, follow=True).text
    drain()
    page = client.get(reverse("directory:import", args=[given.pk]))
    assert "Tableau importé" in page.text
    again = client.post(apply, {"seen_state": "checked"})
    assert again.status_code == 409
    assert "Gaspard Moulin est passé avant vous" in again.text


def test_the_page_of_a_table_costs_the_same_for_any_number_of_rows(
    client: Client, town: Town, queries: Any
) -> None:
    sign_in(client, town.gaspard)
    few = receive(town, STAFF)
    rows = "\n".join(f"N{n};Nom{n}" for n in range(120))
    many = receive(town, f"Matricule;Nom\n{rows}\n")
    for one in (few, many):
        with queries(at_most=12):
            assert client.get(reverse("directory:import", args=[one.pk])).status_code == 200


CELLS = st.text(max_size=12) | st.sampled_from(["M1", "IDE", "990000101", "Noël", "05/01/2026"])


@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.lists(CELLS, min_size=10, max_size=10), min_size=1, max_size=4))
def test_no_table_crashes_or_is_written_by_halves(town: Town, rows: list[list[str]]) -> None:
    text = io.StringIO()
    csv.writer(text, delimiter=";").writerows([STAFF.splitlines()[0].split(";"), *rows])
    before = Professional.objects.count()
    content = text.getvalue().encode("utf-8", "ignore")
    try:
        given = receive_table(
            actor_of(town.gaspard),
            kind=ImportKind.STAFF,
            file_name="a.csv",
            sheet=read_table("staff", content),
        )
        if given.state == "checked":
            apply_table(actor_of(town.gaspard), import_id=given.pk)
            assert write_table(given.pk).state == "done"
            return
    except DomainError:
        pass
    assert Professional.objects.count() == before
