"""A FHIR Questionnaire and its answers: read whole, written as they came, refused by place."""

import json
from typing import Any

import pytest

from tests.formats.official import TDDUI, needs_official_files
from virage.formats.fhir.questionnaire import AnswerOption, EnableWhen, Quantity, Typed
from virage.formats.fhir.questionnaire_reading import read_questionnaire
from virage.formats.fhir.questionnaire_response import read_response, write_response
from virage.formats.fhir.questionnaire_writing import write_questionnaire
from virage.formats.outcome import Finding, Limits, Unreadable
from virage.foundation.coded import Coded

JSON = dict[str, Any]
HL7 = "http://hl7.org/fhir/StructureDefinition"
FOLDER = TDDUI / "examples-fhir"
QUESTIONNAIRES = ("aggir-pa-ssiad", "serafin", "situation-ssiad")
RESPONSES = ("aggir-pa-example", "serafin-precision-example", "situation-ssiad-example")


def asks(*items: JSON, **parts: Any) -> JSON:
    return {"resourceType": "Questionnaire", "status": "active", "item": list(items), **parts}


def answers(*items: JSON, **parts: Any) -> JSON:
    resource = {"resourceType": "QuestionnaireResponse", "status": "completed"}
    return {**resource, "item": list(items), **parts}


def item(link_id: str, type_: str = "string", **parts: Any) -> JSON:
    return {"linkId": link_id, "type": type_, **parts}


def when(question: str, **parts: Any) -> list[JSON]:
    return [{"question": question, "operator": "=", "answerBoolean": True} | parts]


def nested(depth: int) -> JSON:
    inner = item(f"q{depth}", "group")
    for number in reversed(range(depth)):
        inner = item(f"q{number}", "group", item=[inner])
    return inner


def to_bytes(value: JSON) -> bytes:
    return json.dumps(value).encode()


def without_narrative(data: bytes) -> JSON:
    resource: JSON = json.loads(data)
    del resource["text"]
    return resource


@needs_official_files
@pytest.mark.parametrize("name", QUESTIONNAIRES)
def test_an_official_questionnaire_comes_back_equal(name: str) -> None:
    data = (FOLDER / f"Questionnaire-tddui-questionnaire-{name}.json").read_bytes()
    questionnaire, findings = read_questionnaire(data)
    assert json.loads(write_questionnaire(questionnaire)) == without_narrative(data)
    assert findings == []


@needs_official_files
@pytest.mark.parametrize("name", RESPONSES)
def test_official_answers_come_back_equal(name: str) -> None:
    path = FOLDER / f"QuestionnaireResponse-tddui-questionnaire-response-{name}.json"
    response, findings = read_response(path.read_bytes())
    assert json.loads(write_response(response)) == without_narrative(path.read_bytes())
    assert findings == []


WHOLE = asks(
    item("about", "display", text="À lire"),
    item(
        "weight",
        "decimal",
        required=True,
        extension=[
            {"url": f"{HL7}/questionnaire-unit", "valueCoding": {"code": "kg"}},
            {"url": f"{HL7}/minValue", "valueDecimal": 20.5},
            {"url": f"{HL7}/maxDecimalPlaces", "valueInteger": 1},
        ],
    ),
    item(
        "pain",
        "choice",
        repeats=False,
        answerOption=[
            {
                "valueCoding": {
                    "extension": [{"url": f"{HL7}/ordinalValue", "valueDecimal": 3}],
                    "system": "urn:x",
                    "code": "a",
                }
            },
            {"valueInteger": 3},
            {"valueDate": "2026-03-01"},
            {"valueString": "autre"},
        ],
        enableWhen=[
            {"question": "weight", "operator": ">=", "answerDecimal": 40.25},
            {"question": "weight", "operator": "exists", "answerBoolean": False},
            {
                "question": "weight",
                "operator": "<",
                "answerQuantity": {"value": 3, "unit": "kg", "code": "kg"},
            },
        ],
        enableBehavior="any",
        item=[item("where", "text", code=[{"system": "urn:y", "code": "b"}])],
    ),
    url="https://example.org/essai",
    version="3",
    effectivePeriod={"start": "2026-01-01"},
    publisher="Une maison",
    extension=[{"url": "https://example.org/mark", "valueDecimal": 1.50}],
)


def test_all_that_it_says_has_a_place() -> None:
    questionnaire, findings = read_questionnaire(to_bytes(WHOLE))
    assert findings == []
    weight, pain = questionnaire.items[1:]
    assert (weight.unit.code, str(weight.least), weight.places) == ("kg", "20.5", 1)
    assert pain.options[0] == AnswerOption(Typed("Coding", Coded("urn:x", "a")), 3)
    assert [option.value.value for option in pain.options[1:]] == [3, "2026-03-01", "autre"]
    assert pain.conditions[1] == EnableWhen("weight", "exists", Typed("boolean", False))
    measure = Quantity(value=3, unit="kg", code="kg")
    assert pain.conditions[2].answer == Typed("Quantity", measure)
    assert pain.items[0].codes == (Coded("urn:y", "b"),)
    assert json.loads(write_questionnaire(questionnaire)) == WHOLE


