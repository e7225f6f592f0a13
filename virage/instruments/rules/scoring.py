"""Scores: what the answers are worth, and how each number was made.

Nothing is guessed: what lacks a required answer has no value and says what is missing.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from decimal import MAX_PREC, ROUND_HALF_UP, Context, Decimal

from virage.instruments.rules.functions import FUNCTIONS, worded
from virage.instruments.rules.given import Answers, Given, Known, asked, holds
from virage.instruments.rules.grounds import grounds_of
from virage.instruments.rules.instrument import Band, Direction, Instrument, Row, Score
from virage.instruments.rules.items import Item, ItemKind
from virage.instruments.rules.numbers import said
from virage.instruments.rules.sheet import told


@dataclass(frozen=True)
class Term:
    """One line of a calculation: what counted, as said, its points and by how much it weighs.

    `most` is what it could have given at the most, where the whole is in percent.
    """

    label: str
    points: Decimal
    told: str = ""
    weight: Decimal = Decimal(1)
    most: Decimal = Decimal(100)

    @property
    def counted(self) -> str:
        """What it counts for, as a calculation: « 3 », « 3 × 2 = 6 »."""
        if not self.weight:
            return "non compté"
        if self.weight == 1:
            return said(self.points)
        return f"{said(self.points)} × {said(self.weight)} = {said(self.points * self.weight)}"


@dataclass(frozen=True)
class Scored:
    """A score computed, or why it is not: `missing` says what has no answer.

    Without a value and without anything missing, no question applied, or none was known. `exact`
    is what conditions and readings are judged on, `value` what is shown. A sum is made of `terms`;
    `grounds` say in words what a table or a function looked at, `computed` how a function did.
    `row` is that of its table which gave the value, `cap` what held it down.
    """

    score: Score
    exact: Decimal | None = None
    terms: tuple[Term, ...] = ()
    grounds: tuple[str, ...] = ()
    missing: tuple[str, ...] = ()
    computed: str = ""
    row: Row | None = None
    cap: Row | None = None

    @property
    def value(self) -> Decimal | None:
        """The number shown: the exact one, to the decimals of the score."""
        return None if self.exact is None else _rounded(self.exact, self.score.decimals)

    @property
    def band(self) -> Band | None:
        """What it means, by the exact number: 21.997, shown as 22.00, is below 22."""
        return None if self.exact is None else self.score.band(self.exact)

    @property
    def because(self) -> str:
        """Why a table or a function gave it, in a sentence; "" where its grounds say enough."""
        if self.exact is None:
            return ""
        if self.score.function:
            return self.computed
        if self.row:
            return self.row.because
        return "Aucun des cas de la table n’est rempli." if self.score.rows else ""


def scored(instrument: Instrument, answers: Answers) -> dict[str, Scored]:
    """Return every score of these answers, by id, in the order of the file."""
    sheet = _Sheet(instrument, answers)
    for score in instrument.scores:
        sheet.results[score.id] = sheet.count(score)
    return sheet.results


class _Sheet:
    """The answers that count, and the scores computed so far."""

    def __init__(self, instrument: Instrument, answers: Answers) -> None:
        self.instrument = instrument
        self.items = asked(instrument, answers)
        self.given = {name: answers[name] for name in self.items if name in answers}
        self.results: dict[str, Scored] = {}

    def count(self, score: Score) -> Scored:
        """Compute one score."""
        if missing := tuple(dict.fromkeys(self._missing(score))):
            return Scored(score, missing=missing)
        is_sum = not score.rows and not score.function
        terms = tuple(self._terms(score)) if is_sum else ()
        row = self._row(score)
        value = self._value(score, terms, row)
        if value is None:
            return Scored(score)
        grounds = () if is_sum else tuple(self._grounds(score, row))
        caps = [row for row in score.caps if self._holds_down(score, row)]
        cap = min(caps, key=lambda row: row.value, default=None)
        if cap and cap.value >= value:
            cap = None
        counted, computed = cap.value if cap else value, self._computed(score)
        return Scored(score, counted, terms, grounds, computed=computed, row=row, cap=cap)

    def _missing(self, score: Score) -> Iterator[str]:
        """Give the labels of what the score needs and has not."""
        for name in score.of:
            yield from self._lacking(score, name)
        for row in score.rows:
            yield from self._lacking_for(score, row)
            if self._is_met(row):
                break
        for row in score.caps:
            yield from self._lacking_for(score, row)

    def _lacking_for(self, score: Score, row: Row) -> Iterator[str]:
        if self._is_met(row) is None:
            for name in row.when.mentioned:
                yield from self._lacking(score, name)

    def _lacking(self, score: Score, name: str) -> Iterator[str]:
        if name in self.results:
            yield from self.results[name].missing
        elif name in self.items:
            item, given = self.items[name], self.given.get(name)
            is_counted = score.unknown_is_worst or score.unknown_is_left_out
            is_unknown = given is not None and given.is_unknown and not is_counted
            if is_unknown or (given is None and item.required):
                yield item.label

    def _row(self, score: Score) -> Row | None:
        """Return the first row that holds; None for what is otherwise.

        Where what is not known is the worst, it is the worst that may come out.
        """
        may_hold: list[Row | None] = []
        for row in score.rows:
            met = self._is_met(row)
            if met or (met is None and score.unknown_is_worst):
                may_hold.append(row)
            if met:
                break
        else:
            may_hold.append(None)
        sign = -1 if score.direction == Direction.HIGHER_IS_BETTER else 1
        return max(may_hold, key=lambda row: sign * (row.value if row else score.otherwise or 0))

    def _holds_down(self, score: Score, cap: Row) -> bool:
        """Whether a cap holds; where what is not known is the worst, when being held down is."""
        met = self._is_met(cap)
        if met is None and score.unknown_is_worst:
            return score.direction == Direction.HIGHER_IS_BETTER
        return bool(met)

    def _value(self, score: Score, terms: tuple[Term, ...], row: Row | None) -> Decimal | None:
        if score.function:
            version = self.instrument.table_of(score.function)
            return FUNCTIONS[score.function](list(self._values(score)), version)
        if score.rows:
            return row.value if row else score.otherwise
        if not any(term.weight for term in terms):
            return None
        total = sum((term.points * term.weight for term in terms), Decimal(0))
        if not score.in_percent:
            return total
        most = sum((term.most * term.weight for term in terms), Decimal(0))
        return 100 * total / most if most else None

    def _computed(self, score: Score) -> str:
        """Say how a function computed the value of a score that has one."""
        if score.function is None:
            return ""
        version = self.instrument.table_of(score.function)
        return worded(score.function, list(self._values(score)), version)

    def _terms(self, score: Score) -> Iterator[Term]:
        for name in score.of:
            weight = (score.weights or {}).get(name, Decimal(1))
            if before := self.results.get(name):
                if before.value is not None:
                    yield Term(before.score.label, before.value, weight=weight)
            elif (given := self.given.get(name)) and given.applies:
                yield _term(score, self.items[name], given, weight)

    def _values(self, score: Score) -> Iterator[object]:
        """Give what a function works on: the value of each score or answer, None when absent."""
        for name in score.of:
            found = self.results.get(name) or self.given.get(name)
            yield found.value if found else None

    def _grounds(self, score: Score, row: Row | None) -> Iterator[str]:
        """Give the tests of the row that decided; or all that was looked at, when none did."""
        if row:
            yield from dict.fromkeys(grounds_of(row.when, self._known(), self._told))
            return
        looked_at = [name for one in score.rows for name in one.when.mentioned]
        for name in dict.fromkeys([*score.of, *looked_at]):
            if name in self.given or name in self.results:
                yield self._told(name)

    def _told(self, name: str) -> str:
        """Say an answer or a score counted before, with its label."""
        if before := self.results.get(name):
            if before.value is None:
                return f"{before.score.label}\u00a0: sans valeur"
            meaning = f", {before.band.label}" if before.band else ""
            figure = f"{said(before.value)} {before.score.unit}".strip()
            return f"{before.score.label}\u00a0: {figure}{meaning}"
        item, given = self.items[name], self.given.get(name)
        words = told(item, replace(given, comment="")) if given else "sans réponse"
        return f"{item.label}\u00a0: {words}"

    def _is_met(self, row: Row) -> bool | None:
        return holds(row.when, self._known())

    def _known(self) -> Known:
        known: dict[str, Given | Decimal | None] = {}
        known |= {name: None for name, item in self.items.items() if item.required}
        known |= self.given
        known |= {name: one.exact for name, one in self.results.items()}
        return known


def _term(score: Score, item: Item, given: Given, weight: Decimal) -> Term:
    least, most = _extent(item)
    if given.is_unknown and score.unknown_is_left_out:
        return Term(item.label, Decimal(0), "je ne sais pas", Decimal(0), most)
    if given.is_unknown:
        is_better_high = score.direction == Direction.HIGHER_IS_BETTER
        points = least if is_better_high == (weight >= 0) else most
        return Term(item.label, points, "je ne sais pas", weight, most)
    if isinstance(given.value, Decimal):
        return Term(item.label, given.value, "", weight, most)
    chosen = given.value if isinstance(given.value, tuple) else (given.value,)
    options = [item.by_option[one] for one in chosen if isinstance(one, str)]
    points = sum((option.points or Decimal(0) for option in options), Decimal(0))
    return Term(item.label, points, ", ".join(one.label for one in options), weight, most)


def _extent(item: Item) -> tuple[Decimal, Decimal]:
    """Return the least and the most points that an answer can give."""
    if item.kind == ItemKind.NUMBER:
        return item.at_least or Decimal(0), item.at_most or Decimal(0)
    points = [option.points or Decimal(0) for option in item.options] or [Decimal(0)]
    if item.kind == ItemKind.MULTIPLE:
        return (
            sum((one for one in points if one < 0), Decimal(0)),
            sum((one for one in points if one > 0), Decimal(0)),
        )
    return min(points), max(points)


def _rounded(value: Decimal, decimals: int) -> Decimal:
    # However many digits it has: a mass index may be large, of a height typed wrong.
    return value.quantize(Decimal(1).scaleb(-decimals), ROUND_HALF_UP, Context(prec=MAX_PREC))
