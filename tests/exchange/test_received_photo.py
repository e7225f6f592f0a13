"""The photo that a file brings: worked out once, and never set again once removed by hand."""

from datetime import date

import pytest

from tests.exchange.samples import file_of, person, picture, receive, record
from tests.factories.town import Town, actor_of
from virage.documents.models import Document
from virage.exchange.actions import processing
from virage.exchange.actions.placing import documents
from virage.exchange.enums import LineLevel
from virage.persons.actions import remove_photo, set_photo
from virage.persons.models import Person
from virage.persons.rules.photo import portrait

AGREED = date(2026, 1, 5)


def of_photo(colour: str = "teal") -> bytes:
    return file_of(record(person=person(photo=picture(colour), photo_consent_on=AGREED)))


def test_a_photo_is_worked_out_once_and_before_the_lock(
    town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    done, portrait, take = [], documents.portrait, processing.take
    monkeypatch.setattr(documents, "portrait", lambda it: done.append("photo") or portrait(it))
    monkeypatch.setattr(processing, "take", lambda it: done.append("lock") or take(it))
    receive(actor_of(town.sofia), of_photo())
    assert Person.objects.get().photo_digest
    assert done == ["photo", "lock"]


def test_a_photo_removed_by_hand_is_not_set_again_by_a_file(town: Town) -> None:
    office = actor_of(town.sofia)
    receive(office, of_photo(), unit=town.unit_a)
    remove_photo(office, person=Person.objects.get())
    again = receive(office, of_photo("navy"), unit=town.unit_a)
    assert again.lines.get(code="photo_removed_here").level == LineLevel.WARNING
    assert Person.objects.get().photo_digest == ""
    assert Document.objects.filter(title__contains="retirée").count() == 1
    # By hand, she agrees again.
    odette = Person.objects.get()
    set_photo(office, person=odette, photo=portrait(picture()), consent_on=AGREED)
    assert Person.objects.get().photo_removed_on is None
