"""Scores: made of what was answered, of nothing else, and never better for a worse answer."""

from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.instruments.answering import answered
from virage.foundation.content.loader import load
from virage.instruments.rules.given import Given, asked, missing
from virage.instruments.rules.instrument import Direction, Instrument
from virage.instruments.rules.scoring import scored
from virage.instruments.rules.shipped import shipped


def instrument(name: str) -> Instrument:
    return load("instruments", name, Instrument)


def of(**values: Any) -> dict[str, Given]:
    """Answers by item; None is « je ne sais pas »."""
    return {
        name: Given(is_unknown=True) if value is None else Given(value)
        for name, value in values.items()
    }


@pytest.mark.parametrize("one", shipped(), ids=lambda one: one.id)
@settings(max_examples=30, deadline=None)
@given(data=st.data())
def test_any_instrument_is_answered_to_its_end_and_scored(one: Instrument, data: Any) -> None:
    answers = data.draw(answered(one))
    assert missing(one, answers) == []
    for result in scored(one, answers).values():
        lacking = {
            item.label
            for name, item in one.items.items()
            if answers.get(name, Given("")).is_unknown
        }
        assert set(result.missing) <= lacking
        assert (result.value is None) or not result.missing


@pytest.mark.parametrize("one", shipped(), ids=lambda one: one.id)
@settings(max_examples=30, deadline=None)
@given(data=st.data())
def test_a_worse_answer_never_gives_a_better_sum(one: Instrument, data: Any) -> None:
    answers = data.draw(answered(one))
    before = scored(one, answers)
    for score in one.scores:
        if score.direction == Direction.NEITHER or score.rows or score.function:
            continue
        for name in score.of:
            item = one.items.get(name)
            if item is None or not item.points or name not in asked(one, answers):
                continue
            worst = min if score.direction == Direction.HIGHER_IS_BETTER else max
            chosen = worst(item.options, key=lambda option: option.points or Decimal(0)).id
            after = scored(one, answers | {name: Given(chosen)})[score.id].value
            if after is None or before[score.id].value is None:
                continue
            gap = after - before[score.id].value
            assert gap <= 0 if score.direction == Direction.HIGHER_IS_BETTER else gap >= 0


def test_a_required_answer_that_lacks_leaves_no_score() -> None:
    norton = instrument("norton/1")
    answers = of(physical="good", mental="alert", activity="bed", mobility="none")
    total = scored(norton, answers)["total"]
    assert (total.value, total.missing) == (None, ("Incontinence",))
    total = scored(norton, answers | of(incontinence="both"))["total"]
    assert total.value == 11 and total.band and total.band.label == "Risque d’escarre"
    assert [(term.label, term.told, term.points) for term in total.terms][2] == (
        "Activité",
        "Alité",
        1,
    )


@pytest.mark.parametrize(
    ("weight", "more", "diagnosis", "severity"),
    [
        (50, {}, 1, 1),  # an IMC of 18.4
        (58, {}, 1, None),  # 6.5 % in a month; what was lost in six is not known
        (58, {"weight_6_months": Decimal(60), "weight_usual": Decimal(60)}, 1, 0),
        (58, {"albumin": Decimal(25)}, 1, 1),
        (62, {"sarcopenia": "yes", "intake": "usual"}, 0, 0),
        (62, {"sarcopenia": None}, None, None),
    ],
)
def test_undernutrition(
    weight: int, more: dict[str, Any], diagnosis: int | None, severity: int | None
) -> None:
    """HAS, 2021: one criterion of the body and one of cause; one more makes it severe."""
    answers = of(
        weight=Decimal(weight),
        height=Decimal(165),
        weight_1_month=Decimal(62),
        weight_6_months=None,
        weight_usual=None,
        sarcopenia="no",
        intake="half",
        absorption="no",
        disease="no",
    )
    results = scored(instrument("undernutrition_70/2021"), answers | of(**more))
    assert (results["diagnosis"].value, results["severity"].value) == (diagnosis, severity)
