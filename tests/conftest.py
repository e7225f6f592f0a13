"""What every test runs under: stricter than the product, so that a fault shows here first.

- no network but the loopback addresses;
- rows that no complete ORDER BY places come back shuffled;
- a variable that one of our templates reads must exist;
- warnings are errors (pyproject.toml);
- SQLite is a file in WAL mode, as on a real machine, so that a live server and a test share it.
"""

import ipaddress
import os
import shutil
import sys
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from typing import Any

import hypothesis
import pytest
from django.conf import settings as django_settings
from django.db import connection
from django.db.models.expressions import OrderBy
from django.db.models.functions import Random
from django.db.models.sql.compiler import SQLCompiler
from django.template.base import Variable, VariableDoesNotExist

PACKAGE = Path(__file__).resolve().parent.parent / "virage"
IS_CI = "CI" in os.environ

hypothesis.settings.register_profile("virage", deadline=None, derandomize=IS_CI)
hypothesis.settings.load_profile("virage")

BoundedQueries = Callable[..., AbstractContextManager[list[str]]]


def _is_loopback(host: str | bytes | None) -> bool:
    host = host.decode() if isinstance(host, bytes) else host
    if host in (None, "", "localhost"):
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def _refuse_network(event: str, arguments: tuple[Any, ...]) -> None:
    """Refuse names and addresses that are not this machine's, whatever library asks."""
    if event == "socket.getaddrinfo":
        host = arguments[0]
    elif event in ("socket.connect", "socket.sendto") and isinstance(arguments[1], tuple):
        host = arguments[1][0]
    else:
        return
    if not _is_loopback(host):
        raise ConnectionRefusedError(f"A test may not reach the network: {host}")


sys.addaudithook(_refuse_network)


def pytest_configure(config: pytest.Config) -> None:
    # Playwright's loop lives in the test's own thread; Django would take it for asynchronous code.
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
    # WhiteNoise warns when the folder of collected files is missing.
    Path(django_settings.STATIC_ROOT).mkdir(exist_ok=True)


def pytest_unconfigure(config: pytest.Config) -> None:
    home = Path(django_settings.VIRAGE_HOME)
    if not hasattr(config, "workerinput") and home.name.startswith("virage-test-"):
        shutil.rmtree(home, ignore_errors=True)


@pytest.fixture(scope="session")
def django_db_modify_db_settings(request: pytest.FixtureRequest) -> None:
    """Name the SQLite test file, which Django would otherwise keep in memory."""
    if connection.vendor == "sqlite":
        file = django_settings.VIRAGE_HOME / "test.sqlite3"
        connection.settings_dict["TEST"]["NAME"] = str(file)
    request.getfixturevalue("django_db_modify_db_settings_parallel_suffix")


@pytest.fixture(scope="session", autouse=True)
def shuffle_ties() -> Iterator[None]:
    """End every ORDER BY with RANDOM(): what a test reads in order, the query must order."""
    original = SQLCompiler._order_by_pairs

    def order_by_pairs(self: SQLCompiler) -> Iterator[tuple[OrderBy, bool]]:
        yield from original(self)
        if not self.query.distinct and not self.query.combinator:
            yield OrderBy(Random()), False

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(SQLCompiler, "_order_by_pairs", order_by_pairs)
        yield


@pytest.fixture(autouse=True)
def complete_templates(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Fail when one of our templates reads a variable that its context lacks, even in an `if`."""
    original = Variable._resolve_lookup
    missing: set[str] = set()

    def resolve_lookup(self: Variable, context: Any) -> Any:
        try:
            return original(self, context)
        except VariableDoesNotExist:
            template = context.render_context.template
            if Path(template.origin.name).is_relative_to(PACKAGE):
                missing.add(f"{template.name}: {self.var}")
            raise

    monkeypatch.setattr(Variable, "_resolve_lookup", resolve_lookup)
    yield
    assert not missing, f"variables without a value in templates: {sorted(missing)}"


@pytest.fixture(autouse=True)
def own_files(settings: Any, tmp_path: Path) -> None:
    """Give each test its own folder for stored files."""
    settings.FILES = tmp_path / "files"


@pytest.fixture
def queries() -> BoundedQueries:
    """Count SQL statements: `with queries(at_most=12) as seen:`; `seen` lists them.

    BEGIN, COMMIT and savepoints are not counted: the bound is on what the gesture asks.
    """

    @contextmanager
    def bounded(*, at_most: int) -> Iterator[list[str]]:
        seen: list[str] = []

        def note(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
            if not sql.startswith(("BEGIN", "SAVEPOINT", "RELEASE SAVEPOINT", "ROLLBACK")):
                seen.append(sql)
            return execute(sql, params, many, context)

        with connection.execute_wrapper(note):
            yield seen
        listing = "\n".join(seen)
        assert len(seen) <= at_most, f"{len(seen)} statements, {at_most} allowed:\n{listing}"

    return bounded
