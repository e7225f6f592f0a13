"""What a file brings: a response alone, with its questionnaire inside, or both in a Bundle."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cache
from typing import Any

from virage.formats.fhir.questionnaire import Questionnaire
from virage.formats.fhir.questionnaire_reading import read_questionnaire
from virage.formats.fhir.writing import to_json
from virage.formats.outcome import Limits
from virage.formats.safe import decode_json, refuse
from virage.foundation.content.loader import ROOT

QUESTIONNAIRE, RESPONSE = "Questionnaire", "QuestionnaireResponse"
OFFICIAL = ROOT / "transfer" / "questionnaires"


@dataclass(frozen=True)
class Brought:
    """A response, as bytes, and the questionnaires that came with it, as JSON values.

    `numbers` are those of the persons whom it describes inside.
    """

    response: bytes
    questionnaires: Sequence[dict[str, Any]] = ()
    numbers: Sequence[str] = ()

    def questionnaire(self, name: str) -> bytes:
        """Return the one that a response names so, as it came, or nothing."""
        found = (one for one in self.questionnaires if name and name in _names(one))
        return next((to_json(one).encode() for one in found), b"")


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


def official(name: str) -> Questionnaire | None:
    """Return a questionnaire of the TDDUI guide by its address, with its version or not."""
    found = (one for one in _officials() if name in (one.url, one.canonical))
    return next(found, None)


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
