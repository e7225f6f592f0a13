"""People who live in the town, with a stay in progress."""

from datetime import date

from tests.factories.town import Town, actor_of
from virage.directory.models import Establishment, Room, Unit
from virage.persons.actions import create_person
from virage.persons.models import Person, Stay
from virage.persons.queries.doubles import look_alike_ids
from virage.persons.rules import PersonTraits


def welcome(
    town: Town,
    full_name: str,
    establishment: Establishment,
    unit: Unit,
    room: Room | None = None,
) -> Person:
    """Create a person who entered this unit in January 2025."""
    given_name, family_name = full_name.split(" ", 1)
    traits = PersonTraits(
        birth_family_name=family_name,
        first_birth_given_name=given_name,
        sex="female",
        birth_on=date(1941, 3, 12),
        birth_place_code="99101",
    )
    stay = Stay(establishment=establishment, unit=unit, room=room, entered_on=date(2025, 1, 6))
    actor = actor_of(town.command_line)
    others = look_alike_ids(actor, traits)
    return create_person(actor, traits=traits, stay=stay, other_person_ids=others)
