"""Answers received as a FHIR response to an instrument of ours: all of them hold, or none.

Each fault is told where it stands in the file: unknown or misplaced answers, what is not asked,
what is out of its bounds, what is required and lacks.
"""

from collections.abc import Container, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from virage.formats.fhir.questionnaire import (
    Questionnaire,
    QuestionnaireResponse,
    Reference,
    ResponseItem,
    placed,
)
from virage.formats.fhir.questionnaire_response import read_response
from virage.formats.outcome import Finding, Limits, Unreadable
from virage.formats.values import BusinessIdentifier
from virage.foundation.calendar import PARIS, in_paris, midnight
from virage.instruments.rules.fhir.answers_in import answers_of
from virage.instruments.rules.fhir.answers_out import rows_of
from virage.instruments.rules.fhir.questions_out import questionnaire_of
from virage.instruments.rules.given import Given, asked, missing
from virage.instruments.rules.instrument import Instrument, Item
from virage.instruments.rules.shipped import in_force, shipped

LIMITS = Limits(file_bytes=2 * 10**6)
# Answers that are not, or no longer, to be read.
UNFINISHED = ("in-progress", "stopped", "entered-in-error")
LONGEST_TEXT = 5_000
MOST_ROWS = 100
LONGEST_NAME = 200
LONGEST_IDENTIFIER = 255
# Nobody answered before: a date left empty by the sender, or a slip.
EARLIEST = date(1900, 1, 1)
# Told, and no answer: the file is taken without it.
BESIDE = "part_not_understood"


@dataclass(frozen=True, kw_only=True)
class Received:
    """The answers of a file to an instrument of ours; `made_at` is when they were given.

    `author` is who gave them, as the file names him, and `identifier` that of the file; `beside` is
    what it says besides, which has no place here.
    """

    instrument: Instrument
    answers: Mapping[str, Given]
    made_at: datetime
    author: str
    identifier: BusinessIdentifier | None
    beside: Sequence[Finding]


def read_answers(data: bytes, today: date, names: Container[str]) -> Received:
    """Read the answers of a file whole; Unreadable with every fault, each in its place.

    `names` are the numbers and the address of the person to whom they are to be given: a file that
    names somebody else is refused.
    """
    response, told = read_response(data, limits=LIMITS)
    instrument = _named(response.questionnaire, today)
    questionnaire, _ = questionnaire_of(instrument)
    answers, more = answers_of(questionnaire, response)
    faults = [one for one in told if one.code != BESIDE] + more
    if response.status in UNFINISHED:
        faults.append(
            Finding("answers_unfinished", "QuestionnaireResponse.status", response.status)
        )
    faults += _faults_of_subject(response.subject, names)
    made_at = _instant(response.authored)
    if made_at is None or not _is_past(made_at, today):
        faults.append(
            Finding("answers_undated", "QuestionnaireResponse.authored", response.authored)
        )
    faults += _faults_of_identifier(response.identifier)
    faults += _faults_of(instrument, questionnaire, response, answers)
    if faults or made_at is None:
        raise Unreadable(*faults)
    return Received(
        instrument=instrument,
        answers=answers,
        made_at=made_at,
        author=_named_by(response.author),
        identifier=response.identifier,
        beside=[one for one in told if one.code == BESIDE],
    )


def _faults_of_subject(subject: Reference | None, names: Container[str]) -> Iterator[Finding]:
    """Say that it names somebody else; an address of the sender's own tells nothing."""
    if subject is None:
        return
    place = "QuestionnaireResponse.subject"
    number = subject.identifier.value.strip() if subject.identifier else ""
    if number and number not in names:
        yield Finding("answers_of_another", f"{place}.identifier", number)
    address = subject.reference.lower()
    if address.startswith("urn:uuid:") and address not in names:
        yield Finding("answers_of_another", f"{place}.reference", subject.reference)


