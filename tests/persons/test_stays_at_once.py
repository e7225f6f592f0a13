"""Two people who open the same stay at the same instant: one of them is told."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.db import connection

from tests.factories.town import actor_of, build_town
from tests.persons.admissions import admit, stay_in
from virage.foundation.errors import Invalid
from virage.persons.actions import open_stay


@pytest.mark.django_db(transaction=True)
def test_one_of_two_overlapping_stays_is_refused() -> None:
    town = build_town()
    rose = admit(town, town.unit_a)
    sofia, start = actor_of(town.sofia), Barrier(2)

    def open_it(_: int) -> bool:
        start.wait()
        try:
            open_stay(sofia, person=rose, stay=stay_in(town.unit_b))
        except Invalid:
            return False
        finally:
            connection.close()
        return True

    with ThreadPoolExecutor(2) as people:
        assert sorted(people.map(open_it, range(2))) == [False, True]
    assert rose.stays.filter(unit=town.unit_b).count() == 1
