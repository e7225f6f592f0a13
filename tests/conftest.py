"""What every test runs under: stricter than the product, so that a fault shows here first.

- no network but the loopback addresses;
- rows that no complete ORDER BY places come back shuffled;
- a variable that one of our templates reads must exist;
- warnings are errors (pyproject.toml);
- SQLite is a file in WAL mode, as on a real machine, so that a live server and a test share it.
"""

import gc
import itertools
import os
import shutil
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import hypothesis
import pytest
from django.conf import settings as django_settings
from django.db import connection

from tests import guards
from tests.factories.town import Town, build_town
from virage.foundation.encryption import keys

hypothesis.settings.register_profile("virage", deadline=None, derandomize="CI" in os.environ)
hypothesis.settings.load_profile("virage")
sys.addaudithook(guards.refuse_network)
# The fixtures by which a test comes to the database; those of ours ask for one of them.
TOUCHING = {"db", "transactional_db", "django_db_setup", "live_server"}
_numbers = itertools.count()


def pytest_configure(config: pytest.Config) -> None:
    # Playwright's loop lives in the test's own thread; Django would take it for asynchronous code.
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
    # WhiteNoise warns when the folder of collected files is missing.
    Path(django_settings.STATIC_ROOT).mkdir(exist_ok=True)


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Keep together what shares a costly build, and on PostgreSQL run what touches this database.

    The rest was seen with the suite on SQLite: those who start programs on databases of their own
    do it on both kinds, and those marked `once` ask what no database changes.
    """
    for item in items:
        if _shares_with_its_module(item) and not item.get_closest_marker("xdist_group"):
            item.add_marker(pytest.mark.xdist_group(item.path.stem))
    if connection.vendor == "postgresql":
        config.hook.pytest_deselected(items=[one for one in items if not _may_touch(one)])
        items[:] = filter(_may_touch, items)


def _shares_with_its_module(item: pytest.Item) -> bool:
    """Whether one of its fixtures is made once for its module: by one process, then."""
    fixtures = getattr(item, "_fixtureinfo", None)
    named = fixtures.name2fixturedefs.values() if fixtures else ()
    return any(one.scope == "module" for definitions in named for one in definitions[-1:])


def _may_touch(item: pytest.Item) -> bool:
    if item.get_closest_marker("once"):
        return False
    fixtures = TOUCHING & set(getattr(item, "fixturenames", ()))
    return bool(item.get_closest_marker("django_db") or fixtures)


def pytest_collection_finish(session: pytest.Session) -> None:
    """Look for dead cycles less often, and never among what was collected: it lasts to the end."""
    gc.freeze()
    gc.set_threshold(20_000, 20, 50)


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
def shuffled_ties() -> Iterator[None]:
    with guards.shuffled_ties():
        yield


@pytest.fixture(autouse=True)
def complete_templates() -> Iterator[None]:
    with guards.missing_variables() as missing:
        yield
    assert not missing, f"templates read variables without a value: {sorted(missing)}"


@pytest.fixture(autouse=True)
def own_files(settings: Any, tmp_path_factory: pytest.TempPathFactory) -> None:
    """Give each test its own folder for stored files; the first file makes it."""
    settings.FILES = tmp_path_factory.getbasetemp() / f"files-{next(_numbers)}"


@pytest.fixture(autouse=True)
def own_keys(monkeypatch: pytest.MonkeyPatch) -> None:
    """Begin each test as a process that has read no key: those of the last test are undone.

    No transaction of a test is ever confirmed: what it makes stands as long as it does.
    """
    keys.forget()
    monkeypatch.setattr(keys, "_unconfirmed", guards.Forgetful())


@pytest.fixture
def queries() -> guards.BoundedQueries:
    """Bound the SQL statements of a block: `with queries(at_most=12) as seen:` lists them."""
    return guards.bounded_queries


@pytest.fixture
def town(db: None) -> Town:
    """The structures and the named people of `tests/factories/town.py`."""
    return build_town()
