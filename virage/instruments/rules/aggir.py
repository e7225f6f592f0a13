"""AGGIR: from what eight variables of dependency are worth to a rank, then to a GIR.

Code de l'action sociale et des familles, annexe 2-2. Group after group, what each answer weighs is
added up; the first threshold reached gives the rank. The law's algorithm is not monotonic: thirty
worsenings of one variable give a lesser dependency. It is computed as published, and told.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from functools import cache
from typing import Literal

from virage.foundation.content.loader import ROOT, load

FOLDER = ROOT / "aggir"
# The tables in force, and those of the versions of an instrument that name none.
FIRST = "2008-08-21"
# What a variable is worth: done alone (A), in part (B), not done (C).
LETTERS = "ABC"


@dataclass(frozen=True)
class Group:
    """One pass of the algorithm: what C and B weigh for each variable, and its thresholds.

    `ranks` are pairs of the points to reach and of the rank that they give, the highest first.
    """

    name: str
    c: list[int]
    b: list[int]
    ranks: list[tuple[int, int]]

    def points(self, letters: Sequence[str]) -> int:
        """Return what eight letters add up to in this group."""
        weights = {"A": [0] * len(letters), "B": self.b, "C": self.c}
        return sum(weights[letter][place] for place, letter in enumerate(letters))


@dataclass(frozen=True)
class AggirTable:
    """The table of the law, its version, and what each GIR is worth in the mean of a house."""

    version: str
    source: str
    licence: str
    variables: list[str]
    groups: list[Group]
    last_rank: int
    girs: dict[int, list[int]]
    points: dict[int, int]


@dataclass(frozen=True)
class AdverbTable:
    """What a gesture is worth, by how many of the four adverbs are true of it: to be confirmed."""

    version: str
    source: str
    licence: str
    to_confirm: str
    worth: dict[int, Literal["A", "B", "C"]]


@dataclass(frozen=True)
class Pass:
    """One group gone through: its points, and the threshold reached, if any."""

    group: str
    points: int
    threshold: int | None = None


@dataclass(frozen=True)
class Gir:
    """A GIR (1 to 6), its rank (1 to 13), and the passes that led there: the last one decided.

    No threshold reached in the last pass: the rank is that of whoever does all alone.
    """

    gir: int
    rank: int
    passes: tuple[Pass, ...]


@dataclass(frozen=True)
class Move:
    """One variable answered otherwise, and the GIR that it would give.

    `is_surprising` where a worse answer gives a lesser dependency, or a better one a greater.
    """

    variable: str
    letter: str
    gir: int
    is_surprising: bool


@cache
def table(version: str = FIRST) -> AggirTable:
    """Return the table of the law, as that version of it says."""
    return load("aggir/groups", version, AggirTable)


@cache
def adverbs(version: str = FIRST) -> AdverbTable:
    """Return what gestures are worth, as that version of the rule says."""
    return load("aggir/adverbs", version, AdverbTable)


def adverbs_told(version: str = FIRST) -> str:
    """Say what a gesture is worth by its adverbs, by which rule, and that it is to be confirmed."""
    worth = ", ".join(
        f"{count}\u00a0: {letter}" for count, letter in adverbs(version).worth.items()
    )
    return f"Selon le nombre d’adverbes vrais ({worth})\u00a0; règle {version}, à confirmer."


def gir_of(letters: Sequence[str], version: str = FIRST) -> Gir:
    """Return the GIR of eight letters, in the order of the table's variables."""
    law, passes = table(version), []
    for group in law.groups:
        points = group.points(letters)
        for threshold, rank in group.ranks:
            if points >= threshold:
                passes.append(Pass(group.name, points, threshold))
                return Gir(_gir_of_rank(law, rank), rank, tuple(passes))
        passes.append(Pass(group.name, points))
    return Gir(_gir_of_rank(law, law.last_rank), law.last_rank, tuple(passes))


def moves(letters: Sequence[str], version: str = FIRST) -> Iterator[Move]:
    """Give each change of one variable that would change the GIR."""
    gir = gir_of(letters, version).gir
    for place, variable in enumerate(table(version).variables):
        for letter in LETTERS:
            other = gir_of([*letters[:place], letter, *letters[place + 1 :]], version).gir
            if other != gir:
                is_worse = letter > letters[place]
                yield Move(variable, letter, other, is_surprising=is_worse == (other > gir))


def mean_points(counts: Mapping[int, int]) -> Decimal | None:
    """Return the GMP of so many people by GIR, to the hundredth, a half going up; None when nobody
    is assessed."""
    people = sum(counts.values())
    if not people:
        return None
    points = sum(table().points[gir] * count for gir, count in counts.items())
    return (Decimal(points) / people).quantize(Decimal("0.01"), ROUND_HALF_UP)


def _gir_of_rank(law: AggirTable, rank: int) -> int:
    return next(gir for gir, ranks in law.girs.items() if rank in ranks)
