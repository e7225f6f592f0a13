"""What conditions hold on, what is asked, and what an answer lacks."""

from decimal import Decimal
from typing import Any

import pytest

from tests.instruments.answering import asking
from virage.instruments.rules.given import Given, holds, missing
from virage.instruments.rules.instrument import Row, Score
from virage.instruments.rules.items import Item, ItemKind, Option, When

YES_NO = (Option(id="yes", label="Oui"), Option(id="no", label="Non"))


def number(name: str, **more: Any) -> Item:
    return Item(id=name, label=name, kind=ItemKind.NUMBER, **more)


@pytest.mark.parametrize(
    ("bound", "below", "at", "above"),
    [
        ("at_least", False, True, True),
        ("above", False, False, True),
        ("at_most", True, True, False),
        ("below", True, False, False),
    ],
)
def test_a_threshold_says_on_which_side_it_stands(
    bound: str, below: bool, at: bool, above: bool
) -> None:
    when = When(of="n", **{bound: Decimal(17)})
    held = [holds(when, {"n": Decimal(n)}) for n in ("16.9", "17", "17.1")]
    assert held == [below, at, above]


def test_a_row_lacks_what_is_required_in_it() -> None:
    rows = Item(
        id="rows",
        label="Lignes",
        kind=ItemKind.TABLE,
        required=True,
        columns=(number("told", required=True), number("more")),
    )
    one, full = asking(rows), {"told": Given(Decimal(1))}
    for given, lacks in (
        (Given(()), True),
        (Given((full,)), False),
        (Given((full, {"more": Given(Decimal(1))})), True),
        (Given(is_unknown=True), False),
    ):
        assert bool(missing(one, {"rows": given})) == lacks
    assert missing(one, {}) == [rows]


def test_a_word_beside_an_answer_counts_for_nothing() -> None:
    one = asking(number("n", required=True, may_be_commented=True))
    assert missing(one, {"n": Given(Decimal(1), comment="Le soir surtout")}) == []
    assert holds(When(of="n", at_least=Decimal(1)), {"n": Given(Decimal(1), comment="Le soir")})


def test_yes_or_no_is_known_as_such() -> None:
    choice = Item(id="a", label="A", kind=ItemKind.CHOICE, options=YES_NO)
    assert choice.is_yes_or_no
    assert not Item(id="a", label="A", kind=ItemKind.MULTIPLE, options=YES_NO).is_yes_or_no
    assert not Item(id="a", label="A", kind=ItemKind.CHOICE, options=YES_NO[:1]).is_yes_or_no


def table(when: When) -> Score:
    return Score(id="s", label="S", rows=(Row(when=when, value=Decimal(1)),))


@pytest.mark.parametrize(
    ("items", "more", "fault"),
    [
        (
            [
                Item(id="a", label="A", kind=ItemKind.CHOICE, options=YES_NO),
                number("n", when=When(of="a", at_most=Decimal(1))),
            ],
            {},
            "n’est pas un nombre",
        ),
        ([number("total", required=True)], {"is_total_only": True}, "ses deux bornes"),
        (
            [Item(id="a", label="A", kind=ItemKind.TEXT)],
            {"scores": (Score(id="s", label="S", of=("a",)),)},
            "ne se compte pas",
        ),
        (
            [Item(id="a", label="A", kind=ItemKind.CHOICE, options=YES_NO)],
            {"scores": (table(When(of="a", among=("yes", "maybe"))),)},
            "pas d’option",
        ),
    ],
)
def test_what_could_not_be_answered_is_refused(
    items: list[Item], more: dict[str, Any], fault: str
) -> None:
    with pytest.raises(ValueError, match=fault):
        asking(*items, **more)
