"""Measures a large staff, in a process whose environment names its database: `PEOPLE FILE`."""

import argparse
import time
from datetime import date
from pathlib import Path

import django

django.setup()

# Models exist once Django is set up.
from django.core.management import call_command  # noqa: E402
from django.db import connection, transaction  # noqa: E402
from django.http import QueryDict  # noqa: E402
from django.utils import timezone  # noqa: E402

from bench.figures import Figures, Gesture, median, p95, save, timed  # noqa: E402
from bench.machine import name_of_database  # noqa: E402
from virage.demo import people  # noqa: E402
from virage.demo.draw import Draw  # noqa: E402
from virage.directory.actions import (  # noqa: E402
    create_establishment,
    create_operator,
    create_unit,
)
from virage.directory.actions.imports import (  # noqa: E402
    apply_table,
    receive_table,
    write_table,
)
from virage.directory.actions.professionals import new_professional  # noqa: E402
from virage.directory.enums import ImportKind  # noqa: E402
from virage.directory.models import Membership, Professional, Unit  # noqa: E402
from virage.directory.queries import actor_of, staff_found, system_membership  # noqa: E402
from virage.directory.rules.imports import read_table  # noqa: E402
from virage.directory.views.professionals import COLUMNS  # noqa: E402
from virage.foundation.access.actor import Actor  # noqa: E402
from virage.foundation.ui.paging import paginate  # noqa: E402

PLACES, TABLE_ROWS = 300, 2_000
SINCE = date(2025, 1, 6)
CALLS, WARM_UP = 20, 2
SEARCH_MS, WRITE_MS = 60, 3_000
TRADES = ("nurse", "care_assistant", "educator", "psychologist")
SEARCHES = {
    "Search of a family name": "marchand",
    "Search of two beginnings": "mar jea",
    "Search of a telephone": "06 39 12",
    "Search of an RPPS": "10000000103",
    "Search of a profession": "infirm",
    "Search of a profession in an establishment": "infirm foyer",
    "Search of a unit that every establishment has": "cedre 12",
    "Whole list": "",
}


def main() -> None:
    """Fill the directory, measure, and write the figures."""
    parser = argparse.ArgumentParser()
    parser.add_argument("people", type=int)
    parser.add_argument("figures", type=Path)
    arguments = parser.parse_args()
    call_command("migrate", verbosity=0)
    with transaction.atomic():
        actor, units = _places()
        _hire(actor, units, arguments.people)
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("VACUUM ANALYZE")
    figures = Figures(database=name_of_database(), usagers=arguments.people, notes=0)
    figures.gestures = [_search(actor, name, words) for name, words in SEARCHES.items()]
    figures.gestures.append(_import(actor, units))
    save(figures, arguments.figures)


def _places() -> tuple[Actor, list[Unit]]:
    draw = Draw("staff")
    actor = actor_of(system_membership(create_operator(name="Région mesurée")), timezone.now())
    units = []
    for number in range(PLACES):
        name = f"{draw.choice(('EHPAD', 'IME', 'Foyer'))} n° {number}"
        home = create_establishment(actor, name=name)
        for unit in ("Cèdre", "Érable"):
            units.append(create_unit(actor, establishment=home, name=f"{unit} {number}"))
    return actor, units


def _hire(actor: Actor, units: list[Unit], count: int) -> None:
    draw, names = Draw("staff"), people.names()
    given = [one for each in names.generations for one in (*each.female, *each.male)]
    staff, situations, held = [], [], []
    for number in range(count):
        staff.append(
            new_professional(
                actor,
                family_name=draw.choice(names.family_names),
                given_name=draw.choice(given),
                profession_name=draw.choice(("Infirmière", "Aide-soignante", "Éducateur")),
                registration_number=f"A{number:06}",
                rpps=f"1{number:010}",
                phone=f"0639{draw.randrange(10**6):06}",
            )
        )
        unit = draw.choice(units)
        situations.append(
            Membership(
                operator_id=actor.operator_id,
                professional=staff[-1],
                establishment_id=unit.establishment_id,
                profession=draw.choice(TRADES),
                starts_on=SINCE,
            )
        )
        held.append(Membership.units.through(membership=situations[-1], unit=unit))
    Professional.objects.bulk_create(staff, batch_size=1000)
    Membership.objects.bulk_create(situations, batch_size=1000)
    Membership.units.through.objects.bulk_create(held, batch_size=1000)


def _search(actor: Actor, name: str, words: str) -> Gesture:
    return timed(
        name,
        lambda call: paginate(staff_found(actor, words), QueryDict(), COLUMNS),
        calls=CALLS,
        warm_up=WARM_UP,
        budget_ms=SEARCH_MS,
    )


def _import(actor: Actor, units: list[Unit]) -> Gesture:
    """Return how long a table of new people with their situations is written, and undone."""
    lines = ["Matricule;Nom;Prénom;Tél;Établissement;Unité;Profession;Début"]
    for number in range(TABLE_ROWS):
        unit = units[number % len(units)]
        where = f"{unit.establishment.name};{unit.name}"
        lines.append(f"B{number};Nom{number};Zoé;0639980000;{where};IDE;06/01/2025")
    sheet = read_table("staff", "\n".join(lines).encode())

    def write(call: int) -> None:
        with transaction.atomic():
            given = receive_table(
                actor, kind=ImportKind.STAFF, file_name=f"{call}.csv", sheet=sheet
            )
            apply_table(actor, import_id=given.pk)
            start = time.perf_counter()
            assert write_table(given.pk).state == "done"  # noqa: S101  # or it measures nothing
            durations.append(time.perf_counter() - start)
            transaction.set_rollback(True)

    durations: list[float] = []
    for call in range(3):
        write(call)
    name = f"Writing a table of {TABLE_ROWS:,} people"
    return Gesture(name, median(durations), p95(durations), budget_ms=WRITE_MS)


main()
