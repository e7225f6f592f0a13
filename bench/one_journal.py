"""Measures a journal of years, in a process whose environment names its database: `EVENTS FILE`.

The rows are made in the database itself, by sets: nobody reads them.
"""

import argparse
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from uuid import UUID

import django

django.setup()

# Models exist once Django is set up.
from django.core.management import call_command  # noqa: E402
from django.db import connection  # noqa: E402

from bench.figures import Figures, Gesture, save, timed  # noqa: E402
from bench.machine import name_of_database  # noqa: E402
from virage.foundation.access.actor import Actor  # noqa: E402
from virage.foundation.access.enums import Reach  # noqa: E402
from virage.foundation.access.matrix import Matrix  # noqa: E402
from virage.foundation.journal.collector import collecting_reads, saw  # noqa: E402
from virage.foundation.journal.models import JournalEvent, JournalLine  # noqa: E402
from virage.foundation.journal.queries import accesses_to, acts_of  # noqa: E402

PERSONS, PROFESSIONALS = 5_000, 500
FIRST_AT = datetime(2016, 1, 4, tzinfo=UTC)
SECONDS_APART = 60
TURNS = {"calls": 200, "warm_up": 20}
PAGE_MS, SEARCH_MS = 3, 100
PAGE_ROWS = 50
# Primes: neighbours in time are of different persons and actors, as in life.
SPREAD_PERSONS, SPREAD_ACTORS = 7_919, 104_729
PERSON_ID, ACTOR_ID, EVENT_ID, LINE_ID = (1 << 100, 2 << 100, 3 << 100, 4 << 100)


def main() -> None:
    """Fill the journal, measure, and write the figures."""
    parser = argparse.ArgumentParser()
    parser.add_argument("events", type=int)
    parser.add_argument("figures", type=Path)
    arguments = parser.parse_args()
    call_command("migrate", verbosity=0)
    _fill(arguments.events)
    figures = Figures(database=name_of_database(), usagers=PERSONS, notes=arguments.events)
    figures.gestures = [*_pages(), *_searches()]
    save(figures, arguments.figures)


def _fill(events: int) -> None:
    """Insert the events and their lines, each in one statement."""

    actor = f"(n * {SPREAD_ACTORS}) % {PROFESSIONALS}"
    person = f"(n * {SPREAD_PERSONS}) % {PERSONS}"
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute("PRAGMA synchronous=OFF")
            cursor.execute("PRAGMA cache_size=-2000000")
        cursor.execute(
            _insert(
                JournalEvent,
                events,
                id=_id(EVENT_ID, "n"),
                at=_instant("n"),
                professional_id=_id(ACTOR_ID, actor),
                actor_name="'Camille Favereau'",
                profession="'nurse'",
                action="'record.facts'",
                is_write="n < 0",
            )
        )
        cursor.execute(
            _insert(
                JournalLine,
                events,
                id=_id(LINE_ID, "n"),
                event_id=_id(EVENT_ID, "n"),
                subject_id=_id(PERSON_ID, person),
                volets="'care'",
            )
        )
        cursor.execute("ANALYZE" if connection.vendor == "sqlite" else "VACUUM ANALYZE")
    # The next connection writes to the disk at each commit again.
    connection.close()


def _insert(model: Any, count: int, **columns: str) -> str:
    """Return one statement that inserts so many rows, numbered n; other columns are empty."""

    numbers = f"SELECT n FROM generate_series(1, {count}::bigint) AS numbers(n)"  # noqa: S608  # ours
    if connection.vendor == "sqlite":
        numbers = (
            "SELECT n FROM (WITH RECURSIVE numbers(n) AS (SELECT 1 UNION ALL "  # noqa: S608
            f"SELECT n + 1 FROM numbers WHERE n < {count}) SELECT n FROM numbers)"
        )
    for field in model._meta.concrete_fields:
        empty = "NULL" if field.null else "'{}'" if field.column == "detail" else "''"
        columns.setdefault(field.column, empty)
    names = ", ".join(f'"{name}"' for name in columns)
    values = ", ".join(columns.values())
    return (
        f'INSERT INTO "{model._meta.db_table}" ({names}) '  # noqa: S608
        f"SELECT {values} FROM ({numbers}) AS each_one"
    )


def _id(kind: int, number: str) -> str:
    """Return the SQL of an id: 32 hexadecimal digits, text on SQLite."""

    start = f"{kind:032x}"[:16]
    if connection.vendor == "sqlite":
        return f"'{start}' || printf('%016x', {number})"
    return f"('{start}' || lpad(to_hex({number}), 16, '0'))::uuid"


def _instant(number: str) -> str:

    first = int(FIRST_AT.timestamp())
    if connection.vendor == "sqlite":
        return f"strftime('%Y-%m-%d %H:%M:%S', {first} + {number} * {SECONDS_APART}, 'unixepoch')"
    return f"to_timestamp({first} + {number} * {SECONDS_APART})"


def _pages() -> list[Gesture]:
    """Return what a page pays, alone and for a list of fifty."""

    actor = Actor(
        at=datetime.now(UTC),
        operator_id=UUID(int=1),
        establishment_id=UUID(int=2),
        membership_id=UUID(int=3),
        professional_id=UUID(int=ACTOR_ID),
        account_id=UUID(int=4),
        display_name="Camille Favereau",
        profession="nurse",
        reach=Reach.UNITS,
        unit_ids=(),
        profession_label="Infirmier",
        establishment_name="EHPAD",
        people_word="résidents",
        matrix=Matrix({}),
    )

    def page(shown: int) -> Callable[[int], None]:
        def journal(call: int) -> None:
            persons = [UUID(int=PERSON_ID + (call + n) % PERSONS) for n in range(shown)]
            with collecting_reads():
                saw(actor, "person.list", persons, ["care"])

        return journal

    return [
        timed("A page of one record", page(1), **TURNS, budget_ms=PAGE_MS),
        timed(f"A list of {PAGE_ROWS} persons", page(PAGE_ROWS), **TURNS, budget_ms=PAGE_MS),
    ]


def _searches() -> list[Gesture]:

    def by_person(call: int) -> None:
        lines = accesses_to(UUID(int=PERSON_ID + call * 37 % PERSONS))
        assert lines.count() >= len(lines[:PAGE_ROWS]) > 0  # noqa: S101  # or it measures nothing

    def by_actor(call: int) -> None:
        events = acts_of(UUID(int=ACTOR_ID + call * 37 % PROFESSIONALS))
        assert events.count() >= len(events[:PAGE_ROWS]) > 0  # noqa: S101

    return [
        timed("Search by person", by_person, **TURNS, budget_ms=SEARCH_MS),
        timed("Search by actor", by_actor, **TURNS, budget_ms=SEARCH_MS),
    ]


main()
