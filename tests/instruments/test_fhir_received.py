"""What a file of answers may say, to others' questionnaires or ours: it holds, or is refused."""

import json
from datetime import date
from typing import Any

import pytest

from virage.formats.outcome import Unreadable
from virage.foundation.access.enums import Volet
from virage.instruments.rules.fhir.received import Received, read_answers
from virage.instruments.rules.items import LONGEST_REASON, LONGEST_WORD

JSON = dict[str, Any]
TODAY = date(2026, 11, 30)
ABSENT = "http://hl7.org/fhir/StructureDefinition/data-absent-reason"
WHY = "http://hl7.org/fhir/StructureDefinition/originalText"
WORD = "urn:virage:questionnaire:comment"
ASKED: JSON = {
    "resourceType": "Questionnaire",
    "id": "q",
    "url": "https://example.org/falls",
    "title": "Chutes",
    "status": "active",
    "item": [{"linkId": "last", "type": "dateTime", "text": "La dernière"}],
}


def read(questionnaire: str, *items: JSON, **parts: Any) -> Received:
    response = {
        "resourceType": "QuestionnaireResponse",
        "questionnaire": questionnaire,
        "contained": [ASKED],
        "status": "completed",
        "authored": "2026-02-01",
        "item": items,
        **parts,
    }
    return read_answers(json.dumps(response).encode(), TODAY, set(), Volet.CARE)


def refused(questionnaire: str, *items: JSON, **parts: Any) -> list[tuple[str, str, str]]:
    with pytest.raises(Unreadable) as refusal:
        read(questionnaire, *items, **parts)
    return [(one.code, one.path, one.value) for one in refusal.value.findings]


def fell(on: str) -> JSON:
    kind = "valueDateTime" if "T" in on else "valueDate"
    return {"linkId": "last", "answer": [{kind: on}]}


@pytest.mark.parametrize(
    "on",
    [
        *("9999-99-99", "2026-02-30", "2026-13", "0000", "26-02-01", "hier"),
        *("2026-02-01T25:00:00Z", "2026-02-30T10:00:00Z"),
    ],
)
def test_a_date_that_there_cannot_be_refuses_the_answers_of_others(on: str) -> None:
    place = "QuestionnaireResponse.item[0].answer[0]"
    assert refused("#q", fell(on)) == [("answer_date_impossible", place, on)]


@pytest.mark.parametrize(
    ("on", "earliest"),
    [
        *(("2026-01-05", date(2026, 1, 5)), ("1931-03-02", date(1931, 3, 2))),
        *(("2025", date(2026, 2, 1)), ("2025-12", date(2026, 2, 1))),
        *(("9999-12-31", date(2026, 2, 1)), ("2026-11-01", date(2026, 2, 1))),
        ("2026-01-05T10:00:00.1234567+01:00", date(2026, 1, 5)),
    ],
)
def test_a_date_of_others_is_kept_as_far_as_it_goes(on: str, earliest: date) -> None:
    received = read("#q", fell(on))
    assert received.earliest_on == earliest
    assert on in received.response


def told(url: str, length: int) -> JSON:
    return {"url": url, "valueString": "x" * length}


@pytest.mark.parametrize(
    ("extensions", "length"),
    [
        ([{"url": ABSENT, "valueCode": "not-applicable"}, told(WHY, LONGEST_REASON + 1)], 201),
        ([{"url": ABSENT, "valueCode": "asked-unknown"}, told(WORD, LONGEST_WORD + 1)], 501),
    ],
)
def test_what_nobody_could_have_typed_is_refused(extensions: list[JSON], length: int) -> None:
    meals = {"linkId": "meals", "answer": [{"extension": extensions}]}
    group = {"linkId": "life", "item": [meals]}
    found = refused("urn:virage:instrument:satisfaction|1", group)
    place = "QuestionnaireResponse.item[0].item[0]"
    assert ("answer_out_of_bounds", place, f"{length} caractères") in found
