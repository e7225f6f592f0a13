"""Which answers leave something to do: of those alone an action is made."""

from collections.abc import Iterable

from virage.instruments.rules.answers import Line
from virage.instruments.rules.instrument import Direction, Instrument
from virage.instruments.rules.items import Item, ItemKind


def to_act_on(instrument: Instrument, lines: Iterable[Line]) -> frozenset[str]:
    """Return the questions, among all those of an instrument, whose answer in words leaves
    something to do: neither one of which its file says that it leaves nothing, nor the best that a
    sum counts.
    """
    told: dict[str, set[str]] = {}
    for line in _every(lines):
        told.setdefault(line.id, set()).add(line.value)
    return frozenset(
        item.id
        for item in instrument.items.values()
        if not _is_settled(instrument, item, told.get(item.id, set()))
    )


def _is_settled(instrument: Instrument, item: Item, told: set[str]) -> bool:
    chosen = {option.id for option in item.options if option.label in told}
    if item.kind == ItemKind.MULTIPLE:
        return bool(item.nothing_to_do) and chosen >= set(item.nothing_to_do)
    return bool(chosen & {*item.nothing_to_do, *_best(instrument, item)})


def _best(instrument: Instrument, item: Item) -> set[str]:
    """Return the best options of a choice, where a sum that says which way is better counts it."""
    for score in instrument.scores:
        if item.id in score.of and item.points and score.direction and not score.weights:
            is_high = score.direction == Direction.HIGHER_IS_BETTER
            best = item.points[-1 if is_high else 0]
            return {option.id for option in item.options if option.points == best}
    return set()


def _every(lines: Iterable[Line]) -> Iterable[Line]:
    for line in lines:
        yield line
        yield from _every(line.lines)
