"""What an instrument asks, and how its answers are counted: the type of its content files.

A version is one file, `content/instruments/<id>/<version>.yaml`. Its ids stand for ever: answers
and results are stored under them.
"""

from collections.abc import Container, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from enum import StrEnum
from functools import cached_property

from virage.foundation.access.enums import Volet
from virage.instruments.rules.aggir import FIRST
from virage.instruments.rules.item_faults import MOST_DECIMALS, are_finite, faults_of_item
from virage.instruments.rules.items import COMMENT, Group, Item, ItemKind, When, first_twice

# What a sum may count.
COUNTED = (ItemKind.CHOICE, ItemKind.MULTIPLE, ItemKind.NUMBER)
# How far off an evaluation may be due again.
MOST_DAYS = 3_660
DAYS = range(1, MOST_DAYS + 1)
# Those of a gesture of AGGIR: spontaneously, totally, correctly, usually.
ADVERBS = 4


class Function(StrEnum):
    """The closed list of what is computed by code, for no table of a file could say it."""

    ADVERBS = "adverbs"
    AGGIR = "aggir"
    BODY_MASS_INDEX = "body_mass_index"
    PERCENT_LOST = "percent_lost"

    @property
    def takes(self) -> int:
        """How many values it computes on, in its order."""
        return {"adverbs": 1, "aggir": 8, "body_mass_index": 2, "percent_lost": 2}[self.value]


# Those that read a table of the law, and its folder in `content/aggir`.
TABLES = {Function.ADVERBS: "adverbs", Function.AGGIR: "groups"}


class Direction(StrEnum):
    """Whether a higher score is better or worse; "" where neither is."""

    HIGHER_IS_BETTER = "higher_is_better"
    HIGHER_IS_WORSE = "higher_is_worse"
    NEITHER = ""


@dataclass(frozen=True, kw_only=True)
class Band:
    """What a score means from a value on; `tone` is that of the interface.

    `again_after_days` makes the instrument due again sooner.
    """

    at_least: Decimal
    label: str
    advice: str = ""
    tone: str = ""
    again_after_days: int | None = None


@dataclass(frozen=True, kw_only=True)
class Row:
    """One line of a table: when it holds, the value, and why it is so."""

    when: When
    value: Decimal
    because: str = ""


@dataclass(frozen=True, kw_only=True)
class Score:
    """A number made of answers, or of scores written before it (`of`), in one of three ways.

    - a sum of the points of options, the values of numbers and other scores, each by its weight
      (1 when not said), `in_percent` of the most that those which apply could give;
    - `rows`: the value of the first that holds, else `otherwise`;
    - a `function` of `of`, in its order.

    `caps` are the most that it may be, where they hold. « Je ne sais pas » leaves it without a
    value, counts as the worst answer (`unknown_is_worst`), or for nothing (`unknown_is_left_out`).
    """

    id: str
    label: str
    of: tuple[str, ...] = ()
    weights: dict[str, Decimal] | None = None
    in_percent: bool = False
    rows: tuple[Row, ...] = ()
    otherwise: Decimal | None = None
    function: Function | None = None
    caps: tuple[Row, ...] = ()
    direction: Direction = Direction.NEITHER
    unknown_is_worst: bool = False
    unknown_is_left_out: bool = False
    unit: str = ""
    decimals: int = 0
    bands: tuple[Band, ...] = ()

    def band(self, value: Decimal) -> Band | None:
        """Return what a value means: the band with the highest threshold reached."""
        reached = [band for band in self.bands if band.at_least <= value]
        return max(reached, key=lambda band: band.at_least, default=None)


@dataclass(frozen=True, kw_only=True)
class Plausible:
    """What the number of an item is as a rule: within bounds, and within `change` of the one known
    `within_days` before or after. Out of it, one is asked to confirm; nothing is refused.
    """

    of: str
    at_least: Decimal | None = None
    at_most: Decimal | None = None
    change: Decimal | None = None
    within_days: int = 0


