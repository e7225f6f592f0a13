"""How much an answer received may hold: what a form would not let anyone type is refused."""

from collections.abc import Iterator, Sequence
from decimal import Decimal

from virage.formats.fhir.questionnaire import ResponseItem
from virage.formats.outcome import Finding
from virage.formats.tddui.record import Answer
from virage.instruments.rules.answers import value_label
from virage.instruments.rules.fhir.answers_out import rows_of
from virage.instruments.rules.given import Given
from virage.instruments.rules.items import (
    LONGEST_REASON,
    LONGEST_TEXT,
    LONGEST_WORD,
    MOST_ROWS,
    Item,
)

# Lines of an evaluation of others: far above any questionnaire, far below a page too long to open.
MOST_LINES = 2_000
MOMENTS = ("date", "dateTime")


def places(items: Sequence[ResponseItem], path: str) -> Iterator[tuple[ResponseItem, str]]:
    """Give each question answered with its place in the file."""
    for number, item in enumerate(items):
        place = f"{path}.item[{number}]"
        yield item, place
        yield from places(item.items, place)
        for rank, reply in enumerate(item.answers):
            yield from places(reply.items, f"{place}.answer[{rank}]")


def moments(items: Sequence[ResponseItem], path: str) -> Iterator[tuple[str, str]]:
    """Give each date or instant answered, as it is written, with its place in the file."""
    for item, place in places(items, path):
        for rank, reply in enumerate(item.answers):
            if reply.value and reply.value.kind in MOMENTS:
                yield str(reply.value.value), f"{place}.answer[{rank}]"


def outside(item: Item, given: Given, place: str) -> Iterator[Finding]:
    """Give what an answer of the right type says beyond what its question takes."""
    if given.is_unknown and not item.may_be_unknown:
        yield Finding("answer_must_be_given", place, item.label)
    if given.not_applicable_because and not item.may_not_apply:
        yield Finding("answer_must_be_given", place, item.label)
    yield from _longer(given.not_applicable_because, LONGEST_REASON, place)
    yield from _longer(given.comment, LONGEST_WORD, place)
    match given.value:
        case Decimal() as number if not _fits(item, number):
            yield Finding("answer_out_of_bounds", place, str(number))
        case str() as text if not item.options:
            yield from _longer(text, LONGEST_TEXT, place)
        case tuple() as rows if item.columns:
            if len(rows) > MOST_ROWS:
                yield Finding("answer_out_of_bounds", place, f"{len(rows)} lignes")
            columns = {column.id: column for column in item.columns}
            for row in rows_of(given):
                for name, cell in row.items():
                    yield from outside(columns[name], cell, f"{place}.{name}")


def too_long(lines: Sequence[Answer], place: str) -> Iterator[Finding]:
    """Give what makes the answers of others too long to be shown: their lines, a text."""
    every = list(_every(lines))
    if len(every) > MOST_LINES:
        yield Finding("too_many_entries", place, f"{len(every)} lignes")
    for line in every:
        longest = max(len(line.text), len(value_label(line)))
        if longest > LONGEST_TEXT:
            yield Finding("answer_out_of_bounds", place, f"{longest} caractères")


def _longer(text: str, longest: int, place: str) -> Iterator[Finding]:
    if len(text) > longest:
        yield Finding("answer_out_of_bounds", place, f"{len(text)} caractères")


def _every(lines: Sequence[Answer]) -> Iterator[Answer]:
    for line in lines:
        yield line
        yield from _every(line.children)


def _fits(item: Item, number: Decimal) -> bool:
    least, most = item.extent
    decimals = -int(str(number.normalize().as_tuple().exponent))
    return least <= number <= most and decimals <= item.decimals
