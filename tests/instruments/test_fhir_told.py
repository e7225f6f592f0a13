"""What a received questionnaire, or answers to it, hold that we cannot take is told, by place."""

import json
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from virage.formats.fhir.questionnaire import Questionnaire
from virage.formats.fhir.questionnaire_reading import read_questionnaire
from virage.formats.fhir.questionnaire_response import read_response
from virage.formats.outcome import Finding, Unreadable
from virage.foundation.access.enums import Volet
from virage.instruments.rules.fhir.answers_in import answers_of
from virage.instruments.rules.fhir.answers_out import response_of
from virage.instruments.rules.fhir.questions_in import instrument_of
from virage.instruments.rules.given import Given
from virage.instruments.rules.instrument import Instrument

JSON = dict[str, Any]
ABSENT = "http://hl7.org/fhir/StructureDefinition/data-absent-reason"
UNIT = {
    "url": "http://hl7.org/fhir/StructureDefinition/questionnaire-unit",
    "valueCoding": {"system": "http://unitsofmeasure.org", "code": "kg"},
}


def item(link_id: str, type_: str = "string", *items: JSON, **parts: Any) -> JSON:
    return {"linkId": link_id, "type": type_, **({"item": list(items)} if items else {}), **parts}


def choices(*values: JSON) -> list[JSON]:
    return list(values) or [{"valueString": "a"}, {"valueString": "b"}]


def asked(*items: JSON, **parts: Any) -> Questionnaire:
    resource = {"resourceType": "Questionnaire", "url": "https://example.org/q", "version": "1"}
    read, findings = read_questionnaire(
        json.dumps(resource | parts | {"status": "active", "item": list(items)}).encode()
    )
    assert findings == []
    return read


def made(*items: JSON) -> tuple[Instrument, list[Finding]]:
    return instrument_of(asked(*items), volet=Volet.CARE, answered_by=("nurse",))


TOLD: dict[str, tuple[JSON, tuple[str, str], list[str]]] = {
    "a file": (item("x", "attachment"), ("question_not_askable", ""), []),
    "answers elsewhere": (
        item("x", "choice", answerValueSet="http://x/vs"),
        ("question_not_askable", ""),
        [],
    ),
    "one answer twice": (
        item("x", "choice", answerOption=choices({"valueInteger": 1}, {"valueInteger": 1})),
        ("question_not_askable", ""),
        [],
    ),
    "a measure in no unit": (item("x", "quantity"), ("question_not_askable", ""), []),
    "below what is not asked": (
        item("x", "reference", item("y")),
        ("question_not_askable", ""),
        [],
    ),
    "an hour": (item("x", "dateTime"), ("question_simplified", ""), ["x"]),
    "a free answer": (
        item("x", "open-choice", answerOption=choices()),
        ("question_simplified", ""),
        ["x"],
    ),
    "several texts": (item("x", repeats=True), ("question_simplified", ""), ["x"]),
    "details of each answer": (
        item("x", "choice", item("y"), repeats=True, answerOption=choices()),
        ("question_simplified", ""),
        ["x", "y"],
    ),
    "a group in a table": (
        item("x", "group", item("y"), item("z", "group", item("w")), repeats=True),
        ("question_not_askable", ".item[1]"),
        ["x"],
    ),
    "another code": (
        item("x", code=[{"code": "a"}, {"code": "b"}]),
        ("part_not_understood", ".code[1]"),
        ["x"],
    ),
}


@pytest.mark.parametrize(("asks", "expected", "ids"), TOLD.values(), ids=TOLD)
def test_what_is_asked_otherwise_is_told(
    asks: JSON, expected: tuple[str, str], ids: list[str]
) -> None:
    instrument, findings = made(item("before"), asks)
    code, place = expected
    assert [(one.code, one.path) for one in findings] == [(code, f"Questionnaire.item[1]{place}")]
    assert list(instrument.items) == ["before", *ids]


@pytest.mark.parametrize(
    "test",
    [
        {"question": "later", "operator": "=", "answerString": "a"},
        {"question": "before", "operator": "=", "answerString": "a"},
        {"question": "choice", "operator": "!=", "answerString": "a"},
        {"question": "choice", "operator": "=", "answerString": "c"},
        {"question": "choice", "operator": "exists", "answerBoolean": False},
        {"question": "file", "operator": "exists", "answerBoolean": True},
    ],
)
def test_a_condition_not_understood_is_told_and_makes_nothing_required(test: JSON) -> None:
    instrument, findings = made(
        item("before"),
        item("choice", "choice", answerOption=choices()),
        item("x", enableWhen=[test], required=True),
        item("later"),
        item("file", "boolean"),
    )
    assert findings == [Finding("condition_not_kept", "Questionnaire.item[2].enableWhen")]
    assert (instrument.items["x"].when, instrument.items["x"].required) == (None, False)


def test_a_questionnaire_without_an_address_is_refused() -> None:
    with pytest.raises(Unreadable, match="missing_required"):
        instrument_of(asked(item("x"), url=""), volet=Volet.CARE, answered_by=("nurse",))


def test_what_makes_no_instrument_is_refused() -> None:
    """An id of every sheet, or that no form takes; a total alone that is no number."""
    with pytest.raises(Unreadable) as refusal:
        made(item("comment"))
    assert refusal.value.findings[0].value == "l’identifiant «\u00a0comment\u00a0» revient"
    with pytest.raises(Unreadable, match="resource_invalid"):
        made(item("a__b"))
    total = {"url": "urn:virage:questionnaire:total-only", "valueBoolean": True}
    with pytest.raises(Unreadable, match="resource_invalid"):
        instrument_of(asked(item("x"), extension=[total]), volet=Volet.CARE, answered_by=("nurse",))
    with pytest.raises(Unreadable, match="resource_invalid"):
        instrument_of(
            asked(item("x", "display"), extension=[total]), volet=Volet.CARE, answered_by=("nurse",)
        )