@dataclass(frozen=True, kw_only=True)
class Instrument:
    """A version of an instrument. `answered_by` are professions of the matrix of rights.

    Its answers go to `volet`, or to the one where the profession that answers writes (`volet_by`).
    `is_total_only`: its questions are not shipped, for a licence holds them; a total within its
    bounds is written down, with the sheet filled in elsewhere. In force from `valid_from`, or from
    ever, to `valid_until` or the next version. `again_after_days` says when it is due again.
    `results` are the scores that it is read by, the last one when not said. `tables` are the
    versions of the tables of the law that its functions read, the first ones when not said.
    """

    id: str
    version: str
    title: str
    summary: str
    source: str
    licence: str
    volet: Volet
    answered_by: tuple[str, ...]
    volet_by: Mapping[str, Volet] = field(default_factory=dict)
    groups: tuple[Group, ...]
    scores: tuple[Score, ...] = ()
    results: tuple[str, ...] = ()
    valid_from: date | None = None
    valid_until: date | None = None
    again_after_days: int | None = None
    plausible: tuple[Plausible, ...] = ()
    tables: Mapping[Function, str] = field(default_factory=dict)
    is_total_only: bool = False
    notices: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        if faults := list(_faults_of(self)):
            raise ValueError("\u00a0; ".join(faults))

    @property
    def name(self) -> str:
        """This version among all those shipped: `<id>/<version>`."""
        return f"{self.id}/{self.version}"

    @cached_property
    def items(self) -> dict[str, Item]:
        """Every item by id, in the order asked."""
        return {item.id: item for group in self.groups for item in group.items}

    def table_of(self, function: Function) -> str:
        """Return the version of the table of the law that a function reads."""
        return self.tables.get(function, FIRST)

    def volet_of(self, profession: str) -> Volet:
        """Return where the answers of this profession go."""
        return self.volet_by.get(profession, self.volet)

    @cached_property
    def scores_by_id(self) -> dict[str, Score]:
        """Every score by id, in the order computed."""
        return {score.id: score for score in self.scores}

    @cached_property
    def read_by(self) -> tuple[str, ...]:
        """The ids of the scores that it is read by."""
        return self.results or tuple(score.id for score in self.scores[-1:])


def _faults_of(instrument: Instrument) -> Iterator[str]:
    """Say in French what makes a file unanswerable, or its scores meaningless."""
    known: dict[str, Item] = {}
    yield from _faults_of_questions(instrument, known)
    if not instrument.answered_by:
        yield "aucune profession ne répond"
    bands = [band for score in instrument.scores for band in score.bands]
    days = [instrument.again_after_days, *(band.again_after_days for band in bands)]
    if not set(days) <= {None, *DAYS}:
        yield f"à refaire\u00a0: de 1 à {MOST_DAYS} jours"
    if lost := instrument.tables.keys() - TABLES.keys():
        yield f"«\u00a0{min(lost)}\u00a0» ne lit aucune table de la loi"
    if not instrument.volet_by.keys() <= set(instrument.answered_by):
        yield "un volet à part va à une profession qui répond"
    if instrument.is_total_only and not _is_a_total(list(known.values())):
        yield "un total seul est un nombre obligatoire, avec ses deux bornes"
    for score in instrument.scores:
        if score.id in known:
            yield f"l’identifiant «\u00a0{score.id}\u00a0» revient"
        yield from _faults_of_score(score, known)
        most = Decimal(100)  # what an average of scores in percent weighs them by
        known[score.id] = Item(id=score.id, label=score.label, kind=ItemKind.NUMBER, at_most=most)
    yield from _faults_of_plausible(instrument)
    for name in sorted(set(instrument.results) - {score.id for score in instrument.scores}):
        yield f"le résultat «\u00a0{name}\u00a0» n’est pas un score"
    start, end = instrument.valid_from, instrument.valid_until
    if start and end and end < start:
        yield "la version finit avant de commencer"


