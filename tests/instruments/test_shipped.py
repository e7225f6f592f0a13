"""What holds of every version shipped: answerable, reachable, monotonic, and written by its own."""

from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.instruments.answering import answered
from tests.instruments.drawing import instruments
from virage.foundation.access.matrix import shipped as matrix
from virage.instruments.rules.given import Answers, Given, Value, asked, missing
from virage.instruments.rules.instrument import Direction, Instrument, Score
from virage.instruments.rules.items import Item, ItemKind
from virage.instruments.rules.scoring import scored
from virage.instruments.rules.shipped import shipped

every_version = pytest.mark.parametrize("one", shipped(), ids=lambda one: f"{one.id}/{one.version}")


@every_version
def test_it_is_answered_to_its_end(one: Instrument) -> None:
    """A random walk never stops short, comes to every question in the end, and tells no lie."""
    reached: set[str] = set()
    is_conditional = any(part.when for part in (*one.groups, *one.items.values()))

    @settings(
        max_examples=25 if is_conditional else 5, deadline=None, derandomize=True, database=None
    )
    @given(answered(one))
    def walk(answers: Answers) -> None:
        assert missing(one, answers) == []
        reached.update(answers)
        check_that_nothing_is_guessed(one, answers)
        for score in one.scores:
            check_that_worse_is_never_better(one, answers, score)

    walk()
    assert reached == one.items.keys()


@every_version
def test_those_who_answer_may_write_it(one: Instrument) -> None:
    assert one.answered_by
    assert [
        profession
        for profession in one.answered_by
        if one.volet_of(profession) not in matrix().writable_volets(profession)
    ] == []


def check_that_nothing_is_guessed(one: Instrument, answers: Answers) -> None:
    """Only « je ne sais pas » leaves a score without a value, once all is answered."""
    unknown = {one.items[name].label for name, given in answers.items() if given.is_unknown}
    for result in scored(one, answers).values():
        assert set(result.missing) <= unknown
        assert result.value is None or not result.missing


def check_that_worse_is_never_better(one: Instrument, answers: Answers, score: Score) -> None:
    if score.direction == Direction.NEITHER or score.rows or score.function:
        return
    before = scored(one, answers)[score.id].value
    for name in score.of:
        item = one.items.get(name)
        if before is None or item is None or name not in asked(one, answers):
            continue
        worse = dict(answers) | {name: Given(worst(item, score.direction))}
        after = scored(one, worse)[score.id].value
        if after is not None:
            gap = after - before
            assert gap <= 0 if score.direction == Direction.HIGHER_IS_BETTER else gap >= 0


def worst(item: Item, direction: Direction) -> Value:
    """The answer that should make such a score the worst."""
    is_least = direction == Direction.HIGHER_IS_BETTER
    if item.kind == ItemKind.NUMBER:
        bound = item.at_least if is_least else item.at_most
        assert bound is not None, f"{item.id}: a number that is counted has bounds"
        return bound
    pick = min if is_least else max
    return pick(item.options, key=lambda option: option.points or Decimal(0)).id


@settings(max_examples=60, deadline=None)
@given(data=st.data())
def test_whatever_the_schema_accepts_is_answered_to_its_end(data: Any) -> None:
    one = data.draw(instruments())
    answers = data.draw(answered(one))
    assert missing(one, answers) == []
    for score, result in zip(one.scores, scored(one, answers).values(), strict=True):
        assert result.value is None or not result.missing
        if result.value is not None and score.in_percent and one.items.keys() >= set(score.of):
            assert 0 <= result.value <= 100
