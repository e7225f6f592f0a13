"""A row that an import writes is the row of the action: every column, journal included."""

import json
from collections.abc import Callable

import pytest
from django.apps import apps
from django.db import models, transaction
from django.utils import timezone

from tests.factories.town import Town, actor_of
from virage.directory import actions
from virage.directory.actions.import_rows import RowWriter
from virage.directory.models import DirectoryImport, Membership, Professional
from virage.directory.queries.imports import planned_rows
from virage.directory.rules.imports import proposed_mapping, read_table
from virage.foundation.access.actor import Actor
from virage.foundation.access.enums import Reach
from virage.foundation.access.models import Subject
from virage.foundation.journal.models import JournalEvent

pytestmark = pytest.mark.django_db

STRUCTURES = """FINESS;Établissement;Adresse;Unité;Chambre
990000408;Foyer des Cèdres;;Le Cèdre;1
990000408;;4 rue Haute, 99120 Vaumarin;;
"""
STAFF = """Matricule;Nom;Prénom;Tél;FINESS;Unité;Profession;Début
M1;Lefèvre;Zoé;0612345678;990000101;Rez-de-jardin|Premier étage;IDE;05/01/2026
M2;Noël;Ali;;;;Médecin;05/01/2026
K1;Connu;Jean;0699999999;990000101;;Secrétaire;05/01/2026
K2;Martel;Alice;;990000200;;IDE;05/01/2026
"""
Way = Callable[[Town, Actor], None]


def by_actions(town: Town, actor: Actor) -> None:
    day = timezone.datetime(2026, 1, 5).date()
    cedres = actions.create_establishment(
        actor,
        finess="990000408",
        name="Foyer des Cèdres",
        address="4 rue Haute, 99120 Vaumarin",
    )
    unit = actions.create_unit(actor, establishment=cedres, name="Le Cèdre")
    actions.create_room(actor, unit=unit, name="1")
    zoe = actions.create_professional(
        actor,
        registration_number="M1",
        family_name="Lefèvre",
        given_name="Zoé",
        phone="0612345678",
    )
    actions.open_membership(
        actor,
        professional=zoe,
        profession="nurse",
        establishment=town.ehpad,
        reach=Reach.UNITS,
        units=[town.unit_a, town.unit_b],
        starts_on=day,
    )
    ali = actions.create_professional(
        actor, registration_number="M2", family_name="Noël", given_name="Ali"
    )
    nobody = {"reach": Reach.NOBODY, "starts_on": day}
    actions.open_membership(actor, professional=ali, profession="physician", **nobody)
    known = Professional.objects.get(registration_number="K1")
    actions.update_professional(
        actor, professional=known, expected_version=1, changes={"phone": "0699999999"}
    )
    actions.open_membership(
        actor, professional=known, profession="secretary", establishment=town.ehpad, **nobody
    )
    actions.open_membership(
        actor,
        professional=Professional.objects.get(registration_number="K2"),
        profession="nurse",
        establishment=town.ime,
        **nobody,
    )


def by_import(town: Town, actor: Actor) -> None:
    for kind, text in (("structures", STRUCTURES), ("staff", STAFF)):
        sheet = read_table(kind, text.encode())
        given = DirectoryImport(
            kind=kind,
            rows_json=json.dumps(sheet.rows),
            mapping=proposed_mapping(kind, sheet.headings),
        )
        writer = RowWriter(actor)
        for row in planned_rows(actor, given):
            assert not row.errors
            for step, needs in row.steps:
                writer.take(step, needs)
        writer.finish()


def written(way: Way, town: Town) -> dict[str, list[str]]:
    """Return every row that one way writes or changes, by table; undone."""
    before = _rows()
    with transaction.atomic():
        way(town, actor_of(town.gaspard))
        after = _rows()
        transaction.set_rollback(True)
    new = {name: sorted(rows - before[name]) for name, rows in after.items()}
    return {name: rows for name, rows in new.items() if rows}


def _rows() -> dict[str, set[str]]:
    """Return the rows of each table as text, what is opaque replaced by whom it names."""
    tables = [
        one
        for one in apps.get_models(include_auto_created=True)
        if one._meta.app_label in ("directory", "access", "journal")
    ]
    stored = {one: list(one._default_manager.order_by("pk")) for one in tables}
    named = {row.pk: _name(row) for rows in stored.values() for row in rows}
    return {
        one.__name__: {
            str(
                {
                    field.attname: named.get(value, value) if value.__hash__ else value
                    for field in one._meta.concrete_fields
                    for value in [getattr(row, field.attname)]
                    if field.name not in ("at", "id")
                }
            )
            for row in rows
        }
        for one, rows in stored.items()
    }


def _name(row: models.Model) -> str:
    match row:
        case Membership():
            return f"{row.professional} {row.profession}"
        case JournalEvent():
            return row.action
        case Subject():
            return row.kind
    return str(row)


def test_what_an_import_writes_is_what_the_actions_write(town: Town) -> None:
    actor = actor_of(town.gaspard)
    actions.create_professional(
        actor, family_name="Connu", given_name="Jean", registration_number="K1"
    )
    Professional.objects.filter(pk=town.alice.professional_id).update(registration_number="K2")
    expected, found = written(by_actions, town), written(by_import, town)
    assert {"Establishment", "Unit", "Room", "Membership_units"} <= expected.keys()
    assert len(expected["Professional"]) == 3
    assert len(expected["JournalEvent"]) == 10
    for name, rows in expected.items():
        assert found[name] == rows
    assert found.keys() == expected.keys()