def _faults_of_questions(instrument: Instrument, known: dict[str, Item]) -> Iterator[str]:
    """Say what no form could ask, or asks too early; `known` receives each question, in order."""
    items = [item for group in instrument.groups for item in group.items]
    ids = [COMMENT.id, *(one.id for item in items for one in (item, *item.columns))]
    if twice := first_twice([*ids, *(group.id for group in instrument.groups)]):
        yield f"l’identifiant «\u00a0{twice}\u00a0» revient"
    opened = {""}
    for group in instrument.groups:
        yield from _faults_of_when(group.when, known, group.id)
        yield from _faults_of_place(group.within, opened | _homes(known), group.id)
        opened.add(group.id)
        for item in group.items:
            yield from faults_of_item(item)
            yield from _faults_of_when(item.when, known, item.id)
            yield from _faults_of_place(item.under, {""} | _homes(known), item.id)
            known[item.id] = item


def _is_a_total(items: list[Item]) -> bool:
    if len(items) != 1:
        return False
    total = items[0]
    has_bounds = total.at_least is not None and total.at_most is not None
    return total.kind == ItemKind.NUMBER and total.required and has_bounds


def _faults_of_plausible(instrument: Instrument) -> Iterator[str]:
    """Say which number could never be confirmed, or always would be."""
    if twice := first_twice(one.of for one in instrument.plausible):
        yield f"«\u00a0{twice}\u00a0» est deux fois ce qui est courant"
    for one in instrument.plausible:
        place = f"«\u00a0{one.of}\u00a0»"
        item = instrument.items.get(one.of)
        if item is None or item.kind != ItemKind.NUMBER:
            yield f"{place} n’est pas un nombre demandé"
        if not are_finite(one.at_least, one.at_most, one.change):
            yield f"{place}\u00a0: un nombre n’est pas fini"
        elif one.at_least is not None and one.at_most is not None and one.at_least > one.at_most:
            yield f"{place} a un minimum au-dessus de son maximum"
        elif (one.change is not None) != (one.within_days in DAYS) or (one.change or 0) < 0:
            yield f"{place}\u00a0: un écart courant a sa durée, de 1 à {MOST_DAYS} jours"


def _faults_of_when(when: When | None, known: dict[str, Item], place: str) -> Iterator[str]:
    """Say which condition tests what is asked later, or an option that no item has."""
    if when is None:
        return
    if when.of and when.of not in known:
        yield f"«\u00a0{place}\u00a0»\u00a0: «\u00a0{when.of}\u00a0» n’est pas demandé avant"
    elif when.of and (lost := set(when.among) - known[when.of].by_option.keys()):
        yield f"«\u00a0{place}\u00a0»\u00a0: pas d’option «\u00a0{min(lost)}\u00a0»"
    elif not are_finite(when.at_least, when.above, when.at_most, when.below):
        yield f"«\u00a0{place}\u00a0»\u00a0: un seuil n’est pas fini, ou a trop de chiffres"
    elif when.compares and known[when.of].kind != ItemKind.NUMBER:
        yield f"«\u00a0{place}\u00a0»\u00a0: «\u00a0{when.of}\u00a0» n’est pas un nombre"
    for part in (*when.every, *when.either):
        yield from _faults_of_when(part, known, place)


def _homes(known: Mapping[str, Item]) -> set[str]:
    """Return what others may stand under: not a table, each of whose rows is an answer."""
    return {name for name, item in known.items() if item.kind != ItemKind.TABLE}


def _faults_of_place(above: str, before: Container[str], place: str) -> Iterator[str]:
    """Say what stands under a question, or within a group, that is not before it."""
    if above not in before:
        said = "n’est pas avant, ou est un tableau"
        yield f"«\u00a0{place}\u00a0»\u00a0: «\u00a0{above}\u00a0» {said}"


