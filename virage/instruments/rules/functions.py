"""The closed list of what scores compute by code, for no table of a file could say it."""

from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal

from virage.instruments.rules import aggir
from virage.instruments.rules.instrument import Function

Values = Sequence[object]


def _adverbs(values: Values) -> Decimal | None:
    """Return what a gesture of AGGIR is worth, 0 (A) to 2 (C), from the adverbs true of it."""
    (chosen,) = values
    if not isinstance(chosen, tuple):
        return None
    return Decimal(aggir.LETTERS.index(aggir.letter_of(len(chosen))))


def _aggir(worths: Values) -> Decimal | None:
    """Return the GIR of eight variables worth 0 (A) to 2 (C); none as long as one lacks."""
    known = [one for one in worths if isinstance(one, Decimal) and one in (0, 1, 2)]
    if len(known) < len(worths):
        return None
    return Decimal(aggir.gir_of([aggir.LETTERS[int(one)] for one in known]).gir)


def _body_mass_index(values: Values) -> Decimal | None:
    """Return kg/m² from a weight in kg and a height in cm."""
    weight, height = values
    if not isinstance(weight, Decimal) or not isinstance(height, Decimal) or not height:
        return None
    return weight / (height / 100) ** 2


def _percent_lost(values: Values) -> Decimal | None:
    """Return how much of a former weight was lost, in percent; less than 0 when gained."""
    now, before = values
    if not isinstance(now, Decimal) or not isinstance(before, Decimal) or not before:
        return None
    return 100 * (before - now) / before


FUNCTIONS: Mapping[Function, Callable[[Values], Decimal | None]] = {
    Function.ADVERBS: _adverbs,
    Function.AGGIR: _aggir,
    Function.BODY_MASS_INDEX: _body_mass_index,
    Function.PERCENT_LOST: _percent_lost,
}


def worded(function: Function) -> str:
    """Say what a function computes, in a sentence."""
    match function:
        case Function.ADVERBS:
            return aggir.adverbs_told()
        case Function.AGGIR:
            return "Le calcul de la loi, groupe après groupe, sur les lettres A (0), B (1), C (2)."
        case Function.BODY_MASS_INDEX:
            return "Le poids (kg) divisé par le carré de la taille (m)."
        case Function.PERCENT_LOST:
            return "La part du poids d’avant qui a été perdue."
