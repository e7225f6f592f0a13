"""Whose records are read and written here: Rose and Louis at the EHPAD, Inès at the IME."""

from datetime import date

import pytest

from tests.factories.town import Town, actor_of
from virage.directory.models import Establishment, Room, Unit
from virage.persons.actions import create_person
from virage.persons.models import Person, Stay
from virage.persons.rules import PersonTraits


def welcome(
    town: Town,
    full_name: str,
    establishment: Establishment,
    unit: Unit,
    room: Room | None = None,
) -> Person:
    """Create a person with a stay in progress."""
    given_name, family_name = full_name.split(" ", 1)
    traits = PersonTraits(
        birth_family_name=family_name,
        first_birth_given_name=given_name,
        sex="female",
        birth_on=date(1941, 3, 12),
        birth_place_code="99101",
    )
    stay = Stay(establishment=establishment, unit=unit, room=room, entered_on=date(2025, 1, 6))
    return create_person(actor_of(town.command_line), traits=traits, stay=stay)


@pytest.fixture
def rose(town: Town) -> Person:
    return welcome(town, "Rose Lambert", town.ehpad, town.unit_a, town.room_a1)


@pytest.fixture
def louis(town: Town) -> Person:
    return welcome(town, "Louise Bernard", town.ehpad, town.unit_b)


@pytest.fixture
def ines(town: Town) -> Person:
    return welcome(town, "Inès Faure", town.ime, town.ime_unit)
