"""What the record knows of a question: a few ids mean the same in every instrument.

`weight` (kg) and `height` (cm) are measures, `weight_1_month` and `weight_6_months` former weights,
`is_70` and `is_18` ages. They are proposed in words, and answer nothing.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from virage.formats.tddui.record import Answer
from virage.instruments.rules.given import Answers, Given, asked
from virage.instruments.rules.instrument import Instrument, Plausible
from virage.instruments.rules.items import Item, ItemKind
from virage.instruments.rules.numbers import said
from virage.instruments.rules.scoring import scored
from virage.instruments.rules.sheet import told

MEASURES = {"weight": "kg", "height": "cm"}
# How many days ago a former weight is asked, and how many more or less will do.
FORMER = {"weight_1_month": (30, 7), "weight_6_months": (182, 15)}
AGES = {"is_70": 70, "is_18": 18}


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
    instrument: Instrument,
    answers: Answers,
    measures: Iterable[Measure],
    age: int | None,
    day: date,
) -> dict[str, str]:
    """Return what is known, on the day of an evaluation, of the questions of an instrument, in
    words, by item. A former weight says what was lost since, where today's is answered.
    """
    latest_first = sorted(measures, key=lambda one: one.day, reverse=True)
    items = instrument.items
    found: dict[str, str] = {}
    for name, unit in MEASURES.items():
        taken = [one for one in latest_first if one.item == name and one.day <= day]
        if taken and _measures(items.get(name), unit):
            value = _worded(items[name], taken[0])
            found[name] = f"{value}, dernière valeur connue, du {taken[0].day:%d/%m/%Y}."
    weights = [one for one in latest_first if one.item == "weight"]
    for name, (days, margin) in FORMER.items():
        near = _nearest(weights, day - timedelta(days=days), margin)
        if near and _measures(items.get(name), MEASURES["weight"]):
            weighed = f"{_worded(items[name], near)}, pesée du {near.day:%d/%m/%Y}."
            since = _counted_with(instrument, answers, name, near)
            found[name] = " ".join([weighed, *since])
    for name, years in AGES.items():
        if age is not None and name in items and items[name].is_yes_or_no:
            answer = items[name].by_option["yes" if age >= years else "no"].label
            found[name] = f"«\u00a0{answer}\u00a0», d’après la date de naissance."
    return found


def proposed_anew(
    proposed: Mapping[str, str],
    instrument: Instrument,
    answers: Answers,
    measures: Iterable[Measure],
    day: date,
) -> dict[str, str]:
    """Return what was proposed on a sheet, its measures as they are known on another day, or with
    other answers.
    """
    others = {name: words for name, words in proposed.items() if name not in MEASURES | FORMER}
    return others | proposals(instrument, answers, measures, None, day)


def doubts(
    instrument: Instrument, answers: Answers, measures: Iterable[Measure], day: date
) -> dict[str, str]:
    """Return the numbers answered that are to be confirmed, and why, by item.

    A change is from the measure of the same item nearest to the day of the evaluation.
    """
    known = list(measures)
    items = asked(instrument, answers)
    found = {}
    for one in instrument.plausible:
        given = answers.get(one.of)
        if one.of in items and given and isinstance(given.value, Decimal):
            same = [measure for measure in known if measure.item == one.of]
            near = _nearest(same, day, one.within_days)
            reasons = "\u00a0; ".join(_reasons(one, items[one.of], given.value, near))
            if reasons:
                found[one.of] = f"«\u00a0{items[one.of].label}\u00a0»\u00a0: {reasons}."
    return found


def _reasons(usual: Plausible, item: Item, value: Decimal, near: Measure | None) -> Iterator[str]:
    """Say why a number is out of what is usual."""
    now = told(item, Given(value))
    if usual.at_least is not None and value < usual.at_least:
        yield f"{now}, moins que {said(usual.at_least)}"
    if usual.at_most is not None and value > usual.at_most:
        yield f"{now}, plus que {said(usual.at_most)}"
    if near and usual.change is not None and abs(value - near.value) > usual.change:
        more = "de plus" if value > near.value else "de moins"
        gap = told(item, Given(abs(value - near.value)))
        before = told(item, Given(near.value))
        yield f"{now}, soit {gap} {more} que le {near.day:%d/%m/%Y} ({before})"


def _counted_with(
    instrument: Instrument, answers: Answers, name: str, near: Measure
) -> Iterator[str]:
    """Say what each score that a function computes on a former measure would be with it."""
    would_be = scored(instrument, {**answers, name: Given(near.value)})
    for one in would_be.values():
        if one.score.function and name in one.score.of and one.value is not None:
            figure = f"{said(one.value)} {one.score.unit}".strip()
            meaning = f", {one.band.label[:1].lower()}{one.band.label[1:]}" if one.band else ""
            yield f"{one.score.label}\u00a0: {figure}{meaning}. {one.because}"


def _measures(item: Item | None, unit: str) -> bool:
    return item is not None and item.kind == ItemKind.NUMBER and item.unit == unit


def _nearest(measures: Sequence[Measure], day: date, margin: int) -> Measure | None:
    """Return the measure nearest to a day, within so many days of it."""
    within = [one for one in measures if abs((one.day - day).days) <= margin]
    return min(within, key=lambda one: abs((one.day - day).days), default=None)


def _worded(item: Item, measure: Measure) -> str:
    return f"«\u00a0{told(item, Given(measure.value))}\u00a0»"
