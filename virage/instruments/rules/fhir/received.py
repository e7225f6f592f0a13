"""Answers received as a FHIR response, to an instrument of ours or not: all of them hold, or none.

Each fault is told where it stands in the file. To an instrument of ours: unknown or misplaced
answers, what is not asked, what is out of its bounds, what is required and lacks.
"""

from collections.abc import Container, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

from virage.formats.fhir.questionnaire import (
    Questionnaire,
    QuestionnaireResponse,
    Reference,
    placed,
)
from virage.formats.fhir.questionnaire_response import read_response
from virage.formats.outcome import Finding, Limits, Unreadable
from virage.formats.values import BusinessIdentifier
from virage.foundation.access.enums import Volet
from virage.foundation.calendar import PARIS, in_paris, midnight
from virage.instruments.rules.fhir.answers_in import answers_of, day_of
from virage.instruments.rules.fhir.bounds import moments, outside, places
from virage.instruments.rules.fhir.brought import Asked, asked_in, brought
from virage.instruments.rules.fhir.foreign import Foreign, read_foreign
from virage.instruments.rules.fhir.questions_in import instrument_of
from virage.instruments.rules.fhir.questions_out import address_of, questionnaire_of
from virage.instruments.rules.fhir.whole import comment_of
from virage.instruments.rules.given import Given, asked, missing
from virage.instruments.rules.instrument import Instrument
from virage.instruments.rules.items import LONGEST_TEXT, Item, ItemKind
from virage.instruments.rules.shipped import in_force, shipped

# Entries: questions and their options, far above any questionnaire, as each answer is sought among.
LIMITS = Limits(file_bytes=2 * 10**6, entries=2_000)
# The answers are all given: the others are not, or no longer, to be read.
FINISHED = ("completed", "amended")
LONGEST_NAME = 200
LONGEST_IDENTIFIER = 255
# Nobody answered before: a date left empty by the sender, or a slip.
EARLIEST = date(1900, 1, 1)
# Told, and no answer: the file is taken without it.
BESIDE = "part_not_understood"


@dataclass(frozen=True)
class Own:
    """Answers to an instrument of ours."""

    instrument: Instrument
    answers: Mapping[str, Given]


@dataclass(frozen=True, kw_only=True)
class Received:
    """The answers of a file; `made_at` is when they were given, `made_on` if only the day is said.

    `author` is who gave them, or their source, as the file names him, `comment` the word on the
    whole, `identifier` that of the file, `response` the response as it came and `questionnaire` the
    questions, if they are not ours; `beside` is what it says besides, which has no place here, and
    `earliest_on` the first day that it speaks of.
    """

    what: Own | Foreign
    status: str
    made_at: datetime
    made_on: date | None
    author: str
    comment: str
    identifier: BusinessIdentifier | None
    response: str
    questionnaire: str
    beside: Sequence[Finding]
    earliest_on: date


def read_answers(data: bytes, today: date, names: Container[str], volet: Volet | None) -> Received:
    """Read the answers of a file whole; Unreadable with every fault, each in its place.

    `names` are the numbers and the address of the person to whom they are to be given: a file that
    names somebody else is refused. `volet` is where answers to no instrument of ours go.
    """
    file = brought(data, LIMITS)
    response, told = read_response(file.response, limits=LIMITS)
    instrument = _named(response.questionnaire, today)
    if instrument:
        came = Asked(questionnaire_of(instrument)[0], content="")
    else:
        came = asked_in(file, response.questionnaire, LIMITS)
        instrument = _asking(came.questionnaire, today) if came.is_official else None
    what, faults = (
        _read_own(instrument, came.questionnaire, response)
        if instrument
        else read_foreign(came.questionnaire, response, volet)
    )
    faults = [one for one in told if one.code != BESIDE] + faults
    faults += _faults_of_whole(response, today)
    faults += _faults_of_subject(response.subject, file.numbers, names)
    made_at = _instant(response.authored)
    if faults or made_at is None:
        raise Unreadable(*faults)
    return Received(
        what=what,
        status=response.status,
        made_at=made_at,
        made_on=None if "T" in response.authored else in_paris(made_at).date(),
        author=_named_by(response.author or response.source),
        comment=comment_of(response),
        identifier=response.identifier,
        response=file.response.decode("utf-8-sig"),
        questionnaire=came.content,
        beside=[one for one in told if one.code == BESIDE],
        earliest_on=min([in_paris(made_at).date(), *_days_in(response)]),
    )


def _read_own(
    instrument: Instrument, questionnaire: Questionnaire, response: QuestionnaireResponse
) -> tuple[Own, list[Finding]]:
    answers, faults = answers_of(questionnaire, replace(response, questionnaire=""))
    faults += _faults_of(instrument, questionnaire, response, answers)
    return Own(instrument, answers), faults


