"""What holds of every version shipped: answerable, reachable, and written by its own."""

from collections.abc import Iterator, Mapping, Sequence
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
from virage.formats.tddui.record import Answer
from virage.foundation.access.matrix import shipped as matrix
from virage.instruments.forms.sheet import SheetForm
from virage.instruments.models import Sheet, SheetAnswer
from virage.instruments.queries import OpenSheet
from virage.instruments.rules.answers import answers_from_json, answers_to_json
from virage.instruments.rules.fhir.words import tree_of
from virage.instruments.rules.given import Answers, Given, missing
from virage.instruments.rules.instrument import Instrument, Score
from virage.instruments.rules.items import Item, ItemKind
from virage.instruments.rules.results import frozen, scores_from_json, scores_to_json
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


@every_version
def test_the_form_takes_what_the_walk_answers(one: Instrument) -> None:
    """Page after page, what is typed comes back as it was answered, and is counted the same."""

    @settings(max_examples=10, deadline=None, derandomize=True, database=None)
    @given(answered(one))
    def walk(drawn: Answers) -> None:
        check_that_it_can_be_typed(one, drawn)

    walk()


def check_that_it_can_be_typed(one: Instrument, drawn: Answers) -> None:
    # A form has no row to say that a table has none.
    answers = {
        name: typable(one.items[name], given_)
        for name, given_ in drawn.items()
        if given_.value != () or not one.items[name].columns
    }
    at = datetime(2026, 1, 5, 9, tzinfo=UTC)
    sheet = Sheet(instrument=one.id, instrument_version=one.version, happened_at=at)
    opened, before = OpenSheet(sheet, one, []), None
    while opened.answers != before:
        before = opened.answers
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
    assert opened.answers == answers


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
    answers = data.draw(answered(one, skips=True))
    assert missing(one, answers) == []
    for score, result in zip(one.scores, scored(one, answers).values(), strict=True):
        assert result.value is None or not result.missing
        if result.value is not None and is_within_a_hundred(one, score):
            assert 0 <= result.value <= 100
    check_that_it_can_be_typed(one, answers)
    # What is frozen at the end holds every answer, and comes back as it was.
    scores = frozen(one, answers)
    assert scores_from_json(scores_to_json(scores)) == scores
    lines = tree_of(one, answers)
    assert answers_from_json(answers_to_json(lines)) == lines
    assert set(names_in(lines)) >= answers.keys()


def is_within_a_hundred(one: Instrument, score: Score) -> bool:
    """Whether it is a mean in percent of answers alone, none of which is worth less than 0."""
    items = [one.items[name] for name in score.of if name in one.items]
    worths = [worth for item in items for worth in item.points]
    worths += [item.extent[0] for item in items if item.kind == ItemKind.NUMBER]
    is_plain = score.in_percent and not score.weights and not score.caps
    return is_plain and len(items) == len(score.of) and min(worths, default=Decimal(0)) >= 0


def names_in(lines: Sequence[Answer]) -> Iterator[str]:
    for line in lines:
        yield line.link_id
        yield from names_in(line.children)
