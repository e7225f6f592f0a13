"""The database in a backup: copied whole at one instant, put back whole or not at all."""

import os
import shutil
import sqlite3
import subprocess
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

import psycopg
from django.db import connection
from psycopg import sql
from psycopg.conninfo import make_conninfo

from virage.foundation.backup.rules import BackupFault

PACKAGE = "postgresql-client"
# Options of Django and of psycopg, among those of a connection.
NOT_LIBPQ = {"pool", "prepare_threshold"}
TABLES_OF_SQLITE = (
    "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT GLOB 'sqlite_*'"
)
TABLES = "SELECT tablename FROM pg_tables WHERE schemaname = 'public'"
OTHERS = (
    "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() "
    "AND pid <> pg_backend_pid() AND backend_type = 'client backend'"
)
MIGRATIONS = "SELECT app, name FROM django_migrations"
Rows = dict[str, int]


def copy_database(target: Path) -> Rows:
    """Copy the database as it stands at one instant, while others write; count its rows then."""
    return _dump_postgresql(target) if connection.vendor == "postgresql" else _copy_sqlite(target)


def _copy_sqlite(target: Path) -> Rows:
    here = connection.settings_dict["NAME"]
    with closing(sqlite3.connect(here)) as source, closing(sqlite3.connect(target)) as copy:
        source.backup(copy)
        copy.execute("PRAGMA journal_mode=DELETE")
    return check_sqlite(target)


def check_sqlite(path: Path) -> Rows:
    """Return the number of rows of each table; BackupFault when the file does not hold together."""
    with closing(sqlite3.connect(path)) as database:
        try:
            (found,) = database.execute("PRAGMA quick_check(1)").fetchone()
            if found != "ok":
                raise BackupFault(f"La base est abîmée : {found}.")
            names = [name for (name,) in database.execute(TABLES_OF_SQLITE)]
            return {name: _count(database, name) for name in sorted(names)}
        except sqlite3.DatabaseError as error:
            raise BackupFault("La base est illisible.") from error


def _count(database: sqlite3.Connection, table: str) -> int:
    (count,) = database.execute(f'SELECT count(*) FROM "{table}"').fetchone()  # noqa: S608
    return int(count)


def _dump_postgresql(target: Path) -> Rows:
    with _postgresql() as here:
        here.isolation_level = psycopg.IsolationLevel.REPEATABLE_READ
        here.read_only = True
        (snapshot,) = here.execute("SELECT pg_export_snapshot()").fetchone() or ("",)
        owned = ("--no-owner", "--no-privileges", "--schema", "public")
        run("pg_dump", "-Fc", *owned, "--snapshot", snapshot, "--file", str(target))
        return rows_of_postgresql(here)


def rows_of_postgresql(here: psycopg.Connection[Any]) -> Rows:
    """Return the number of rows of each table."""
    count = sql.SQL("SELECT count(*) FROM public.{}")
    names = [name for (name,) in here.execute(TABLES)]
    counted = {n: here.execute(count.format(sql.Identifier(n))).fetchone() for n in sorted(names)}
    return {name: row[0] for name, row in counted.items() if row}


def put_postgresql(dump: Path, rows: Rows, aside: str) -> None:
    """Put a dump back in the place of what is there, which goes to the schema `aside`.

    Raises BackupFault, with what was there in its place again, when the dump does not go in or does
    not hold the rows it should.
    """
    with _postgresql() as here:
        here.autocommit = True
        (others,) = here.execute(OTHERS).fetchone() or (0,)
        if others:
            raise BackupFault(
                f"{others} autre(s) programme(s) tiennent la base ouverte : arrêtez le site sur "
                "chaque machine, puis recommencez."
            )
        schema = sql.Identifier(aside)
        with here.transaction():
            here.execute(sql.SQL("ALTER SCHEMA public RENAME TO {}").format(schema))
            here.execute("CREATE SCHEMA public")
        try:
            owned = ("--no-owner", "--no-privileges", "--schema", "public")
            once = ("--single-transaction", "--exit-on-error")
            run("pg_restore", *owned, *once, str(dump))
            if rows_of_postgresql(here) != rows:
                raise BackupFault("La base restaurée n’a pas les lignes annoncées.")
        except BaseException:
            with here.transaction():
                here.execute("DROP SCHEMA public CASCADE")
                here.execute(sql.SQL("ALTER SCHEMA {} RENAME TO public").format(schema))
            raise
        (held,) = here.execute(
            "SELECT count(*) FROM pg_tables WHERE schemaname = %s", [aside]
        ).fetchone() or (0,)
        if not held:
            here.execute(sql.SQL("DROP SCHEMA {}").format(schema))


def let_go() -> None:
    """Close what Django holds of the database, which is about to be replaced."""
    connection.close()
    if close_pool := getattr(connection, "close_pool", None):
        close_pool()


def applied_migrations() -> list[str]:
    """Return what the tables have been through, as « app.name »; nothing in an empty database."""
    if connection.vendor == "sqlite" and not Path(connection.settings_dict["NAME"]).exists():
        return []  # looking would make the file
    if "django_migrations" not in connection.introspection.table_names():
        return []
    with connection.cursor() as cursor:
        cursor.execute(MIGRATIONS)
        return sorted(f"{app}.{name}" for app, name in cursor.fetchall())


def run(program: str, *arguments: str) -> None:
    """Run one of PostgreSQL's programs on our database; BackupFault with its last words if not."""
    found = shutil.which(program)
    if found is None:
        raise BackupFault(f"Il manque {program} : installez le paquet {PACKAGE}.")
    words = _words()
    # Apart: what a program is started with can be read by others.
    secret = {"PGPASSWORD": words.pop("password")} if "password" in words else {}
    done = subprocess.run(  # noqa: S603 - our own words alone
        [found, "-d", make_conninfo(**words), *arguments],
        env=os.environ | secret,
        stderr=subprocess.PIPE,
        text=True,
    )
    if done.returncode:
        said = done.stderr.strip().splitlines() or [f"code {done.returncode}"]
        raise BackupFault(f"{program} : {said[-1]}")


def _words() -> dict[str, Any]:
    """Return how the site reaches its database, in libpq's words: `sslmode` and others too."""
    place = connection.settings_dict
    words = {word: value for word, value in place["OPTIONS"].items() if word not in NOT_LIBPQ}
    names = {"dbname": "NAME", "host": "HOST", "port": "PORT", "user": "USER"}
    words |= {word: place[name] for word, name in (names | {"password": "PASSWORD"}).items()}
    return {word: value for word, value in words.items() if value}


@contextmanager
def _postgresql() -> Iterator[psycopg.Connection[Any]]:
    """Connect apart from Django and its pool, for a transaction of our own kind."""
    with psycopg.connect(**_words(), prepare_threshold=None) as here:
        yield here
