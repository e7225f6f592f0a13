"""The closed list of what scores compute by code, for no table of a file could say it."""

from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal

from virage.instruments.rules import aggir
from virage.instruments.rules.instrument import Function
from virage.instruments.rules.numbers import said

Values = Sequence[object]


def _adverbs(values: Values, version: str) -> Decimal | None:
    """Return what a gesture of AGGIR is worth, 0 (A) to 2 (C), from the adverbs true of it."""
    (chosen,) = values
    if not isinstance(chosen, tuple):
        return None
    return Decimal(aggir.LETTERS.index(aggir.adverbs(version).worth[len(chosen)]))


def _aggir(worths: Values, version: str) -> Decimal | None:
    """Return the GIR of eight variables worth 0 (A) to 2 (C); none as long as one lacks."""
    known = [one for one in worths if isinstance(one, Decimal) and one in (0, 1, 2)]
    if len(known) < len(worths):
        return None
    return Decimal(aggir.gir_of([aggir.LETTERS[int(one)] for one in known], version).gir)


def _body_mass_index(values: Values, _version: str) -> Decimal | None:
    """Return kg/m² from a weight in kg and a height in cm."""
    weight, height = values
    if not isinstance(weight, Decimal) or not isinstance(height, Decimal) or not height:
        return None
    return weight / (height / 100) ** 2


def _percent_lost(values: Values, _version: str) -> Decimal | None:
    """Return how much of a former weight was lost, in percent; less than 0 when gained."""
    now, before = values
    if not isinstance(now, Decimal) or not isinstance(before, Decimal) or not before:
        return None
    return 100 * (before - now) / before


# Each computes on values, in order, by a version of the table of the law that it reads, if any.
FUNCTIONS: Mapping[Function, Callable[[Values, str], Decimal | None]] = {
    Function.ADVERBS: _adverbs,
    Function.AGGIR: _aggir,
    Function.BODY_MASS_INDEX: _body_mass_index,
    Function.PERCENT_LOST: _percent_lost,
}


def worded(function: Function, values: Values, version: str) -> str:
    """Say how a function computed a value, in a sentence."""
    numbers = [one for one in values if isinstance(one, Decimal)]
    match function:
        case Function.ADVERBS:
            return aggir.adverbs_told(version)
        case Function.AGGIR:
            return (
                "Le calcul de la loi, groupe après groupe, sur les lettres A (0), B (1), C (2)"
                f"\u00a0; table {version}."
            )
        case Function.BODY_MASS_INDEX:
            weight, height = said(numbers[0]), said(numbers[1] / 100)
            return (
                f"Le poids (kg) divisé par le carré de la taille (m)\u00a0: {weight} ÷ {height}²."
            )
        case Function.PERCENT_LOST:
            now, before = map(said, numbers)
            return (
                f"La part du poids d’avant qui a été perdue\u00a0: ({before} − {now}) ÷ {before}."
            )
