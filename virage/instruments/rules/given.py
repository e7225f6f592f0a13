"""What was answered to an instrument, what is asked next, and what is still missing.

Conditions are judged in three values: what is required and has no answer, or is unknown, makes one
neither hold nor fail, save where another of its parts decides (Kleene's strong logic).
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from virage.instruments.rules.instrument import Instrument
from virage.instruments.rules.items import Item, ItemKind, When

# An option id, several of them, a number, a day, a text, or the rows of a table.
Value = str | Decimal | date | tuple[str, ...] | tuple[Mapping[str, "Given"], ...]


@dataclass(frozen=True)
class Given:
    """One answer: a value, « je ne sais pas », or why the question does not apply.

    `comment` is a word beside it, which counts for nothing.
    """

    value: Value | None = None
    is_unknown: bool = False
    not_applicable_because: str = ""
    comment: str = ""

    @property
    def applies(self) -> bool:
        """Whether the question is the subject's at all."""
        return not self.not_applicable_because


Answers = Mapping[str, Given]
Known = Mapping[str, Given | Decimal | None]
# What is not there is not asked for: it makes no condition hold. None is what still lacks.
ABSENT = Given(not_applicable_because="sans objet")


def asked(instrument: Instrument, answers: Answers) -> dict[str, Item]:
    """Return the items that these answers lead to, in order.

    An answer to what is not asked any more counts for nothing, in conditions either.
    """
    items: dict[str, Item] = {}
    known: dict[str, Given | Decimal | None] = {}
    opened = {""}
    for group in instrument.groups:
        if group.within not in opened or not holds(group.when, known):
            continue
        opened.add(group.id)
        for item in group.items:
            if item.under in opened and holds(item.when, known):
                items[item.id] = item
                known[item.id] = answers.get(item.id, None if item.required else ABSENT)
                if item.id in answers and answers[item.id].value is not None:
                    opened.add(item.id)
    return items


def missing(instrument: Instrument, answers: Answers) -> list[Item]:
    """Return the items asked that lack a required answer, of their own or in a row, in order."""
    items = asked(instrument, answers).values()
    return [item for item in items if _lacks(item, answers.get(item.id))]


def holds(when: When | None, known: Known) -> bool | None:
    """Return whether a condition holds; None when what is known does not say."""
    if when is None:
        return True
    if when.every:
        return _every(holds(part, known) for part in when.every)
    if when.either:
        opposite = _every(_not(holds(part, known)) for part in when.either)
        return _not(opposite)
    return _tested(when, known.get(when.of, ABSENT))


def _lacks(item: Item, given: Given | None) -> bool:
    if given is None:
        return item.required
    if item.kind != ItemKind.TABLE or not isinstance(given.value, tuple):
        return False
    cells = {column.id for column in item.columns if column.required}
    return (item.required and not given.value) or any(cells - set(row) for row in given.value)


def _tested(when: When, found: Given | Decimal | None) -> bool | None:
    if isinstance(found, Given):
        if not found.applies:
            return False
        value = None if found.is_unknown else found.value
    else:
        value = found
    if value is None:
        return None
    if when.among:
        chosen = value if isinstance(value, tuple) else (value,)
        return any(one in when.among for one in chosen)
    if not isinstance(value, Decimal):
        return None
    return _is_within(when, value)


def _is_within(when: When, value: Decimal) -> bool:
    return (
        (when.at_least is None or value >= when.at_least)
        and (when.above is None or value > when.above)
        and (when.at_most is None or value <= when.at_most)
        and (when.below is None or value < when.below)
    )


def _every(parts: Iterable[bool | None]) -> bool | None:
    """False as soon as one fails, whatever is not known; True when all hold."""
    verdicts = set(parts)
    if False in verdicts:
        return False
    return None if None in verdicts else True


def _not(verdict: bool | None) -> bool | None:
    return None if verdict is None else not verdict
