"""The same answers taken in twice at the same instant, by a double press: one is kept."""

import json

import pytest

from tests.at_once import at_once
from tests.factories.people import welcome
from tests.factories.town import actor_of, build_town
from tests.record.test_fhir_foreign import ANSWERED, ASKED, bundle
from virage.foundation.access.enums import Volet
from virage.instruments.models import Evaluation
from virage.instruments.rules.fhir.received import read_answers
from virage.record.actions import take_in_answers


@pytest.mark.django_db(transaction=True)
def test_the_same_answers_are_taken_in_once() -> None:
    town = build_town()
    rose = welcome(town, "Rose Lambert", town.ehpad, town.unit_a)
    denis = actor_of(town.denis)
    file = json.dumps(bundle(ASKED, ANSWERED)).encode()
    received = read_answers(file, denis.today, (), Volet.CARE)

    def take_in() -> None:
        take_in_answers(
            denis, subject_id=rose.subject_id, establishment_id=town.ehpad.pk, received=received
        )

    assert sorted(at_once(take_in, take_in)) == [False, True]
    assert Evaluation.objects.count() == 1