QUESTIONS = (
    item("text"),
    item("whole", "integer"),
    item("day", "date"),
    item("weight", "quantity", extension=[UNIT]),
    item("one", "choice", item("below"), answerOption=choices()),
    item("coded", "choice", answerOption=[{"valueCoding": {"system": "urn:a", "code": "x"}}]),
    item("group", "group", item("inner")),
    item("file", "attachment"),
    item("rows", "group", item("cell"), repeats=True),
)


def given(*items: JSON, **parts: Any) -> tuple[dict[str, Given], list[tuple[str, str]]]:
    resource = {"resourceType": "QuestionnaireResponse", "status": "completed"}
    response, findings = read_response(
        json.dumps(resource | parts | {"item": list(items)}).encode()
    )
    assert findings == []
    answers, told = answers_of(asked(*QUESTIONS), response)
    return answers, [(one.code, one.path.removeprefix("QuestionnaireResponse")) for one in told]


def says(link_id: str, *answers: JSON, **parts: Any) -> JSON:
    return {"linkId": link_id, "answer": list(answers), **parts}


LEFT_ASIDE: dict[str, tuple[JSON, str, str]] = {
    "an unknown linkId": (says("absent", {"valueString": "a"}), "answer_to_nothing", ".item[0]"),
    "a question of another place": (
        says("inner", {"valueString": "a"}),
        "answer_to_nothing",
        ".item[0]",
    ),
    "two answers for one": (
        says("text", {"valueString": "a"}, {"valueString": "b"}),
        "answers_too_many",
        ".item[0].answer",
    ),
    "an answer to a group": (
        says("group", {"valueString": "a"}),
        "answer_to_nothing",
        ".item[0].answer[0]",
    ),
    "an answer to a table": (
        says("rows", {"valueString": "a"}),
        "answer_to_nothing",
        ".item[0].answer[0]",
    ),
    "another choice": (
        says("one", {"valueString": "c"}),
        "answer_not_offered",
        ".item[0].answer[0]",
    ),
    "the same code of another list": (
        says("coded", {"valueCoding": {"system": "urn:b", "code": "x"}}),
        "answer_not_offered",
        ".item[0].answer[0]",
    ),
    "part of an integer": (
        says("whole", {"valueDecimal": 1.5}),
        "answer_not_offered",
        ".item[0].answer[0]",
    ),
    "a text for a number": (
        says("whole", {"valueString": "3"}),
        "answer_not_offered",
        ".item[0].answer[0]",
    ),
    "a month for a day": (
        says("day", {"valueDate": "2026-03"}),
        "answer_not_offered",
        ".item[0].answer[0]",
    ),
    "no such day": (
        says("day", {"valueDate": "2026-02-30"}),
        "answer_not_offered",
        ".item[0].answer[0]",
    ),
    "another unit": (
        says("weight", {"valueQuantity": {"value": 3, "code": "g"}}),
        "answer_not_offered",
        ".item[0].answer[0]",
    ),
    "a file": (
        says("file", {"valueAttachment": {"title": "a.pdf"}}),
        "question_not_askable",
        ".item[0]",
    ),
    "a refusal to answer": (
        says("text", {"extension": [{"url": ABSENT, "valueCode": "asked-declined"}]}),
        "answer_absent",
        ".item[0].answer[0]",
    ),
}


@pytest.mark.parametrize(("answer", "code", "place"), LEFT_ASIDE.values(), ids=LEFT_ASIDE)
def test_what_answers_nothing_asked_is_told(answer: JSON, code: str, place: str) -> None:
    answers, findings = given(answer)
    assert findings == [(code, place)]
    assert {name: one for name, one in answers.items() if one.value != ({},)} == {}


def test_one_question_answered_in_two_places_has_no_answer() -> None:
    answers, findings = given(
        says("text", {"valueString": "a"}), says("text", {"valueString": "b"})
    )
    assert (answers, [code for code, _ in findings]) == ({}, ["answers_too_many"] * 2)


def test_answers_of_each_type_are_taken() -> None:
    answers, findings = given(
        says("whole", {"valueInteger": 3}),
        says("day", {"valueDate": "2026-03-01"}),
        says("weight", {"valueQuantity": {"value": 3.5, "unit": "kilo", "code": "kg"}}),
        says("one", {"valueString": "b", "item": [says("below", {"valueString": "c"})]}),
        {"linkId": "rows", "item": [says("cell", {"valueString": "d"})]},
        {"linkId": "rows"},
    )
    assert answers == {
        "whole": Given(Decimal(3)),
        "day": Given(date(2026, 3, 1)),
        "weight": Given(Decimal("3.5")),
        "one": Given("b"),
        "below": Given("c"),
        "rows": Given(({"cell": Given("d")}, {})),
    }
    assert findings == []
    questionnaire = asked(*QUESTIONS)
    assert answers_of(questionnaire, response_of(questionnaire, answers)) == (answers, [])


@pytest.mark.parametrize("named", ["https://example.org/other", "https://example.org/q|2"])
def test_answers_to_another_questionnaire_are_refused(named: str) -> None:
    with pytest.raises(Unreadable) as refusal:
        given(questionnaire=named)
    [finding] = refusal.value.findings
    assert (finding.code, finding.value) == ("answers_to_another", named)


@pytest.mark.parametrize("named", ["https://example.org/q", "https://example.org/q|1", ""])
def test_answers_name_their_questionnaire_or_say_nothing(named: str) -> None:
    assert given(questionnaire=named) == ({}, [])
