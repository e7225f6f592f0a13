"""Answers as they are stored, what two people typed put together, and what a result freezes."""

import json
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.instruments.answering import answered
from virage.formats.tddui.record import Answer
from virage.foundation.access import matrix
from virage.foundation.access.enums import Cell
from virage.instruments.rules.answers import answers_to_json, lines_of
from virage.instruments.rules.fhir.words import tree_of
from virage.instruments.rules.given import Given, asked
from virage.instruments.rules.instrument import Instrument
from virage.instruments.rules.results import frozen, scores_from_json, scores_to_json
from virage.instruments.rules.sheet import given_from_json, given_to_json, merged, told
from virage.instruments.rules.shipped import shipped

SHIPPED = shipped()


def places(tree: list[Answer]) -> list[str]:
    return [name for one in tree for name in (one.link_id, *places(one.children))]


A, B, C = Given("a"), Given("b"), Given("c")


@pytest.mark.parametrize("one", shipped(), ids=lambda one: f"{one.id}-{one.version}")
@settings(max_examples=20, deadline=None)
@given(data=st.data())
def test_answers_and_scores_are_read_back_as_they_were_stored(one: Instrument, data: Any) -> None:
    answers = data.draw(answered(one))
    for name, given_ in answers.items():
        stored = json.loads(json.dumps(given_to_json(given_)))
        assert given_from_json(one.items[name], stored) == given_
        assert told(one.items[name], given_) or given_.value in ((), "")
    scores = frozen(one, answers)
    assert scores_from_json(json.loads(json.dumps(scores_to_json(scores)))) == scores
    assert [score.id for score in scores] == list(one.scores_by_id)
    tree = tree_of(one, answers)
    kept = {name for name in asked(one, answers) if name in answers}
    assert kept <= set(places(tree)), "each answer to what is asked is in the tree"
    assert all(line.label for line in lines_of(answers_to_json(tree)))


@pytest.mark.parametrize(
    ("seen", "typed", "now", "changes", "clashing"),
    [
        ({}, {"x": A}, {}, {"x": A}, ()),
        ({"x": A}, {"x": A}, {"x": B}, {}, ()),  # a colleague's answer, which I left alone
        ({"x": A}, {"x": B}, {"x": B}, {}, ()),  # we answered the same
        ({"x": A}, {"x": C}, {"x": B}, {}, ("x",)),
        ({"x": A}, {"x": None}, {"x": A}, {"x": None}, ()),
        ({"x": A}, {"x": None}, {"x": B}, {}, ("x",)),
        ({"x": A}, {"x": B}, {}, {}, ("x",)),  # it was taken back meanwhile
        ({"x": A, "y": A}, {"x": B}, {"x": A, "y": C}, {"x": B}, ()),
    ],
)
def test_only_what_was_changed_counts(
    seen: Any, typed: Any, now: Any, changes: Any, clashing: Any
) -> None:
    found = merged(seen, typed, now)
    assert (found.changes, found.clashing) == (changes, clashing)


def test_a_result_says_how_it_was_made() -> None:
    norton = next(one for one in shipped() if one.id == "norton")
    chosen = {"physical": "good", "mental": "alert", "activity": "bed", "mobility": "none"}
    answers = {name: Given(option) for name, option in chosen.items()}
    (total,) = frozen(norton, answers)
    assert (total.told, total.missing) == ("Incomplet", ("Incontinence",))
    (total,) = frozen(norton, answers | {"incontinence": Given("both")})
    assert (total.told, total.meaning, total.is_result) == ("11", "Risque d’escarre", True)
    assert sum(term.points for term in total.terms) == Decimal(11)


@pytest.mark.parametrize("one", SHIPPED, ids=lambda one: f"{one.id}-{one.version}")
def test_whoever_answers_an_instrument_writes_in_its_volet(one: Instrument) -> None:
    rights = matrix.shipped()
    assert all(
        rights.allows(profession, Cell.WRITE, one.volet_of(profession))
        for profession in one.answered_by
    )


def test_a_number_typed_with_an_exponent_is_told_in_digits() -> None:
    weight = next(one for one in SHIPPED if one.id == "weight").items["weight"]
    assert told(weight, Given(Decimal("1e2"))) == "100 kg"
