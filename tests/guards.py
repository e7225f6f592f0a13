"""What makes the suite stricter than the product; `tests/conftest.py` puts it around every test."""

import ipaddress
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Protocol

import pytest
from django.db import connection
from django.db.models.expressions import OrderBy
from django.db.models.functions import Random
from django.db.models.sql.compiler import SQLCompiler
from django.template.base import Variable, VariableDoesNotExist

PACKAGE = Path(__file__).resolve().parent.parent / "virage"
TRANSACTION_WORDS = ("BEGIN", "COMMIT", "ROLLBACK", "SAVEPOINT", "RELEASE SAVEPOINT")


class Forgetful(set[Any]):
    """A set that keeps nothing."""

    def add(self, _element: Any) -> None:
        pass


class BoundedQueries(Protocol):
    """The `queries` fixture: `with queries(at_most=12) as seen:`."""

    def __call__(self, *, at_most: int) -> Any: ...


def _is_loopback(host: str | bytes | None) -> bool:
    host = host.decode() if isinstance(host, bytes) else host
    if host in (None, "", "localhost"):
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def refuse_network(event: str, arguments: tuple[Any, ...]) -> None:
    """Audit hook: refuse names and addresses that are not this machine's, whoever asks."""
    if event == "socket.getaddrinfo":
        host = arguments[0]
    elif event in ("socket.connect", "socket.sendto") and isinstance(arguments[1], tuple):
        host = arguments[1][0]
    else:
        return
    if not _is_loopback(host):
        raise ConnectionRefusedError(f"A test may not reach the network: {host}")


@contextmanager
def shuffled_ties() -> Iterator[None]:
    """End every ORDER BY with RANDOM(): what a test reads in order, the query must order."""
    original, combine = SQLCompiler._order_by_pairs, SQLCompiler.get_combinator_sql
    unions: list[SQLCompiler] = []

    def order_by_pairs(self: SQLCompiler) -> Iterator[tuple[OrderBy, bool]]:
        yield from original(self)
        # SQL has no room for it in DISTINCT nor in the parts of a UNION.
        if not self.query.distinct and not self.query.combinator and not unions:
            yield OrderBy(Random()), False

    def get_combinator_sql(self: SQLCompiler, *arguments: Any) -> Any:
        unions.append(self)
        try:
            return combine(self, *arguments)
        finally:
            unions.pop()

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(SQLCompiler, "_order_by_pairs", order_by_pairs)
        patch.setattr(SQLCompiler, "get_combinator_sql", get_combinator_sql)
        yield


@contextmanager
def missing_variables(folder: Path = PACKAGE) -> Iterator[set[str]]:
    """Collect what the templates of a folder read and their context lacks, even in an `if`."""
    original = Variable._resolve_lookup
    missing: set[str] = set()

    def resolve_lookup(self: Variable, context: Any) -> Any:
        try:
            return original(self, context)
        except VariableDoesNotExist:
            template = context.render_context.template
            if Path(template.origin.name).is_relative_to(folder):
                missing.add(f"{template.name}: {self.var}")
            raise

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Variable, "_resolve_lookup", resolve_lookup)
        yield missing


@contextmanager
def bounded_queries(*, at_most: int) -> Iterator[list[str]]:
    """List the SQL statements of a block and fail beyond the bound.

    BEGIN, COMMIT and savepoints are not counted: the bound is on what the gesture asks.
    """
    seen: list[str] = []

    def note(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        if not sql.startswith(TRANSACTION_WORDS):
            seen.append(sql)
        return execute(sql, params, many, context)

    with connection.execute_wrapper(note):
        yield seen
    listing = "\n".join(seen)
    assert len(seen) <= at_most, f"{len(seen)} statements, {at_most} allowed:\n{listing}"
