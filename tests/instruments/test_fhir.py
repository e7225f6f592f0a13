"""Instruments and their answers go out as FHIR and come back what they were."""

import json
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from tests.formats.official import TDDUI, needs_official_files
from tests.instruments.answering import answered
from virage.formats.fhir.questionnaire import Question, Questionnaire, placed
from virage.formats.fhir.questionnaire_reading import read_questionnaire
from virage.formats.fhir.questionnaire_response import read_response, write_response
from virage.formats.fhir.questionnaire_writing import write_questionnaire
from virage.foundation.access.enums import Volet
from virage.foundation.coded import Coded
from virage.instruments.rules.answers import Line, answers_to_json, lines_of
from virage.instruments.rules.fhir.answers_in import answers_of
from virage.instruments.rules.fhir.answers_out import response_of
from virage.instruments.rules.fhir.questions_in import instrument_of
from virage.instruments.rules.fhir.questions_out import questionnaire_of
from virage.instruments.rules.fhir.words import told
from virage.instruments.rules.given import Given, asked
from virage.instruments.rules.instrument import Instrument
from virage.instruments.rules.shipped import shipped

FOLDER = TDDUI / "examples-fhir"
OFFICIAL = {
    "aggir-pa-ssiad": "aggir-pa-example",
    "serafin": "serafin-precision-example",
    "situation-ssiad": "situation-ssiad-example",
}


def official(name: str) -> tuple[Questionnaire, Instrument]:
    """One of the three official questionnaires, and what is asked of it here."""
    data = (FOLDER / f"Questionnaire-tddui-questionnaire-{name}.json").read_bytes()
    questionnaire, findings = read_questionnaire(data)
    instrument, more = instrument_of(questionnaire, volet=Volet.CARE, answered_by=("nurse",))
    assert findings + more == []
    return questionnaire, instrument


def as_sent(question: Question) -> Question:
    """A question without what an instrument has no place for: « no » said, labels of its codes."""
    return replace(
        question,
        required=question.required or None,
        repeats=question.repeats or None,
        codes=tuple(Coded(code.system, code.code) for code in question.codes),
        items=tuple(as_sent(one) for one in question.items),
    )


def words(lines: list[Line] | tuple[Line, ...]) -> Iterator[tuple[str, str]]:
    for line in lines:
        yield line.label, line.value
        yield from words(line.lines)


def sent(
    questionnaire: Questionnaire, answers: dict[str, Given]
) -> tuple[dict[str, Given], list[Any]]:
    """The answers after they went out as a file and were read back."""
    data = write_response(response_of(questionnaire, answers))
    response, findings = read_response(data)
    back, more = answers_of(questionnaire, response)
    return back, [*findings, *more]


@needs_official_files
@pytest.mark.parametrize("name", OFFICIAL)
def test_an_official_questionnaire_makes_an_instrument_and_goes_out_the_same(name: str) -> None:
    questionnaire, instrument = official(name)
    out, findings = questionnaire_of(instrument)
    assert out.items == tuple(as_sent(one) for one in questionnaire.items)
    assert (out.url, out.version, out.title) == (
        questionnaire.url,
        questionnaire.version,
        questionnaire.title,
    )
    assert findings == []
    assert list(instrument.items) == [one.link_id for _, one in placed(questionnaire.items)]


@needs_official_files
@pytest.mark.parametrize("name", OFFICIAL)
@settings(max_examples=20, deadline=None)
@given(data=st.data())
def test_an_official_questionnaire_is_answered_to_its_end(name: str, data: Any) -> None:
    questionnaire, instrument = official(name)
    answers = data.draw(answered(instrument))
    assert answers.keys() == asked(instrument, answers).keys() == instrument.items.keys()
    assert sent(questionnaire, answers) == (answers, [])


@needs_official_files
@pytest.mark.parametrize("name", OFFICIAL)
def test_official_answers_are_read_and_go_out_the_same(name: str) -> None:
    questionnaire, instrument = official(name)
    path = FOLDER / f"QuestionnaireResponse-tddui-questionnaire-response-{OFFICIAL[name]}.json"
    response, _ = read_response(path.read_bytes())
    answers, findings = answers_of(questionnaire, response)
    assert findings == []
    assert answers.keys() <= asked(instrument, answers).keys()
    again = replace(response, items=response_of(questionnaire, answers).items)
    whole = json.loads(path.read_bytes())
    del whole["text"]
    assert json.loads(write_response(again)) == whole


@needs_official_files
def test_official_answers_are_said_in_words() -> None:
    said = {}
    for name, example in OFFICIAL.items():
        questionnaire, _ = official(name)
        path = FOLDER / f"QuestionnaireResponse-tddui-questionnaire-response-{example}.json"
        response, _ = read_response(path.read_bytes())
        lines = lines_of(answers_to_json(told(questionnaire, response)))
        said[name] = list(words(lines))
    assert said["aggir-pa-ssiad"][:4] == [
        ("Résultat évaluation", "GIR-2"),
        ("Fonctions de la pensée", "aucun facilitateur"),
        ("fait spontanément", "Oui"),
        ("fait totalement", "Oui"),
    ]
    assert len(said["aggir-pa-ssiad"]) == 76
    assert said["serafin"][0] == ("Besoins en matière de fonctions locomotrices", "31")
    assert said["situation-ssiad"][0] == ("Incontinence urinaire, sans précision", "Non")


@pytest.mark.parametrize("one", shipped(), ids=lambda one: f"{one.id}-{one.version}")
def test_a_shipped_instrument_comes_back_the_same(one: Instrument) -> None:
    """Its scores do not travel, and that is told; where answers go, what is usual and what leaves
    nothing to do are ours to say."""
    out, findings = questionnaire_of(one)
    assert [finding.code for finding in findings] == ["scores_not_sent"] * bool(one.scores)
    questionnaire, findings = read_questionnaire(write_questionnaire(out))
    back, more = instrument_of(questionnaire, volet=one.volet, answered_by=one.answered_by)
    groups = tuple(
        replace(group, items=tuple(replace(item, nothing_to_do=()) for item in group.items))
        for group in one.groups
    )
    assert back == replace(one, scores=(), results=(), plausible=(), volet_by={}, groups=groups)
    assert findings + more == []


@pytest.mark.parametrize("one", shipped(), ids=lambda one: f"{one.id}-{one.version}")
@settings(max_examples=30, deadline=None)
@given(data=st.data())
def test_answers_to_a_shipped_instrument_come_back_the_same(one: Instrument, data: Any) -> None:
    answers = data.draw(answered(one))
    assume("\\u0000" not in ascii(answers) and "\\x00" not in ascii(answers))
    questionnaire, _ = questionnaire_of(one)
    assert sent(questionnaire, answers) == (answers, [])
