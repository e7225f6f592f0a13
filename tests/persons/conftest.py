"""Who signs in, and whose record it is, in the tests of the screens of a person."""

import pytest
from django.test import Client

from tests.factories.town import Town, sign_in
from tests.persons.admissions import admit
from virage.persons.models import Person


@pytest.fixture
def office(client: Client, town: Town) -> Client:
    sign_in(client, town.sofia)
    return client


@pytest.fixture
def rose(town: Town) -> Person:
    return admit(town, town.unit_a)
