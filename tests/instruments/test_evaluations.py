"""Freezing evaluations and finding them."""

import pytest

from tests.factories import drafts
from tests.factories.people import welcome
from tests.factories.town import Town, actor_of
from tests.guards import BoundedQueries
from virage.foundation.access.enums import Volet
from virage.foundation.access.rules import Origin
from virage.foundation.errors import Invalid, Refused
from virage.instruments.actions import freeze_evaluations
from virage.instruments.models import Evaluation
from virage.instruments.queries import find_evaluation
from virage.instruments.rules.answers import answers_from_json
from virage.persons.models import Person


@pytest.fixture
def rose(town: Town) -> Person:
    """Return someone of Alice's unit."""
    return welcome(town, "Rose Lambert", town.ehpad, town.unit_a)


def test_answers_are_frozen_with_their_author(town: Town, rose: Person) -> None:
    draft = drafts.evaluation(rose)
    evaluation = freeze_evaluations(actor_of(town.alice), drafts=[draft])[0]
    found = find_evaluation(actor_of(town.alice), rose.subject_id, evaluation.pk)
    assert answers_from_json(found.answers) == draft.answers
    assert (found.author_name, found.establishment) == ("Alice Martel", town.ehpad)


def test_many_evaluations_cost_what_one_does(
    town: Town, rose: Person, queries: BoundedQueries
) -> None:
    alice, costs = actor_of(town.alice), []
    for count in (1, 30):
        with queries(at_most=4) as seen:
            freeze_evaluations(alice, drafts=[drafts.evaluation(rose) for _ in range(count)])
        costs.append(len(seen))
    assert costs[0] == costs[1]


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"title": " "}, "title"),
        ({"answers": []}, "answers"),
        ({"happened_at": drafts.moments_ago(-1)}, "happened_at"),
    ],
)
def test_what_does_not_hold_is_invalid(
    changes: dict[str, object], field: str, town: Town, rose: Person
) -> None:
    with pytest.raises(Invalid) as invalid:
        freeze_evaluations(actor_of(town.alice), drafts=[drafts.evaluation(rose, **changes)])
    assert list(invalid.value.errors) == [field]


def test_freezing_is_refused(town: Town, rose: Person) -> None:
    for who, volet, condition in (
        (town.alice, Volet.PSYCHOLOGICAL, "matrix"),
        (town.basile, Volet.CARE, "care_team"),
        (town.charlie, Volet.CARE, "hidden"),
    ):
        with pytest.raises(Refused) as refused:
            freeze_evaluations(actor_of(who), drafts=[drafts.evaluation(rose, volet=volet)])
        assert refused.value.condition == condition
    assert not Evaluation.objects.exists()


def test_a_received_evaluation_may_be_without_answers(town: Town, rose: Person) -> None:
    draft = drafts.evaluation(rose, answers=[], origin=Origin(establishment_id=town.ehpad.pk))
    assert freeze_evaluations(actor_of(town.sofia), drafts=[draft])[0].answers == []


def test_what_the_actor_does_not_read_does_not_exist(town: Town, rose: Person) -> None:
    evaluation = freeze_evaluations(actor_of(town.alice), drafts=[drafts.evaluation(rose)])[0]
    for who in (town.basile, town.sofia, town.charlie):
        with pytest.raises(Refused) as refused:
            find_evaluation(actor_of(who), rose.subject_id, evaluation.pk)
        assert refused.value.is_hidden
