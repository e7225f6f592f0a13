"""The photo that a file brings: worked out once, before anything is locked."""

from datetime import date

import pytest

from tests.exchange.samples import file_of, person, picture, receive, record
from tests.factories.town import Town, actor_of
from virage.exchange.actions import processing
from virage.exchange.actions.placing import documents
from virage.persons.models import Person

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
