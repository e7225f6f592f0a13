"""Persons of the small town, admitted through the same action as the screens."""

from datetime import date
from typing import Any

from django.utils import timezone

from tests.factories.town import Town, actor_of
from virage.directory.models import Unit
from virage.persons.actions import create_person
from virage.persons.enums import Sex
from virage.persons.models import Person, Stay
from virage.persons.queries.doubles import look_alike_ids
from virage.persons.rules import PersonTraits

SINCE = date(2025, 1, 6)


def today() -> date:
    return timezone.localdate()


def traits(**changes: Any) -> PersonTraits:
    """Return the traits of Rose Lambert, born in 1941, with these changes."""
    known: dict[str, Any] = {
        "birth_family_name": "Lambert",
        "first_birth_given_name": "Rose",
        "sex": Sex.FEMALE,
        "birth_on": date(1941, 3, 12),
        "birth_place_code": "99101",
    }
    return PersonTraits(**known | changes)


def stay_in(unit: Unit, **dates: Any) -> Stay:
    """Return an unsaved stay in a unit, since 2025 unless told."""
    return Stay(establishment=unit.establishment, unit=unit, **{"entered_on": SINCE} | dates)


def admit(
    town: Town,
    unit: Unit,
    given_name: str = "Rose",
    family_name: str = "Lambert",
    *,
    stay: dict[str, Any] | None = None,
    **changes: Any,
) -> Person:
    """Create a person with a stay in this unit; by the command line, which may everything.

    Whoever looks like her already is someone else.
    """
    actor = actor_of(town.command_line)
    numbers = {name: changes.pop(name) for name in list(changes) if name.startswith("ins_")}
    who = traits(first_birth_given_name=given_name, birth_family_name=family_name, **changes)
    return create_person(
        actor,
        traits=who,
        stay=stay_in(unit, **stay or {}),
        other_person_ids=look_alike_ids(actor, who, numbers.get("ins_value", "")),
        **numbers,
    )
