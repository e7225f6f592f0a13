"""Two people who make the same gesture at the same instant: one of them is told."""

from collections.abc import Callable

import pytest

from tests.at_once import at_once
from tests.factories.town import actor_of, build_town
from tests.persons.admissions import SINCE, admit, stay_in, traits
from virage.directory.actions import open_membership
from virage.foundation.access.emergency import policy
from virage.persons.actions import break_the_glass_on_identity, create_person, open_stay
from virage.persons.models import Person


def both_at_once(act: Callable[[], object]) -> list[bool]:
    """Make the same gesture twice at once; say whether each one went through, whichever it was."""
    return sorted(at_once(act, act))


@pytest.mark.django_db(transaction=True)
def test_one_of_two_overlapping_stays_is_refused() -> None:
    town = build_town()
    rose = admit(town, town.unit_a, stay={"exited_on": SINCE})
    sofia = actor_of(town.sofia)
    done = both_at_once(lambda: open_stay(sofia, person=rose, stay=stay_in(town.unit_b)))
    assert done == [False, True]
    assert rose.stays.filter(unit=town.unit_b).count() == 1


@pytest.mark.django_db(transaction=True)
def test_one_of_two_creations_of_the_same_person_is_refused() -> None:
    town = build_town()
    sofia, who = actor_of(town.sofia), traits()
    done = both_at_once(lambda: create_person(sofia, traits=who, stay=stay_in(town.unit_a)))
    assert done == [False, True]
    assert Person.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_tries_in_vain_from_two_situations_at_once_are_counted_together() -> None:
    town = build_town()
    other = open_membership(
        actor_of(town.command_line),
        professional=town.alice.professional,
        profession="nurse",
        establishment=town.ehpad,
        units=[town.unit_b],
        starts_on=SINCE,
    )
    situations = [actor_of(town.alice), actor_of(other)]
    sought = {"family_name": "Bernard", "given_name": "Louise", "birth_on": SINCE}
    why = {"motive": "fall", "reason": "Chute dans le couloir, seule de nuit."}
    for _ in range(policy().misses_a_day - 1):
        break_the_glass_on_identity(situations[0], **sought, **why)
    done = both_at_once(lambda: break_the_glass_on_identity(situations.pop(), **sought, **why))
    assert done == [False, True]
