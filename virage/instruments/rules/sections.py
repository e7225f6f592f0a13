"""The headings under which an instrument is asked, and when one of them is answered."""

from collections.abc import Iterator
from dataclasses import dataclass

from virage.instruments.rules.given import Answers, asked, missing
from virage.instruments.rules.instrument import Instrument
from virage.instruments.rules.items import Item


@dataclass(frozen=True)
class Section:
    """A group with the untitled ones that follow it, as they stand on the page.

    `id` is that of its first group.
    """

    id: str
    title: str
    help: str
    items: tuple[Item, ...]


def sections(instrument: Instrument) -> list[Section]:
    """Return the headings of an instrument, in order; one without a title is « Questions »."""
    found: list[Section] = []
    for group in instrument.groups:
        if found and not group.title:
            former = found[-1]
            items = (*former.items, *group.items)
            found[-1] = Section(former.id, former.title, former.help, items)
        else:
            title = group.title or "Questions"
            found.append(Section(group.id, title, group.help, tuple(group.items)))
    return found


def asked_sections(instrument: Instrument, answers: Answers) -> list[Section]:
    """Return the headings under which these answers lead to a question."""
    items = asked(instrument, answers)
    return [one for one in sections(instrument) if any(item.id in items for item in one.items)]


def is_answered(instrument: Instrument, answers: Answers, section_id: str) -> bool:
    """Return whether a heading, or all of them (""), lacks nothing required and holds an answer."""
    names = set(_names(instrument, section_id))
    lacking = {item.id for item in missing(instrument, answers)}
    answered = asked(instrument, answers).keys() & answers.keys()
    return bool(names & answered) and not names & lacking


def _names(instrument: Instrument, section_id: str) -> Iterator[str]:
    for section in sections(instrument):
        if section_id in ("", section.id):
            yield from (item.id for item in section.items)
