"""Records of the demo, written by hand on the screens, leave for an instance that knows nobody."""

from typing import Any

import pytest
from django.db.models import Q

from tests.demo.conftest import Demo
from tests.exchange.rows import check_equal, receive_elsewhere, send
from virage.exchange.models import ReceivedItem
from virage.persons.models import Person

pytestmark = [pytest.mark.django_db, pytest.mark.xdist_group("demo")]


@pytest.fixture(autouse=True)
def files_of_the_demo(demo: Demo, own_files: None, settings: Any) -> None:
    """Read the files where the demo was built, before any test had its own folder."""
    settings.FILES = settings.VIRAGE_HOME / "files"


def chosen(demo: Demo) -> list[Person]:
    """The records that are not like the others, and the first ones of each establishment."""
    persons = Person.objects.filter(operator=demo.operator).order_by("id")
    rare = Q(subject__is_sensitive=True) | Q(subject__restrictions__isnull=False)
    rare |= Q(subject__is_shared_between_establishments=True)
    first = [
        person
        for home in demo.operator.establishments.order_by("id")
        for person in persons.filter(stays__establishment=home).distinct()[:2]
    ]
    return [*dict.fromkeys([*persons.filter(rare).distinct(), *first])]


def test_every_field_is_equal_elsewhere(demo: Demo) -> None:
    persons = chosen(demo)
    assert len(persons) >= 7
    for person in persons:
        there = receive_elsewhere(send(person))
        apart = check_equal(person, there)
        stays = person.stays.select_related("unit", "room")
        places = [f"Unité : {stay.unit.name}" for stay in stays if stay.unit]
        places += [f"Chambre : {stay.room.name}" for stay in stays if stay.room]
        closed = [title for title in apart if title.startswith("Restriction d’accès : ")]
        assert sorted(apart) == sorted(closed + places)
        assert len(closed) == person.subject.restrictions.count()
        assert ReceivedItem.objects.filter(subject=there.subject).count() == len(apart)
