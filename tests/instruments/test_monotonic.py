"""Of every version shipped, a better answer never gives a worse score: one answer, one step.

AGGIR has thirty exceptions, which `test_aggir.py` counts: no other answer of its grid makes one.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

import pytest
from hypothesis import given, settings

from tests.instruments.answering import answered
from virage.instruments.rules.aggir import LETTERS, moves, table
from virage.instruments.rules.given import Answers, Given, Value
from virage.instruments.rules.instrument import Direction, Function, Instrument, Score
from virage.instruments.rules.items import Item, ItemKind, When
from virage.instruments.rules.scoring import scored
from virage.instruments.rules.shipped import shipped, version_of

DIRECTED = [one for one in shipped() if any(score.direction for score in one.scores)]
AGGIR = version_of("aggir", "2008")
# Whether more of what a function computes on makes more of its number (1), or less (-1).
SIDES = {Function.BODY_MASS_INDEX: (1, -1), Function.PERCENT_LOST: (-1, 1)}
# The age is no answer that gets better: each has its own threshold of the mass index.
NEITHER = {"is_70"}


@dataclass(frozen=True)
class Weighed:
    """What a score makes of an item: whether more of it raises the number (1) or lowers it (-1);
    `more` are the options that are more than the others, where no points say it.
    """

    side: int
    more: tuple[str, ...] = ()


@pytest.mark.parametrize("one", DIRECTED, ids=lambda one: f"{one.id}/{one.version}")
def test_a_better_answer_never_gives_a_worse_score(one: Instrument) -> None:
    improved: set[str] = set()
    directed = [score for score in one.scores if score.direction]

    @settings(max_examples=150, deadline=None, derandomize=True, database=None)
    @given(answered(one))
    def walk(answers: Answers) -> None:
        before = scored(one, answers)
        for score in directed:
            better = 1 if score.direction == Direction.HIGHER_IS_BETTER else -1
            for name, value in better_answers(one, answers, score, better):
                after = scored(one, {**answers, name: Given(value)})[score.id].value
                former = before[score.id].value
                if former is not None and after is not None:
                    gain = (after - former) * better
                    assert gain >= 0, f"{score.id}: {name} {answers[name].value} -> {value}"
                    improved.update({score.id} if gain else ())

    walk()
    assert improved == {score.id for score in directed}


def better_answers(
    one: Instrument, answers: Answers, score: Score, better: int
) -> Iterator[tuple[str, Value]]:
    """Give each answer, one step better by what the score makes of it."""
    weighed: dict[str, set[Weighed]] = {}
    for name, how in weighed_by(one, score):
        weighed.setdefault(name, set()).add(how)
    assert {name for name, hows in weighed.items() if len(hows) > 1} <= NEITHER
    for name, hows in weighed.items():
        value = answers[name].value if name in answers else None
        if value is not None and name not in NEITHER:
            (how,) = hows
            for step in steps(one.items[name], value, how.side * better, how.more):
                yield name, step


def weighed_by(one: Instrument, score: Score, side: int = 1) -> Iterator[tuple[str, Weighed]]:
    """Give each item that a score depends on, through the scores before it too."""
    parts: list[tuple[str, Weighed]] = []
    if score.rows:
        values = [row.value for row in score.rows]
        values += [] if score.otherwise is None else [score.otherwise]
        first = side if values[0] > values[-1] else -side
        parts = [part for row in score.rows for part in weighed_in(row.when, first)]
    else:
        weights = [(score.weights or {}).get(name, Decimal(1)) for name in score.of]
        sides = SIDES[score.function] if score.function else [1 if w > 0 else -1 for w in weights]
        parts = [(name, Weighed(side * own)) for name, own in zip(score.of, sides, strict=True)]
    for name, how in parts:
        if name in one.scores_by_id:
            yield from weighed_by(one, one.scores_by_id[name], how.side)
        else:
            yield name, how


def weighed_in(when: When, side: int) -> Iterator[tuple[str, Weighed]]:
    """Give what a condition tests, and what brings it closer to hold."""
    if when.of:
        is_ceiling = when.at_most is not None or when.below is not None
        yield when.of, Weighed(-side if is_ceiling else side, when.among)
    for part in (*when.every, *when.either):
        yield from weighed_in(part, side)


def steps(item: Item, value: Value, side: int, more: tuple[str, ...]) -> Iterator[Value]:
    """Give what is just above an answer (`side` 1) or just below it (-1)."""
    if item.kind == ItemKind.NUMBER and isinstance(value, Decimal):
        least, most = item.extent
        for power in range(4):
            step = value + side * Decimal(10**power).scaleb(-item.decimals)
            yield max(least, min(most, step))
    if item.kind == ItemKind.CHOICE:
        worth = {
            option.id: Decimal(option.id in more) if more else option.points or Decimal(0)
            for option in item.options
        }
        beyond = [one for one in worth if (worth[one] - worth[str(value)]) * side > 0]
        nearest = min((abs(worth[one] - worth[str(value)]) for one in beyond), default=None)
        yield from (one for one in beyond if abs(worth[one] - worth[str(value)]) == nearest)


@pytest.mark.parametrize("one", DIRECTED, ids=lambda one: f"{one.id}/{one.version}")
def test_of_a_table_the_worst_that_holds_is_read(one: Instrument) -> None:
    """Its rows go from the worst to the best: one more sign never makes it better."""
    for score in one.scores:
        values = [row.value for row in score.rows]
        values += [] if score.otherwise is None else [score.otherwise]
        if score.rows and score.direction != Direction.NEITHER:
            is_better_high = score.direction == Direction.HIGHER_IS_BETTER
            assert values == sorted(values, reverse=not is_better_high), score.id


@settings(max_examples=60, deadline=None, derandomize=True, database=None)
@given(answered(AGGIR))
def test_of_aggir_only_the_law_makes_exceptions(answers: Answers) -> None:
    """One adverb more, or the letter before, leaves the variable the same or better; and so the
    GIR, but for what the law itself makes of these letters.
    """
    before = scored(AGGIR, answers)
    letters = [LETTERS[int(before[name].value or 0)] for name in table().variables]
    known = {(one.variable, one.letter) for one in moves(letters) if one.is_surprising}
    for name, value in one_done_better(answers):
        after = scored(AGGIR, {**answers, name: Given(value)})
        for variable in (*table().variables, "outdoors", "alerting"):
            now, then = before[variable].value, after[variable].value
            assert now is not None and then is not None and then <= now
        changed = [one for one in table().variables if after[one] != before[one]]
        gir, former = after["gir"].value, before["gir"].value
        assert gir is not None and former is not None
        if gir < former:
            (variable,) = changed
            assert (variable, LETTERS[int(after[variable].value or 0)]) in known


def one_done_better(answers: Answers) -> Iterator[tuple[str, Value]]:
    for name, given_ in answers.items():
        item, value = AGGIR.items[name], given_.value
        if isinstance(value, tuple):
            yield from ((name, (*value, one)) for one in item.by_option if one not in value)  # type: ignore[misc]
        elif value in ("b", "c"):
            yield name, "a" if value == "b" else "b"
