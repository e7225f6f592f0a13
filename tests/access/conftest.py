"""One world for all the tests of a file: they only read it, or undo what they write."""

from collections.abc import Iterator

import pytest
from pytest_django.plugin import DjangoDbBlocker

from tests.access.world import World, build_world, module_database


@pytest.fixture(scope="module")
def db(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[None]:
    with module_database(django_db_blocker):
        yield


@pytest.fixture(scope="module")
def world(db: None) -> World:
    return build_world()
