"""What the record knows of a question: a few ids mean the same in every instrument.

`weight` (kg) and `height` (cm) are measures, `weight_1_month` and `weight_6_months` former weights,
`is_70` an age. They are proposed in words, and answer nothing.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from virage.formats.tddui.record import Answer
from virage.instruments.rules.given import Given
from virage.instruments.rules.instrument import Instrument
from virage.instruments.rules.items import Item, ItemKind
from virage.instruments.rules.sheet import told

MEASURES = {"weight": "kg", "height": "cm"}
# How many days ago a former weight is asked, and how many more or less will do.
FORMER = {"weight_1_month": (30, 7), "weight_6_months": (182, 15)}
AGES = {"is_70": 70}


@dataclass(frozen=True)
class Measure:
    """A measure taken on a day; `item` is the id that it was answered under."""

    item: str
    value: Decimal
    day: date


def measures_in(answers: Sequence[Answer], day: date) -> Iterator[Measure]:
    """Give the measures among the answers of an evaluation."""
    for line in answers:
        is_number = isinstance(line.value, int | Decimal) and not isinstance(line.value, bool)
        if line.link_id in MEASURES and is_number:
            yield Measure(line.link_id, Decimal(str(line.value)), day)
        yield from measures_in(line.children, day)


def takes_measures(instrument: Instrument) -> bool:
    """Whether it asks for a measure that other instruments ask for too."""
    return any(_measures(instrument.items.get(name), unit) for name, unit in MEASURES.items())


def proposals(
    instrument: Instrument, measures: Iterable[Measure], age: int | None, today: date
) -> dict[str, str]:
    """Return what is known of the questions of an instrument, in words, by item."""
    latest_first = sorted(measures, key=lambda one: one.day, reverse=True)
    items = instrument.items
    found: dict[str, str] = {}
    for name, unit in MEASURES.items():
        taken = [one for one in latest_first if one.item == name]
        if taken and _measures(items.get(name), unit):
            value = _worded(items[name], taken[0])
            found[name] = f"{value}, dernière valeur connue, du {taken[0].day:%d/%m/%Y}."
    weights = [one for one in latest_first if one.item == "weight"]
    for name, (days, margin) in FORMER.items():
        near = _nearest(weights, today - timedelta(days=days), margin)
        if near and _measures(items.get(name), MEASURES["weight"]):
            found[name] = f"{_worded(items[name], near)}, pesée du {near.day:%d/%m/%Y}."
    for name, years in AGES.items():
        if age is not None and name in items and items[name].is_yes_or_no:
            answer = items[name].by_option["yes" if age >= years else "no"].label
            found[name] = f"«\u00a0{answer}\u00a0», d’après la date de naissance."
    return found


def _measures(item: Item | None, unit: str) -> bool:
    return item is not None and item.kind == ItemKind.NUMBER and item.unit == unit


def _nearest(measures: Sequence[Measure], day: date, margin: int) -> Measure | None:
    """Return the measure nearest to a day, within so many days of it."""
    within = [one for one in measures if abs((one.day - day).days) <= margin]
    return min(within, key=lambda one: abs((one.day - day).days), default=None)


def _worded(item: Item, measure: Measure) -> str:
    return f"«\u00a0{told(item, Given(measure.value))}\u00a0»"
