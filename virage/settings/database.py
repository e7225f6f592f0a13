"""Reading the one database address: SQLite for a home, PostgreSQL for an operator or a region."""

from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

# An acknowledged note survives a power cut (synchronous=FULL); writers queue at BEGIN rather
# than fail half-way (IMMEDIATE), which is why per-request transactions stay off.
SQLITE_OPTIONS = {
    "transaction_mode": "IMMEDIATE",
    "timeout": 20,
    "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA foreign_keys=ON;",
}
# Our statements last milliseconds: compiling them (jit) costs more than running them.
# A server that is away is told within seconds: a web process answers one visitor at a time.
AWAY_AFTER_S = 5
POSTGRESQL_OPTIONS = {
    "pool": {"min_size": 1, "max_size": 4, "timeout": AWAY_AFTER_S},
    "connect_timeout": AWAY_AFTER_S,
    "options": "-c jit=off",
}
# Behind pgbouncer, which lends a connection for one transaction: no statement prepared, no cursor
# left open, no start-up option, and no second pool.
POOLED_OPTIONS: dict[str, Any] = {"prepare_threshold": None, "connect_timeout": AWAY_AFTER_S}


def database_from_url(url: str) -> dict[str, Any]:
    """Return Django's settings for `sqlite:///path` or `postgresql://user:password@host:port/name`.

    What follows `?` goes to libpq, but `pooler=transaction`, which says that pgbouncer answers.
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
        asked = dict(parse_qsl(parts.query))
        is_pooled = asked.pop("pooler", "") == "transaction"
        return {
            "ENGINE": "django.db.backends.postgresql",
            "NAME": unquote(parts.path[1:]),
            "USER": unquote(parts.username or ""),
            "PASSWORD": unquote(parts.password or ""),
            "HOST": parts.hostname or "",
            "PORT": parts.port or "",
            "CONN_HEALTH_CHECKS": True,
            "CONN_MAX_AGE": 60 if is_pooled else 0,
            "DISABLE_SERVER_SIDE_CURSORS": is_pooled,
            "OPTIONS": (POOLED_OPTIONS if is_pooled else POSTGRESQL_OPTIONS) | asked,
        }
    raise ValueError(f"Adresse de base inconnue : {parts.scheme!r} (sqlite ou postgresql).")