def _asking(questionnaire: Questionnaire, today: date) -> Instrument | None:
    """Return the instrument of ours that asks each of these questions the same, under its id, if
    there is one: answers to the one are answers to the other.
    """
    current = (in_force(name, today) for name in sorted({one.id for one in shipped()}))
    for one in filter(None, current):
        made, told = instrument_of(questionnaire, volet=one.volet, answered_by=one.answered_by)
        asks = [
            name in one.items and _answers_of(one.items[name]) == _answers_of(item)
            for name, item in made.items.items()
        ]
        if all(asks) and not told:
            return one
    return None


def _answers_of(item: Item) -> tuple[ItemKind, set[str], tuple[Item, ...]]:
    """What an item may be answered by."""
    return item.kind, {option.id for option in item.options}, item.columns


def _faults_of_whole(response: QuestionnaireResponse, today: date) -> Iterator[Finding]:
    """Say that the answers are not all given, or when is not said, or too long a word on them."""
    place = "QuestionnaireResponse"
    if response.status not in FINISHED:
        yield Finding("answers_unfinished", f"{place}.status", response.status)
    made_at = _instant(response.authored)
    if made_at is None or not _is_past(made_at, today):
        yield Finding("answers_undated", f"{place}.authored", response.authored)
    identifier = response.identifier
    length = max(len(identifier.value), len(identifier.system)) if identifier else 0
    if length > LONGEST_IDENTIFIER:
        yield Finding("answer_out_of_bounds", f"{place}.identifier", f"{length} caractères")
    length = len(comment_of(response))
    if length > LONGEST_TEXT:
        yield Finding("answer_out_of_bounds", f"{place}.extension", f"{length} caractères")


def _faults_of_subject(
    subject: Reference | None, inside: Sequence[str], names: Container[str]
) -> Iterator[Finding]:
    """Say that it names somebody else, or describes him `inside` by his numbers; an address of the
    sender's own tells nothing.
    """
    if inside and not any(one.strip() in names for one in inside):
        place = "QuestionnaireResponse.contained"
        yield Finding("answers_of_another", place, ", ".join(inside))
    if subject is None:
        return
    place = "QuestionnaireResponse.subject"
    number = subject.identifier.value.strip() if subject.identifier else ""
    if number and number not in names:
        yield Finding("answers_of_another", f"{place}.identifier", number)
    address = subject.reference.lower()
    if address.startswith("urn:uuid:") and address not in names:
        yield Finding("answers_of_another", f"{place}.reference", subject.reference)


def _named_by(author: Reference | None) -> str:
    if author is None:
        return ""
    number = author.identifier.value if author.identifier else ""
    return (author.display or number or author.reference)[:LONGEST_NAME]


def _is_past(instant: datetime, today: date) -> bool:
    return instant.date() >= EARLIEST and in_paris(instant).date() <= today


def _named(canonical: str, today: date) -> Instrument | None:
    """Return our instrument that a response names; the version in force when it says none."""
    address, _, version = canonical.partition("|")
    for one in shipped():
        is_said = one.version == version if version else in_force(one.id, today) == one
        if is_said and address_of(one) == address:
            return one
    return None


def _faults_of(
    instrument: Instrument,
    questionnaire: Questionnaire,
    response: QuestionnaireResponse,
    answers: Mapping[str, Given],
) -> Iterator[Finding]:
    where = {item.link_id: place for item, place in places(response.items, "QuestionnaireResponse")}
    open_items = asked(instrument, answers)
    for name, given in answers.items():
        place = where.get(name, name)
        if name not in open_items:
            yield Finding("answer_not_asked", place, name)
        else:
            yield from outside(instrument.items[name], given, place)
    questions = {question.link_id: place for place, question in placed(questionnaire.items)}
    for item in missing(instrument, answers):
        yield Finding("answer_missing", where.get(item.id, questions.get(item.id, "")), item.label)


def _days_in(response: QuestionnaireResponse) -> Iterator[date]:
    days = (day_of(text) for text, _ in moments(response.items, "QuestionnaireResponse"))
    yield from (day for day in days if day)


def _instant(authored: str) -> datetime | None:
    """Return when answers were given, in Paris when no zone is said; None for a month alone."""
    try:
        if len(authored) == len("2026-01-01"):
            return midnight(date.fromisoformat(authored))
        instant = datetime.fromisoformat(authored)
    except ValueError:
        return None
    return instant if instant.tzinfo else instant.replace(tzinfo=PARIS)
