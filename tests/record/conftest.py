"""Whose records are read and written here: Rose and Louise at the EHPAD, Inès at the IME."""

import pytest

from tests.factories.people import welcome
from tests.factories.town import Town
from virage.persons.models import Person


@pytest.fixture
def rose(town: Town) -> Person:
    """Return someone of Alice's unit."""
    return welcome(town, "Rose Lambert", town.ehpad, town.unit_a, town.room_a1)


@pytest.fixture
def louise(town: Town) -> Person:
    """Return someone of the other unit."""
    return welcome(town, "Louise Bernard", town.ehpad, town.unit_b)


@pytest.fixture
def ines(town: Town) -> Person:
    """Return someone of the IME."""
    return welcome(town, "Inès Faure", town.ime, town.ime_unit)
