"""Fixtures for a module whose tests share one town of addresses: import them all, and name them.

What a test writes it undoes (`tests.access.world.undone`).
"""

from collections.abc import Iterator

import pytest
from django.test import override_settings
from pytest_django.plugin import DjangoDbBlocker

from tests.access.url_town import UrlTown, build_url_town
from tests.access.world import module_database


@pytest.fixture(scope="module")
def db(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[None]:
    """Open the database to the whole module; what it wrote is undone in the end."""
    with module_database(django_db_blocker):
        yield


@pytest.fixture(scope="module", autouse=True)
def own_files(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Keep the stored files as long as the rows."""
    with override_settings(FILES=tmp_path_factory.mktemp("files")):
        yield


@pytest.fixture(scope="module")
def town(db: None, own_files: None) -> UrlTown:
    """The town of `tests/access/url_town.py`."""
    return build_url_town()
