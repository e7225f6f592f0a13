"""The volume to measure on tells how far it is, from its first person on."""

import pytest

from virage.demo.volume import Volume, fill
from virage.persons.models import Person
from virage.record.models import Note

pytestmark = pytest.mark.django_db(transaction=True)


def test_its_progress_begins_with_the_persons_and_ends_at_its_steps() -> None:
    volume, told = Volume(establishments=1, usagers=6, notes=20), list[int]()
    fill(volume, told.append)
    assert (Person.objects.count(), Note.objects.count()) == (6, 20)
    assert told[:6] == [1] * 6
    assert sum(told) == volume.steps
