"""Any questionnaire that FHIR allows is read, asked to its end, and its answers come back."""

import json
from typing import Any

from hypothesis import assume, given, settings
from hypothesis import strategies as st

from tests.instruments.answering import answered
from tests.instruments.drawing import instruments
from virage.formats.fhir.questionnaire_reading import read_questionnaire
from virage.formats.fhir.questionnaire_response import read_response, write_response
from virage.formats.fhir.questionnaire_writing import write_questionnaire
from virage.formats.outcome import Unreadable
from virage.foundation.access.enums import Volet
from virage.instruments.rules.fhir.answers_in import answers_of
from virage.instruments.rules.fhir.answers_out import response_of
from virage.instruments.rules.fhir.questions_in import instrument_of
from virage.instruments.rules.fhir.questions_out import questionnaire_of
from virage.instruments.rules.given import Given, asked

JSON = dict[str, Any]
KINDS = (
    *("group", "display", "boolean", "decimal", "integer", "date", "dateTime", "time", "string"),
    *("text", "url", "choice", "open-choice", "attachment", "reference", "quantity"),
)
CODES = st.fixed_dictionaries(
    {"system": st.sampled_from(["urn:a", "urn:b"]), "code": st.sampled_from("xyz")}
)
OPTIONS = st.one_of(
    CODES.map(lambda code: {"valueCoding": code}),
    st.sampled_from("xyz").map(lambda text: {"valueString": text}),
    st.integers(0, 3).map(lambda number: {"valueInteger": number}),
    st.just({"valueDate": "2026-03-01"}),
    st.just({"valueReference": {"reference": "Patient/a"}}),
)
TESTS = st.sampled_from(
    [
        *({"operator": "=", "answerBoolean": value} for value in (True, False)),
        *({"operator": one, "answerInteger": 2} for one in ("=", "!=", ">", "<", ">=", "<=")),
        *({"operator": "exists", "answerBoolean": value} for value in (True, False)),
        {"operator": "=", "answerString": "x"},
        {"operator": "=", "answerCoding": {"system": "urn:a", "code": "x"}},
    ]
)


@st.composite
def questionnaires(draw: Any) -> JSON:
    """A tree of questions of every type, with conditions on any that stand before."""
    names: list[str] = []

    def questions(depth: int) -> list[JSON]:
        return [question(depth) for _ in range(draw(st.integers(0 if depth else 1, 3)))]

    def question(depth: int) -> JSON:
        kind = draw(st.sampled_from(KINDS))
        before = list(names)
        one: JSON = {"linkId": f"q{len(names)}", "type": kind, "text": draw(st.sampled_from("ab"))}
        names.append(one["linkId"])
        one["required"], one["repeats"] = draw(st.booleans()), draw(st.booleans())
        if kind in ("choice", "open-choice"):
            one["answerOption"] = draw(st.lists(OPTIONS, min_size=1, max_size=3))
        if before:
            named = st.sampled_from(before).map(lambda name: {"question": name})
            tests = st.tuples(named, TESTS).map(lambda pair: pair[0] | pair[1])
            one["enableWhen"] = draw(st.lists(tests, max_size=2))
            one["enableBehavior"] = draw(st.sampled_from(["all", "any"]))
        if depth < 3 and kind != "display":
            one["item"] = questions(depth + 1)
        return one

    return {
        "resourceType": "Questionnaire",
        "url": "https://example.org/q",
        "status": "draft",
        "item": questions(0),
    }


@settings(max_examples=40, deadline=None)
@given(file=questionnaires(), data=st.data())
def test_any_questionnaire(file: JSON, data: Any) -> None:
    received, _ = read_questionnaire(json.dumps(file).encode())
    instrument, _ = instrument_of(received, volet=Volet.CARE, answered_by=("nurse",))
    answers = data.draw(answered(instrument))
    assume("\\x00" not in ascii(answers))
    for questionnaire in (received, questionnaire_of(instrument)[0]):
        assert sent_to(questionnaire, answers) == (answers, [])
    assert asked(instrument, answers).keys() == answers.keys()
    out, told = questionnaire_of(instrument)
    again, _ = read_questionnaire(write_questionnaire(out))
    back, told_back = instrument_of(again, volet=Volet.CARE, answered_by=("nurse",))
    if not told and not told_back:
        assert back == instrument


@settings(max_examples=60, deadline=None)
@given(data=st.data())
def test_any_instrument_of_ours(data: Any) -> None:
    """Its answers go out under the questions that it is sent as, and come back."""
    one = data.draw(instruments())
    answers = data.draw(answered(one, skips=True))
    assume("\\x00" not in ascii(answers))
    assert sent_to(questionnaire_of(one)[0], answers) == (answers, [])


def sent_to(questionnaire: Any, answers: dict[str, Given]) -> tuple[dict[str, Given], list[Any]]:
    response, findings = read_response(write_response(response_of(questionnaire, answers)))
    back, more = answers_of(questionnaire, response)
    return back, [*findings, *more]


@settings(max_examples=60, deadline=None)
@given(file=questionnaires(), data=st.data())
def test_a_file_damaged_anywhere_is_read_or_refused(file: JSON, data: Any) -> None:
    """Nothing but a refusal: no other failure, whatever one value becomes."""
    places = [(holder, key) for holder in _holders(file) for key in holder]
    holder, key = data.draw(st.sampled_from(places))
    holder[key] = data.draw(st.sampled_from([None, True, -1, 1.5, "", "q0", [], [{}], {}, [None]]))
    try:
        received, _ = read_questionnaire(json.dumps(file).encode())
        instrument_of(received, volet=Volet.CARE, answered_by=("nurse",))
        read_response(json.dumps(file | {"resourceType": "QuestionnaireResponse"}).encode())
    except Unreadable:
        pass


def _holders(value: Any) -> list[JSON]:
    below = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    own = [value] if isinstance(value, dict) else []
    return own + [holder for one in below for holder in _holders(one)]
