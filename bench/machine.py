"""What the figures were measured on."""

from sqlite3 import sqlite_version

from django.db import connection


def name_of_database() -> str:
    """Return the database that the settings name, with its version."""
    if connection.vendor == "sqlite":
        return f"SQLite {sqlite_version}"
    connection.ensure_connection()
    version = connection.pg_version  # type: ignore[attr-defined]
    return f"PostgreSQL {version // 10000}.{version % 10000}"