ANSWERED = answers(
    {
        "linkId": "q",
        "answer": [
            {"valueAttachment": {"contentType": "text/plain", "data": "YQ==", "size": 1}},
            {"valueReference": {"reference": "Patient/a", "display": "A"}},
            {"valueQuantity": {"value": 3.10, "unit": "kg"}, "item": [{"linkId": "below"}]},
            {"valueTime": "08:00:00"},
            {"valueUri": "https://example.org"},
            {"extension": [{"url": f"{HL7}/data-absent-reason", "valueCode": "masked"}]},
        ],
    },
    questionnaire="https://example.org/essai|3",
    author={"identifier": {"system": "urn:z", "value": "7"}, "type": "Device"},
    basedOn=[{"reference": "CarePlan/a"}],
)


def test_answers_of_every_type_come_back_equal() -> None:
    response, findings = read_response(to_bytes(ANSWERED))
    assert json.loads(write_response(response)) == ANSWERED
    assert findings == []
    assert response.items[0].answers[-1].absent == "masked"


def test_what_is_not_understood_is_told_with_its_place() -> None:
    odd = item("q", initial=[{"valueString": "oui"}], maxLength=12)
    _, findings = read_questionnaire(to_bytes(asks(odd, text={"status": "additional", "div": "x"})))
    assert findings == [
        Finding("part_not_understood", "Questionnaire.item[0].initial", ""),
        Finding("part_not_understood", "Questionnaire.item[0].maxLength", "12"),
        Finding("part_not_understood", "Questionnaire.text", ""),
    ]
    twice = {"linkId": "q", "answer": [{"valueString": "a", "valueInteger": 3}]}
    _, findings = read_response(to_bytes(answers(twice)))
    place = "QuestionnaireResponse.item[0].answer[0].valueString"
    assert findings == [Finding("part_not_understood", place, "a")]


REFUSED: dict[str, tuple[str, str, JSON]] = {
    "another resource": ("wrong_resource", "resourceType", answers()),
    "no linkId": ("missing_required", "Questionnaire.item[0].linkId", asks({"type": "string"})),
    "no type": ("missing_required", "Questionnaire.item[0].type", asks({"linkId": "q"})),
    "unknown type": (
        "question_type_unknown",
        "Questionnaire.item[0].item[0].type",
        asks(item("g", "group", item=[item("q", "question")])),
    ),
    "same linkId": (
        "question_twice",
        "Questionnaire.item[0].item[0].linkId",
        asks(item("q", "group", item=[item("q")])),
    ),
    "condition on nothing": (
        "condition_on_nothing",
        "Questionnaire.item[0].enableWhen[0].question",
        asks(item("q", enableWhen=when("absent"))),
    ),
    "condition on itself": (
        "condition_in_circle",
        "Questionnaire.item[0].enableWhen",
        asks(item("q", enableWhen=when("q"))),
    ),
    "condition on what it opens": (
        "condition_in_circle",
        "Questionnaire.item[0].enableWhen",
        asks(item("q", "group", enableWhen=when("r"), item=[item("r", "boolean")])),
    ),
    "unknown operator": (
        "resource_invalid",
        "Questionnaire.item[1].enableWhen[0].operator",
        asks(item("q"), item("r", enableWhen=when("q", operator="~"))),
    ),
    "wrong JSON type": (
        "resource_invalid",
        "Questionnaire.item[0].required",
        asks(item("q", required="yes")),
    ),
    "option without a value": (
        "missing_required",
        "Questionnaire.item[0].answerOption[0].value",
        asks(item("q", "choice", answerOption=[{}])),
    ),
    "modifier": (
        "modifier_unknown",
        "Questionnaire.item[0].modifierExtension",
        asks(item("q", modifierExtension=[{"url": "urn:x", "valueBoolean": True}])),
    ),
    "too deep": ("too_deep", "", asks(nested(40))),
}


@pytest.mark.parametrize(("code", "path", "file"), REFUSED.values(), ids=REFUSED)
def test_refused_with_its_place(code: str, path: str, file: JSON) -> None:
    with pytest.raises(Unreadable) as refusal:
        read_questionnaire(to_bytes(file))
    [finding] = refusal.value.findings
    assert (finding.code, finding.path) == (code, path)


def test_a_circle_of_several_questions_is_refused() -> None:
    names = ["a", "b", "c"]
    circle = [
        item(name, "boolean", enableWhen=when(names[place - 1])) for place, name in enumerate(names)
    ]
    with pytest.raises(Unreadable, match="condition_in_circle"):
        read_questionnaire(to_bytes(asks(*circle)))


def test_the_limits() -> None:
    for limits, code in (
        (Limits(file_bytes=50), "too_large"),
        (Limits(entries=2), "too_many_entries"),
        (Limits(depth=2), "too_deep"),
    ):
        with pytest.raises(Unreadable, match=code):
            read_questionnaire(to_bytes(asks(item("a"), item("b"), item("c"))), limits=limits)
    long_chain = [item("q0", "boolean")]
    long_chain += [
        item(f"q{number}", "boolean", enableWhen=when(f"q{number - 1}"))
        for number in range(1, 2_000)
    ]
    assert read_questionnaire(to_bytes(asks(*long_chain)))[1] == []


def test_answers_are_refused_with_their_place() -> None:
    for file, code, path in (
        (asks(), "wrong_resource", "resourceType"),
        (
            answers({"linkId": "g", "item": [{"text": "x"}]}),
            "missing_required",
            "QuestionnaireResponse.item[0].item[0].linkId",
        ),
        (answers(implicitRules="urn:x"), "modifier_unknown", "QuestionnaireResponse.implicitRules"),
    ):
        with pytest.raises(Unreadable) as refusal:
            read_response(to_bytes(file))
        assert (refusal.value.findings[0].code, refusal.value.findings[0].path) == (code, path)
