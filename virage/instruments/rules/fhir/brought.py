"""What a file brings: a response alone, with its questionnaire inside, or both in a Bundle."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cache
from typing import Any

from virage.formats.fhir.questionnaire import Questionnaire
from virage.formats.fhir.questionnaire_reading import read_questionnaire
from virage.formats.fhir.questionnaire_writing import write_questionnaire
from virage.formats.fhir.writing import to_json
from virage.formats.outcome import Finding, Limits, Unreadable
from virage.formats.safe import decode_json, refuse
from virage.foundation.content.loader import ROOT

QUESTIONNAIRE, RESPONSE = "Questionnaire", "QuestionnaireResponse"
NAMED = "QuestionnaireResponse.questionnaire"
# Those of the TDDUI guide.
OFFICIAL = ROOT / "transfer" / "questionnaires"


@dataclass(frozen=True)
class Brought:
    """A response, as bytes, and the questionnaires that came with it, as JSON values.

    `numbers` are those of the persons whom it describes inside.
    """

    response: bytes
    questionnaires: Sequence[dict[str, Any]] = ()
    numbers: Sequence[str] = ()


@dataclass(frozen=True)
class Asked:
    """The questionnaire that answers are to, with its JSON text; `is_official`: of TDDUI."""

    questionnaire: Questionnaire
    content: str
    is_official: bool = False


def brought(data: bytes, limits: Limits) -> Brought:
    """Open a file. Unreadable, and nothing else.

    A Bundle holds one response and questionnaires: what it said besides, of whom, would be lost.
    """
    value = decode_json(data, limits)
    if not isinstance(value, dict):
        return Brought(data)
    if value.get("resourceType") != "Bundle":
        return _alone(data, value)
    entries = value.get("entry")
    resources = [
        one.get("resource") if isinstance(one, dict) else None
        for one in (entries if isinstance(entries, list) else [])
    ]
    responses = _of_type(resources, RESPONSE)
    questionnaires = _of_type(resources, QUESTIONNAIRE)
    if len(responses) != 1 or len(questionnaires) != len(resources) - 1:
        types = {one.get("resourceType") for one in resources if isinstance(one, dict)}
        refuse("wrong_resource", "Bundle.entry", ", ".join(sorted(map(str, types)))[:100])
    alone = _alone(to_json(responses[0]).encode(), responses[0])
    return replace(alone, questionnaires=[*alone.questionnaires, *questionnaires])


def asked_in(file: Brought, name: str, limits: Limits) -> Asked:
    """Return the questionnaire that a response names so: the one that came with it, or else one of
    the TDDUI guide, with its version or not. Unreadable when there is none.
    """
    for came in file.questionnaires:
        if name and name in _names(came):
            content = to_json(came)
            questionnaire, _ = read_questionnaire(content.encode(), limits=limits)
            return Asked(questionnaire, content, is_official=questionnaire in _officials())
    for official in _officials():
        if name in (official.url, official.canonical):
            return Asked(official, write_questionnaire(official).decode(), is_official=True)
    raise Unreadable(Finding("answers_to_another", NAMED, name))


@cache
def _officials() -> list[Questionnaire]:
    return [read_questionnaire(path.read_bytes())[0] for path in sorted(OFFICIAL.glob("*.json"))]


def _alone(data: bytes, response: dict[str, Any]) -> Brought:
    inside = response.get("contained")
    persons = [one.get("identifier") for one in _of_type(inside, "Patient")]
    numbers = [
        one["value"]
        for listed in persons
        for one in (listed if isinstance(listed, list) else [])
        if isinstance(one, dict) and isinstance(one.get("value"), str)
    ]
    return Brought(data, _of_type(inside, QUESTIONNAIRE), numbers)


def _of_type(values: Any, type_: str) -> list[dict[str, Any]]:
    listed = values if isinstance(values, list) else []
    return [one for one in listed if isinstance(one, dict) and one.get("resourceType") == type_]


def _names(questionnaire: dict[str, Any]) -> set[str]:
    """Return how a response may name it: inside it, by its address, with its version."""
    url, version = questionnaire.get("url"), questionnaire.get("version")
    return {f"#{questionnaire.get('id')}", str(url), f"{url}|{version}"}
