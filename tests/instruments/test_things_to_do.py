"""Of which answers an action is made."""

from decimal import Decimal

import pytest

from tests.instruments.answering import asking
from virage.instruments.rules.answers import answers_to_json, lines_of
from virage.instruments.rules.fhir.words import tree_of
from virage.instruments.rules.given import Given
from virage.instruments.rules.instrument import Direction, Instrument, Score
from virage.instruments.rules.items import Item, ItemKind, Option
from virage.instruments.rules.shipped import version_of
from virage.instruments.rules.things_to_do import to_act_on

AGGIR = version_of("aggir", "2008.1")
ALL = ("spontaneously", "totally", "correctly", "usually")


def left_to_do(instrument: Instrument, answers: dict[str, Given]) -> set[str]:
    """Return the questions answered of which an action may be made."""
    lines = lines_of(answers_to_json(tree_of(instrument, answers)))
    return to_act_on(instrument, lines) & answers.keys()


def test_what_is_done_alone_leaves_nothing_to_do() -> None:
    letters = {
        "way": "letters",
        "washing_letter": "a",
        "feeding_letter": "b",
        "alerting_letter": "c",
    }
    answers = {name: Given(letter) for name, letter in letters.items()}
    assert left_to_do(AGGIR, answers) == {"feeding_letter", "alerting_letter"}


def test_a_gesture_done_in_every_way_leaves_nothing_to_do() -> None:
    answers = {
        "way": Given("adverbs"),
        "eating": Given(ALL),
        "serving": Given(ALL[1:]),
        "moving": Given(()),
    }
    assert left_to_do(AGGIR, answers) == {"serving", "moving"}


@pytest.mark.parametrize(
    ("direction", "left"),
    [
        (Direction.HIGHER_IS_BETTER, {"bad"}),
        (Direction.HIGHER_IS_WORSE, {"good"}),
        (Direction.NEITHER, {"good", "bad"}),
    ],
)
def test_the_best_that_a_sum_counts_leaves_nothing_to_do(
    direction: Direction, left: set[str]
) -> None:
    options = tuple(
        Option(id=name, label=name, points=Decimal(points))
        for name, points in (("low", 1), ("middle", 2), ("high", 3))
    )
    items = [
        Item(id=name, label=name, kind=ItemKind.CHOICE, options=options)
        for name in ("good", "bad", "between", "uncounted")
    ]
    total = Score(id="total", label="Total", of=("good", "bad", "between"), direction=direction)
    chosen = {"good": "high", "bad": "low", "between": "middle", "uncounted": "high"}
    answers = {name: Given(option) for name, option in chosen.items()}
    assert left_to_do(asking(*items, scores=(total,)), answers) == {"between", "uncounted", *left}


def test_what_leaves_nothing_to_do_is_an_option() -> None:
    with pytest.raises(ValueError, match="pas d’option «\u00a0z\u00a0»"):
        Item(
            id="one",
            label="Une question",
            kind=ItemKind.CHOICE,
            options=(Option(id="a", label="Oui"),),
            nothing_to_do=("z",),
        )
