"""How much an answer received may hold: what a form would not let anyone type is refused."""

from collections.abc import Iterator, Sequence
from decimal import Decimal

from virage.formats.fhir.questionnaire import ResponseItem
from virage.formats.outcome import Finding
from virage.formats.tddui.record import Answer
from virage.instruments.rules.answers import value_label
from virage.instruments.rules.fhir.answers_out import rows_of
from virage.instruments.rules.given import Given
from virage.instruments.rules.items import Item

LONGEST_TEXT = 5_000
# As many as the form of a sheet takes, decimals included.
MOST_DIGITS = 12
MOST_ROWS = 100
# Lines of an evaluation of others: far above any questionnaire, far below a page too long to open.
MOST_LINES = 2_000


def places(items: Sequence[ResponseItem], path: str) -> Iterator[tuple[str, str]]:
    """Give each question answered with its place in the file."""
    for number, item in enumerate(items):
        place = f"{path}.item[{number}]"
        yield item.link_id, place
        yield from places(item.items, place)
        for rank, reply in enumerate(item.answers):
            yield from places(reply.items, f"{place}.answer[{rank}]")


def outside(item: Item, given: Given, place: str) -> Iterator[Finding]:
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


def _every(lines: Sequence[Answer]) -> Iterator[Answer]:
    for line in lines:
        yield line
        yield from _every(line.children)


def _fits(item: Item, number: Decimal) -> bool:
    is_low = item.at_least is not None and number < item.at_least
    is_high = item.at_most is not None and number > item.at_most
    decimals = max(-int(str(number.normalize().as_tuple().exponent)), 0)
    is_long = max(number.adjusted() + 1, 0) + decimals > MOST_DIGITS
    return not (is_low or is_high or is_long) and decimals <= item.decimals
