"""What holds of every version shipped: answerable, reachable, monotonic, and written by its own."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest
from django.http import QueryDict
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.instruments.answering import answered
from tests.instruments.drawing import instruments
from virage.foundation.access.matrix import shipped as matrix
from virage.instruments.forms.sheet import SheetForm
from virage.instruments.models import Sheet, SheetAnswer
from virage.instruments.queries import OpenSheet
from virage.instruments.rules.given import Answers, Given, Value, asked, missing
from virage.instruments.rules.instrument import Direction, Instrument, Score
from virage.instruments.rules.items import Item, ItemKind, When
from virage.instruments.rules.scoring import scored
from virage.instruments.rules.sheet import given_to_json
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
    """Of every score that has a direction; what a function computes has none."""
    if score.direction == Direction.NEITHER:
        return
    before = scored(one, answers)[score.id].value
    for name, value in worse_answers(one, score):
        if before is None or name not in asked(one, answers):
            continue
        after = scored(one, dict(answers) | {name: Given(value)})[score.id].value
        if after is not None:
            gap = after - before
            assert gap <= 0 if score.direction == Direction.HIGHER_IS_BETTER else gap >= 0


def worse_answers(one: Instrument, score: Score) -> Iterator[tuple[str, Value]]:
    """Give each item that a sum counts, or that a table looks at, with its worst answer.

    In a table, it is what the first row that looks at it asks for: the worst comes first.
    """
    for name in score.of:
        if name in one.items and not score.function:
            yield name, worst(one.items[name], score.direction)
    for leaf in (leaf for row in score.rows for leaf in leaves(row.when)):
        if leaf.of in one.scores_by_id:
            yield from worse_answers(one, one.scores_by_id[leaf.of])
        elif leaf.among:
            several = one.items[leaf.of].kind == ItemKind.MULTIPLE
            yield leaf.of, leaf.among if several else leaf.among[0]
        else:
            is_floor = leaf.at_least is not None or leaf.above is not None
            item = one.items[leaf.of]
            bound = item.at_most if is_floor else item.at_least
            assert bound is not None, f"{item.id}: a number that is judged has bounds"
            yield leaf.of, bound


def leaves(when: When) -> Iterator[When]:
    """The tests of a condition."""
    if when.of:
        yield when
    for part in (*when.every, *when.either):
        yield from leaves(part)


@every_version
def test_of_a_table_the_worst_that_holds_is_read(one: Instrument) -> None:
    """Its rows go from the worst to the best: one more sign never makes it better."""
    for score in one.scores:
        values = [row.value for row in score.rows]
        values += [] if score.otherwise is None else [score.otherwise]
        if score.rows and score.direction != Direction.NEITHER:
            is_better_high = score.direction == Direction.HIGHER_IS_BETTER
            assert values == sorted(values, reverse=not is_better_high), score.id


def worst(item: Item, direction: Direction) -> Value:
    """The answer that should make such a score the worst."""
    is_least = direction == Direction.HIGHER_IS_BETTER
    if item.kind == ItemKind.NUMBER:
        bound = item.at_least if is_least else item.at_most
        assert bound is not None, f"{item.id}: a number that is counted has bounds"
        return bound
    pick = min if is_least else max
    return pick(item.options, key=lambda option: option.points or Decimal(0)).id


@every_version
def test_the_form_takes_what_the_walk_answers(one: Instrument) -> None:
    """Page after page, what is typed comes back as it was answered, and is counted the same."""

    @settings(max_examples=10, deadline=None, derandomize=True, database=None)
    @given(answered(one))
    def walk(drawn: Answers) -> None:
        answers = {name: typable(one.items[name], given_) for name, given_ in drawn.items()}
        at = datetime(2026, 1, 5, 9, tzinfo=UTC)
        sheet = Sheet(instrument=one.id, instrument_version=one.version, happened_at=at)
        opened = OpenSheet(sheet, one, [])
        while opened.missing or not opened.rows:
            form = SheetForm(typed_in(SheetForm(opened=opened), answers), opened=opened)
            assert form.is_valid(), form.errors
            sheet.answer_number += 1
            typed = {item: given_ for item, given_ in form.answers.items() if given_ is not None}
            assert typed == {item: answers[item] for item in form.questions if item in answers}
            rows = [
                SheetAnswer(number=sheet.answer_number, item=item, value=given_to_json(given_))
                for item, given_ in typed.items()
            ]
            opened = OpenSheet(sheet, one, [*opened.rows, *rows])
        assert scored(one, opened.answers) == scored(one, answers)

    walk()


def typable(item: Item, given_: Given) -> Given:
    """An answer that a keyboard gives: a few words, a day past."""
    value = given_.value
    if item.kind == ItemKind.TEXT and value is not None:
        value = "Un mot"
    if item.kind == ItemKind.DATE and value is not None:
        value = date(2026, 1, 5)
    if item.kind == ItemKind.TABLE and isinstance(value, tuple):
        columns = {column.id: column for column in item.columns}
        rows = [row for row in value if isinstance(row, Mapping)]
        value = tuple({id_: typable(columns[id_], row[id_]) for id_ in row} for row in rows)
    return replace(given_, value=value)


def typed_in(form: SheetForm, answers: Answers) -> QueryDict:
    """What a browser sends of a page on which these answers were typed."""
    sent = QueryDict(mutable=True)
    opened = {"happened_at": "2026-01-05T10:00", "shown_at": "2026-01-05T10:00", "seen": 0}
    for name, question in form.questions.items():
        rows = answers[name].value if name in answers and question.item.columns else ()
        question = replace(question, rows=len(rows) if isinstance(rows, tuple) else 0)
        opened |= question.opened_on(answers.get(name))
    for name, value in opened.items():
        several = value if isinstance(value, list | tuple) else [value]
        kept = [str(one) for one in several if one is not None and one is not False and one != ""]
        if kept or name == "seen":
            sent.setlist(name, kept or ["0"])
    return sent


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