def _faults_of_score(score: Score, known: dict[str, Item]) -> Iterator[str]:
    """Say what it counts or tests in vain; `known` holds each score before it, as a number."""
    place = f"«\u00a0{score.id}\u00a0»"
    for name in sorted({*score.of, *(score.weights or ())} - known.keys()):
        yield f"{place}\u00a0: «\u00a0{name}\u00a0» n’existe pas"
    for name in score.of:
        if name in known and not score.function and known[name].kind not in COUNTED:
            yield f"{place}\u00a0: «\u00a0{name}\u00a0» ne se compte pas"
    for row in (*score.rows, *score.caps):
        yield from _faults_of_when(row.when, known, score.id)
    if score.function:
        yield from _faults_of_function(score, score.function, known)
    yield from _faults_of_numbers(score, known)
    if bool(score.of) == bool(score.rows):
        yield f"{place}\u00a0: un score additionne, ou se lit dans une table"
    if score.unknown_is_worst and score.direction == Direction.NEITHER:
        yield f"{place}\u00a0: dites dans quel sens il est le pire"
    if score.unknown_is_worst and score.unknown_is_left_out:
        yield f"{place}\u00a0: «\u00a0je ne sais pas\u00a0» est le pire, ou ne compte pas"
    yield from _faults_of_unknown(score, known)
    if twice := first_twice(band.at_least for band in score.bands):
        yield f"{place}\u00a0: deux lectures à partir de {twice}"


def _faults_of_function(
    score: Score, function: Function, known: Mapping[str, Item]
) -> Iterator[str]:
    """Say what a function cannot compute on."""
    place = f"«\u00a0{score.id}\u00a0»"
    if len(score.of) != function.takes:
        yield f"{place}\u00a0: valeurs attendues par la fonction\u00a0: {function.takes}"
    for item in (known[name] for name in score.of if name in known):
        is_fit = item.kind == ItemKind.NUMBER
        if function == Function.ADVERBS:
            is_fit = item.kind == ItemKind.MULTIPLE and len(item.options) == ADVERBS
        if not is_fit:
            yield f"{place}\u00a0: la fonction ne se calcule pas sur «\u00a0{item.id}\u00a0»"


def _faults_of_numbers(score: Score, known: Mapping[str, Item]) -> Iterator[str]:
    """Say which number of a score is not one, or counts for nothing."""
    place = f"«\u00a0{score.id}\u00a0»"
    weights = score.weights or {}
    if name := first_twice(score.of):
        yield f"{place}\u00a0: «\u00a0{name}\u00a0» compte deux fois"
    values = [row.value for row in (*score.rows, *score.caps)]
    bands = [band.at_least for band in score.bands]
    if not are_finite(score.otherwise, *weights.values(), *values, *bands):
        yield f"{place}\u00a0: un nombre n’est pas fini, ou a trop de chiffres"
    if score.decimals not in range(MOST_DECIMALS + 1):
        yield f"{place} a de 0 à {MOST_DECIMALS} décimales"
    if not weights.keys() <= set(score.of) or (weights and not any(weights.values())):
        yield f"{place}\u00a0: un poids va avec ce qui est compté, et n’est pas nul partout"
    if score.otherwise is not None and not score.rows:
        yield f"{place}\u00a0: «\u00a0otherwise\u00a0» va avec une table"
    if score.in_percent and (score.rows or score.function):
        yield f"{place}\u00a0: une somme seule est en pour cent"
    for item in (known[name] for name in score.of if score.in_percent and name in known):
        if item.kind == ItemKind.NUMBER and item.at_most is None:
            yield f"{place}\u00a0: «\u00a0{item.id}\u00a0» n’a pas de maximum, en pour cent"


def _faults_of_unknown(score: Score, known: dict[str, Item]) -> Iterator[str]:
    """Say where « je ne sais pas » has no worst: in a function, for a number without bounds."""
    place = f"«\u00a0{score.id}\u00a0»"
    if score.function and (score.unknown_is_worst or score.unknown_is_left_out):
        yield f"{place}\u00a0: «\u00a0je ne sais pas\u00a0» n’a pas de valeur dans une fonction"
    for item in (known[name] for name in score.of if name in known):
        is_bounded = item.at_least is not None and item.at_most is not None
        is_open = item.kind == ItemKind.NUMBER and item.may_be_unknown and not is_bounded
        if score.unknown_is_worst and is_open:
            yield f"{place}\u00a0: «\u00a0{item.id}\u00a0» sans bornes n’a pas de pire réponse"
