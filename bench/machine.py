"""What the figures were measured on."""

import os
from sqlite3 import sqlite_version

from django.db import connection


def name_of_database() -> str:
    """Return the database that the settings name, with its version."""
    if connection.vendor == "sqlite":
        return f"SQLite {sqlite_version}"
    connection.ensure_connection()
    version = connection.pg_version  # type: ignore[attr-defined]
    return f"PostgreSQL {version // 10000}.{version % 10000}"


def load_told() -> str:
    """Say how busy the machine was with other work, if it was: its times are then longer."""
    load, cores = os.getloadavg()[0], os.cpu_count() or 1
    return f", while {load:.0f} programs shared {cores} cores" if load > 2 * cores else ""
