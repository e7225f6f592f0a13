"""Reading the one database address: SQLite for a home, PostgreSQL for an operator or a region."""

from typing import Any
from urllib.parse import unquote, urlsplit

# An acknowledged note survives a power cut (synchronous=FULL); writers queue at BEGIN rather
# than fail half-way (IMMEDIATE), which is why per-request transactions stay off.
SQLITE_OPTIONS = {
    "transaction_mode": "IMMEDIATE",
    "timeout": 20,
    "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA foreign_keys=ON;",
}
# Our statements last milliseconds: compiling them (jit) costs more than running them.
POSTGRESQL_OPTIONS = {"pool": {"min_size": 1, "max_size": 4}, "options": "-c jit=off"}


def database_from_url(url: str) -> dict[str, Any]:
    """Return Django's settings for `sqlite:///path` or `postgresql://user:password@host:port/name`.

    Raises ValueError for any other scheme.
    """
    parts = urlsplit(url)
    if parts.scheme == "sqlite":
        return {
            "ENGINE": "django.db.backends.sqlite3",
            "NAME": unquote(parts.path[1:]),
            "OPTIONS": SQLITE_OPTIONS,
        }
    if parts.scheme in ("postgres", "postgresql"):
        return {
            "ENGINE": "django.db.backends.postgresql",
            "NAME": unquote(parts.path[1:]),
            "USER": unquote(parts.username or ""),
            "PASSWORD": unquote(parts.password or ""),
            "HOST": parts.hostname or "",
            "PORT": parts.port or "",
            "CONN_HEALTH_CHECKS": True,
            "OPTIONS": POSTGRESQL_OPTIONS,
        }
    raise ValueError(f"Adresse de base inconnue : {parts.scheme!r} (sqlite ou postgresql).")
