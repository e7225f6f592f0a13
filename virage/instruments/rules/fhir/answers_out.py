"""The answers of an instrument, written as a FHIR response.

« Je ne sais pas » and « ne s'applique pas » travel as the standard reason of an absence.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date
from decimal import Decimal

from virage.formats.fhir.questionnaire import (
    DISPLAY,
    GROUP,
    Quantity,
    Question,
    Questionnaire,
    QuestionnaireResponse,
    Reply,
    ResponseItem,
    Typed,
)
from virage.instruments.rules.fhir.conditions import numeric
from virage.instruments.rules.fhir.kinds import options_of
from virage.instruments.rules.given import Answers, Given

UNKNOWN, NOT_APPLICABLE = "asked-unknown", "not-applicable"
HOUR = re.compile(r"([01]\d|2[0-3]):[0-5]\d:[0-5]\d(\.\d+)?")


def response_of(questionnaire: Questionnaire, answers: Answers) -> QuestionnaireResponse:
    """Return the response, to be completed with who it is about; an unknown id is a KeyError.

    Only what stands under an answer given goes out: what is asked no more is not sent.
    """
    return QuestionnaireResponse(
        questionnaire=questionnaire.canonical,
        status="completed",
        items=tuple(_items(questionnaire.items, answers)),
    )


def _items(questions: Sequence[Question], answers: Answers) -> Iterator[ResponseItem]:
    for question in questions:
        if question.type == DISPLAY:
            continue
        if question.type == GROUP and not question.repeats:
            if below := tuple(_items(question.items, answers)):
                yield ResponseItem(link_id=question.link_id, text=question.text, items=below)
        elif given := answers.get(question.link_id):
            yield from (
                _rows(question, given)
                if question.type == GROUP
                else [_answered(question, given, answers)]
            )


def _rows(table: Question, given: Given) -> Iterator[ResponseItem]:
    """One item a row; one alone to say that there is none, or why."""
    rows = rows_of(given)
    if not rows:
        absence = _absence(given)
        yield ResponseItem(
            link_id=table.link_id,
            text=table.text,
            absent=absence.absent,
            reason=absence.reason,
            comment=absence.comment,
            is_none=given.value is not None,
        )
    for number, row in enumerate(rows):
        yield ResponseItem(
            link_id=table.link_id,
            text=table.text,
            items=tuple(_items(table.items, row)),
            comment="" if number else given.comment,
        )


def rows_of(given: Given) -> list[Mapping[str, Given]]:
    """Return the rows of a table, each the answers to its columns."""
    value = given.value if isinstance(given.value, tuple) else ()
    return [row for row in value if isinstance(row, Mapping)]


def _answered(question: Question, given: Given, answers: Answers) -> ResponseItem:
    below = tuple(_items(question.items, answers))
    if given.value == ():
        return ResponseItem(
            link_id=question.link_id,
            text=question.text,
            items=below,
            comment=given.comment,
            is_none=True,
        )
    if given.value is None:
        first, *others = [_absence(given)]
    else:
        values = given.value if isinstance(given.value, tuple) else (given.value,)
        first, *others = [Reply(value=_typed(question, value)) for value in values]
        first = replace(first, comment=given.comment)
    return ResponseItem(
        link_id=question.link_id,
        text=question.text,
        answers=(replace(first, items=below), *others),
    )


def _absence(given: Given) -> Reply:
    """Why there is no value; no code where nothing was said at all."""
    code = UNKNOWN if given.is_unknown else "" if given.applies else NOT_APPLICABLE
    return Reply(absent=code, reason=given.not_applicable_because, comment=given.comment)


def _typed(question: Question, value: object) -> Typed | None:
    if isinstance(value, Decimal):
        return _measured(question, value)
    if isinstance(value, date):
        return Typed("dateTime" if question.type == "dateTime" else "date", value.isoformat())
    if not isinstance(value, str):
        return None
    if options := options_of(question):
        return options[value].value
    if question.type == "url":
        return Typed("uri", value)
    is_hour = question.type == "time" and HOUR.fullmatch(value)
    return Typed("time" if is_hour else "string", value)


def _measured(question: Question, value: Decimal) -> Typed:
    if question.type != "quantity":
        return numeric(question.type, value)
    unit = question.unit
    return Typed(
        "Quantity",
        Quantity(value=value, unit=unit.display or unit.code, system=unit.system, code=unit.code),
    )
