"""Answers to a questionnaire that is not ours: kept as received, and shown in its own words."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from virage.formats.fhir.element import is_moment
from virage.formats.fhir.questionnaire import Questionnaire, QuestionnaireResponse
from virage.formats.outcome import Finding, Unreadable
from virage.formats.tddui.record import Answer
from virage.foundation.access.enums import Volet
from virage.foundation.coded import Coded
from virage.instruments.rules.fhir.answers_in import answers_of
from virage.instruments.rules.fhir.bounds import moments, too_long
from virage.instruments.rules.fhir.brought import NAMED
from virage.instruments.rules.fhir.words import told

LONGEST_TITLE = 200
LONGEST_NAME = 255


@dataclass(frozen=True, kw_only=True)
class Foreign:
    """Answers in the words of their questionnaire, and the volet that whoever takes them chose.

    `name` is how they name the questionnaire.
    """

    title: str
    name: str
    type: Coded
    volet: Volet
    lines: Sequence[Answer]


def read_foreign(
    questionnaire: Questionnaire, response: QuestionnaireResponse, volet: Volet | None
) -> tuple[Foreign, list[Finding]]:
    """Return the answers and what refuses them. Unreadable without a volet.

    An answer that stands under no question refuses them, and a date that there cannot be; how the
    others agree with what was asked is their sender's word.
    """
    title = questionnaire.title or questionnaire.name or questionnaire.url
    if volet is None:
        raise Unreadable(Finding("answers_without_volet", NAMED, title))
    lines = told(questionnaire, response)
    # First: what is too long to be shown is too long to be sought among the questions.
    if long := list(too_long(lines, "QuestionnaireResponse.item")):
        raise Unreadable(*long)
    _, unsure = answers_of(questionnaire, replace(response, questionnaire=""))
    is_inside = response.questionnaire.startswith("#")
    foreign = Foreign(
        title=title,
        name=questionnaire.canonical if is_inside else response.questionnaire,
        type=questionnaire.codes[0] if questionnaire.codes else Coded(),
        volet=volet,
        lines=lines,
    )
    faults = [one for one in unsure if one.code == "answer_to_nothing"]
    faults += [
        Finding("answer_date_impossible", place, text)
        for text, place in moments(response.items, "QuestionnaireResponse")
        if not is_moment(text)
    ]
    return foreign, [*faults, *_faults_of(foreign)]


def _faults_of(foreign: Foreign) -> Iterator[Finding]:
    if not foreign.lines:
        yield Finding("answers_none", "QuestionnaireResponse.item")
    if not foreign.title:
        yield Finding("missing_required", "Questionnaire.title")
    for text, longest, place in (
        (foreign.title, LONGEST_TITLE, "Questionnaire.title"),
        (foreign.name, LONGEST_NAME, NAMED),
    ):
        if len(text) > longest:
            yield Finding("value_too_long", place, f"{len(text)} caractères")
