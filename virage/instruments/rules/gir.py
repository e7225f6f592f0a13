"""The GIR of an evaluation; what decided of it, said in words, and what would move it."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from virage.formats.tddui.record import Answer
from virage.foundation.coded import Coded
from virage.foundation.content import nomenclature
from virage.instruments.rules.aggir import LETTERS, Gir, Move, gir_of, moves, table
from virage.instruments.rules.instrument import Function, Instrument
from virage.instruments.rules.results import FrozenScore

AGGIR = "aggir"


@dataclass(frozen=True)
class GirTold:
    """Sentences: each group gone through, each change that would move the GIR, and those among
    them that go against what one expects. `table` is the version of the table of the law."""

    table: str
    passes: list[str]
    moves: list[str]
    surprises: list[str]


def gir_carried(
    instrument: str, scores: Sequence[FrozenScore], answers: Sequence[Answer]
) -> int | None:
    """Return the GIR that an evaluation carries, or None: that of our grid, or else the first
    answer in the published list, as other software sends it (TDDUI, `resultat-eval`).
    """
    if instrument == AGGIR:
        value = next((score.value for score in scores if score.id == "gir"), None)
        return None if value is None else int(value)
    return next(_girs_among(answers), None)


def gir_told(instrument: Instrument, scores: Sequence[FrozenScore]) -> GirTold | None:
    """Explain the GIR of an evaluation by its frozen variables and the table that its version of
    the instrument reads; None while one lacks, or when that table would not give this GIR."""
    version = instrument.table_of(Function.AGGIR)
    variables = table(version).variables
    by_id = {score.id: score for score in scores}
    worths = [by_id[name].value if name in by_id else None for name in variables]
    frozen = by_id["gir"].value if "gir" in by_id else None
    if frozen is None or None in worths:
        return None
    letters = [LETTERS[int(str(worth))] for worth in worths]
    found = gir_of(letters, version)
    if found.gir != frozen:
        return None
    named = {name: by_id[name].label for name in variables}
    changes = list(moves(letters, version))
    return GirTold(
        table=version,
        passes=list(_passes(found)),
        moves=[_move(one, named) for one in changes if not one.is_surprising],
        surprises=[_move(one, named) for one in changes if one.is_surprising],
    )


def _girs_among(answers: Sequence[Answer]) -> Iterator[int]:
    """Give the GIR of each answer of the published list; the same code of another says nothing."""
    published = nomenclature.get("gir")
    codes = list(published.labels())
    for answer in answers:
        value = answer.value
        if isinstance(value, Coded) and value.code in codes and value.system == published.system:
            yield codes.index(value.code) + 1
        yield from _girs_among(answer.children)


def _passes(found: Gir) -> Iterator[str]:
    for one in found.passes:
        if one.threshold is None:
            yield f"Groupe {one.group}\u00a0: {one.points} points, aucun seuil atteint."
        else:
            yield (
                f"Groupe {one.group}\u00a0: {one.points} points, le seuil de {one.threshold} est "
                f"atteint\u00a0: rang {found.rank}, GIR {found.gir}."
            )
    if found.passes[-1].threshold is None:
        yield f"Aucun seuil atteint\u00a0: rang {found.rank}, GIR {found.gir}."


def _move(one: Move, named: dict[str, str]) -> str:
    return f"{named[one.variable]} en {one.letter}\u00a0: GIR {one.gir}."
