"""Two people who make the same gesture at the same instant: one of them is told."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.db import connection

from tests.factories.town import actor_of, build_town
from tests.persons.admissions import SINCE, admit, stay_in, traits
from virage.foundation.errors import DomainError
from virage.persons.actions import create_person, open_stay
from virage.persons.models import Person


def both_at_once(act: Callable[[], object]) -> list[bool]:
    """Act in two threads that start together; say, in order, whether each one went through."""
    start = Barrier(2)

    def go(_: int) -> bool:
        start.wait()
        try:
            act()
        except DomainError:
            return False
        finally:
            connection.close()
        return True

    with ThreadPoolExecutor(2) as people:
        return sorted(people.map(go, range(2)))


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