def _faults_of_identifier(identifier: BusinessIdentifier | None) -> Iterator[Finding]:
    length = max(len(identifier.value), len(identifier.system)) if identifier else 0
    if length > LONGEST_IDENTIFIER:
        place = "QuestionnaireResponse.identifier"
        yield Finding("answer_out_of_bounds", place, f"{length} caractères")


def _named_by(author: Reference | None) -> str:
    if author is None:
        return ""
    number = author.identifier.value if author.identifier else ""
    return (author.display or number or author.reference)[:LONGEST_NAME]


def _is_past(instant: datetime, today: date) -> bool:
    return instant.date() >= EARLIEST and in_paris(instant).date() <= today


def _named(canonical: str, today: date) -> Instrument:
    """Return the instrument that a response names; the version in force when it says none."""
    for one in shipped():
        questionnaire, _ = questionnaire_of(one)
        is_current = canonical == questionnaire.url and in_force(one.id, today) == one
        if canonical == questionnaire.canonical or is_current:
            return one
    raise Unreadable(
        Finding("answers_to_another", "QuestionnaireResponse.questionnaire", canonical)
    )


def _faults_of(
    instrument: Instrument,
    questionnaire: Questionnaire,
    response: QuestionnaireResponse,
    answers: Mapping[str, Given],
) -> Iterator[Finding]:
    where = dict(_places(response.items, "QuestionnaireResponse"))
    open_items = asked(instrument, answers)
    for name, given in answers.items():
        place = where.get(name, name)
        if name not in open_items:
            yield Finding("answer_not_asked", place, name)
        else:
            yield from _outside(instrument.items[name], given, place)
    questions = {question.link_id: place for place, question in placed(questionnaire.items)}
    for item in missing(instrument, answers):
        yield Finding("answer_missing", where.get(item.id, questions[item.id]), item.label)


def _places(items: Sequence[ResponseItem], path: str) -> Iterator[tuple[str, str]]:
    """Give each question answered with its place in the file."""
    for number, item in enumerate(items):
        place = f"{path}.item[{number}]"
        yield item.link_id, place
        yield from _places(item.items, place)
        for rank, reply in enumerate(item.answers):
            yield from _places(reply.items, f"{place}.answer[{rank}]")


def _outside(item: Item, given: Given, place: str) -> Iterator[Finding]:
    """Give what an answer of the right type says beyond what its question takes."""
    if given.is_unknown and not item.may_be_unknown:
        yield Finding("answer_must_be_given", place, item.label)
    if given.not_applicable_because and not item.may_not_apply:
        yield Finding("answer_must_be_given", place, item.label)
    match given.value:
        case Decimal() as number if not _fits(item, number):
            yield Finding("answer_out_of_bounds", place, str(number))
        case str() as text if not item.options and len(text) > LONGEST_TEXT:
            yield Finding("answer_out_of_bounds", place, f"{len(text)} caractères")
        case tuple() as rows if item.columns:
            if len(rows) > MOST_ROWS:
                yield Finding("answer_out_of_bounds", place, f"{len(rows)} lignes")
            columns = {column.id: column for column in item.columns}
            for row in rows_of(given):
                for name, cell in row.items():
                    yield from _outside(columns[name], cell, f"{place}.{name}")


def _fits(item: Item, number: Decimal) -> bool:
    is_low = item.at_least is not None and number < item.at_least
    is_high = item.at_most is not None and number > item.at_most
    places = -int(str(number.normalize().as_tuple().exponent))
    return not (is_low or is_high) and places <= item.decimals


def _instant(authored: str) -> datetime | None:
    """Return when answers were given, in Paris when no zone is said; None for a month alone."""
    try:
        if len(authored) == len("2026-01-01"):
            return midnight(date.fromisoformat(authored))
        instant = datetime.fromisoformat(authored)
    except ValueError:
        return None
    return instant if instant.tzinfo else instant.replace(tzinfo=PARIS)
