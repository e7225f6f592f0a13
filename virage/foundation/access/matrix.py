"""The matrix profession × volet × cell: shipped in `content/access/`, versioned by operator.

No version opens more than the guard rails of the file, whatever is stored (`Matrix`).
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from functools import cache
from itertools import product
from typing import Any
from uuid import UUID

from virage.foundation.access.enums import Cell, Verb, Volet
from virage.foundation.content.loader import load

# Between two professions whose common rights are asked for; no profession has it in its name.
AND = "&"
# What whoever reads a volet may see too, of someone who only sees that.
LESS_THAN_READING = (Cell.IDENTITY, Cell.ALERTS, Cell.OWN, Cell.PUBLISHED, Cell.COUNT)
# The cells by which something is read.
READING = (Cell.READ, Cell.OWN, Cell.PUBLISHED)
# Where a version keeps the verbs on whole records, beside the volets of a profession.
WHOLE = "whole"

# What each profession holds, by volet and in `WHOLE`, written as in the file.
Cells = Mapping[str, Mapping[str, Collection[str]]]


@dataclass(frozen=True)
class Grant:
    """One cell of the matrix; `window_hours` limits it to what was entered since then."""

    cell: Cell
    window_hours: int | None = None


@dataclass(frozen=True)
class ProfessionRow:
    """One line of the matrix file; cells are written `read` or `read@72`."""

    label: str
    is_health_professional: bool
    volets: dict[Volet, list[str]]
    verbs: list[Verb]


@dataclass(frozen=True)
class Ceiling:
    """The most that some professions may hold in some volets, and the law that says so."""

    professions: list[str]
    volets: list[Volet]
    at_most: list[Cell]
    because: str


@dataclass(frozen=True)
class VerbCeiling:
    """The only professions that may hold a right on whole records, and why."""

    verb: Verb
    professions: list[str]
    because: str


@dataclass(frozen=True)
class MatrixFile:
    """The matrix file: its version, where it comes from, a line per profession, and what no
    operator may open. The `fixed` professions stay as shipped.
    """

    version: str
    source: str
    professions: dict[str, ProfessionRow]
    fixed: list[str]
    ceilings: list[Ceiling]
    verb_ceilings: list[VerbCeiling]


@cache
def matrix_file() -> MatrixFile:
    """Return the matrix as shipped: version 0 of every operator."""
    return load("access", "matrix", MatrixFile)


def common(seen: str, looking: str) -> str:
    """Return what stands in the place of a profession for what two professions both hold."""
    return f"{seen}{AND}{looking}"


@cache
def ceiling_on(profession: str, column: str, cell: str) -> str | None:
    """Return why no operator may give this profession this cell of a volet, or this verb (`WHOLE`);
    None when he may.
    """
    if column == WHOLE:
        return next(
            (
                one.because
                for one in matrix_file().verb_ceilings
                if one.verb == cell and profession not in one.professions
            ),
            None,
        )
    return next(
        (
            one.because
            for one in matrix_file().ceilings
            if profession in one.professions
            and column in one.volets
            and cell not in (*one.at_most, Cell.NONE)
        ),
        None,
    )


class Matrix:
    """A matrix compiled: the shipped one, or a version that an operator put in force.

    Each version is compiled once (`compiled`). What the stored cells do not say is
    the file's; what they say beyond the guard rails, or of a fixed profession, opens nothing.
    Labels and which professions are of health are the file's, in every version.
    """

    def __init__(self, cells: Cells) -> None:
        self._rows: dict[str, ProfessionRow | None] = {
            profession: row
            if profession in matrix_file().fixed
            else _row(profession, row, cells.get(profession, {}))
            for profession, row in matrix_file().professions.items()
        }
        self._grants: dict[tuple[str, Volet], tuple[Grant, ...]] = {}

    def row(self, profession: str) -> ProfessionRow | None:
        """Return the line of a profession, or of what two of them both hold (`common`); None for
        an unknown one.
        """
        if AND not in profession:
            return self._rows.get(profession)
        if profession not in self._rows:
            self._rows[profession] = self._in_common(*profession.split(AND))
        return self._rows[profession]

    def grants(self, profession: str, volet: str) -> tuple[Grant, ...]:
        """Return what a profession may do in a volet; nothing for an unknown profession.

        ValueError for an unknown volet.
        """
        key = (profession, Volet(volet))
        if (known := self._grants.get(key)) is not None:
            return known
        row = self.row(profession)
        found = tuple(_grant(cell) for cell in row.volets.get(key[1], [])) if row else ()
        if row:
            self._grants[key] = found
        return found

    def allows(self, profession: str, cell: Cell, volet: str) -> bool:
        """Whether the profession holds this cell of the volet, time window or not."""
        return any(grant.cell == cell for grant in self.grants(profession, volet))

    def allows_verb(self, profession: str, verb: Verb) -> bool:
        """Whether the profession holds a right on whole records (import, export, merge)."""
        row = self.row(profession)
        return row is not None and verb in row.verbs

    def covers(self, profession: str, other: str) -> bool:
        """Whether a profession holds every right of another; `write` never implies `read`.

        Nothing covers an unknown profession, which covers nothing.
        """
        mine, theirs = self.row(profession), self.row(other)
        if mine is None or theirs is None:
            return False
        return set(theirs.verbs) <= set(mine.verbs) and all(
            grant.cell == Cell.NONE or grant in self.grants(profession, volet)
            for volet in Volet
            for grant in self.grants(other, volet)
        )

    def sees_identities(self, profession: str) -> bool:
        """Whether the profession may know who is accompanied at all."""
        cells = (Cell.IDENTITY, Cell.READ)
        return any(self.allows(profession, cell, Volet.ADMINISTRATIVE) for cell in cells)

    def readable_volets(self, profession: str) -> list[Volet]:
        """Return the volets in which the profession reads something, in the record's order."""
        return [v for v in Volet if any(self.allows(profession, cell, v) for cell in READING)]

    def reading_in(self, volet: str) -> list[str]:
        """Return the professions that read something in a volet."""
        return [name for name in matrix_file().professions if volet in self.readable_volets(name)]

    def writable_volets(self, profession: str) -> list[Volet]:
        """Return the volets in which the profession writes, in the record's order."""
        return [volet for volet in Volet if self.allows(profession, Cell.WRITE, volet)]

    def opened_by_sharing(self, volet: Volet) -> list[str]:
        """Return the names of the professions to which the volet opens what is shared alone."""
        rows = matrix_file().professions.items()
        return [row.label for name, row in rows if self.allows(name, Cell.PUBLISHED, volet)]

    def _in_common(self, seen: str, looking: str) -> ProfessionRow | None:
        row, other = self._rows.get(seen), self._rows.get(looking)
        if row is None or other is None:
            return None
        volets = {
            volet: _in_both(self.grants(seen, volet), self.grants(looking, volet))
            for volet in Volet
        }
        return replace(
            row,
            is_health_professional=row.is_health_professional and other.is_health_professional,
            volets=volets,
            verbs=[verb for verb in row.verbs if verb in other.verbs],
        )


def _row(profession: str, row: ProfessionRow, said: Mapping[str, Any]) -> ProfessionRow:
    """Return the line of a version: what it says within the guard rails, else the file's."""

    def held(column: str, shipped: Collection[str]) -> list[str]:
        cells = said.get(column, shipped)
        return [cell for cell in cells if ceiling_on(profession, column, name_of(cell)) is None]

    volets = {volet: held(volet.value, row.volets.get(volet, [])) for volet in Volet}
    verbs = [Verb(one) for one in held(WHOLE, row.verbs) if one != Cell.NONE]
    return replace(row, volets=volets, verbs=verbs)


def name_of(cell: str) -> str:
    """Return a cell as written in the file without its time window."""
    return cell.partition("@")[0]


def _grant(cell: str) -> Grant:
    name, _, hours = cell.partition("@")
    return Grant(Cell(name), int(hours) if hours else None)


def _in_both(seen: Collection[Grant], looking: Collection[Grant]) -> list[str]:
    pairs = product(seen, looking)
    return sorted({cell for one, other in pairs if (cell := _narrower(one, other))})


def _narrower(one: Grant, other: Grant) -> str:
    """Write what two cells both give: reading holds what lets see less; nothing otherwise."""
    cell = other.cell if one.cell == Cell.READ else one.cell
    if not (_holds(one, cell) and _holds(other, cell)):
        return ""
    hours = [grant.window_hours for grant in (one, other) if grant.window_hours is not None]
    return f"{cell}@{min(hours)}" if hours else str(cell)


def _holds(grant: Grant, cell: Cell) -> bool:
    return grant.cell == cell or (grant.cell == Cell.READ and cell in LESS_THAN_READING)


@cache
def shipped() -> Matrix:
    """Return version 0, that of the file: in force where an operator decided nothing."""
    return Matrix({})


_compiled: dict[UUID, Matrix] = {}


def compiled(version_id: UUID | None, cells: Cells | None) -> Matrix:
    """Return a version compiled, once per process: the cells of a version never change."""
    if version_id is None or cells is None:
        return shipped()
    if version_id not in _compiled:
        _compiled[version_id] = Matrix(cells)
    return _compiled[version_id]


def is_of_health(profession: str) -> bool:
    """Whether this is a health profession, or two of them (`common`): the law's, in any version."""
    rows = [matrix_file().professions.get(one) for one in profession.split(AND)]
    return all(row is not None and row.is_health_professional for row in rows)


def profession_label(profession: str) -> str:
    """Return the French name of a profession of the matrix, or the key itself if unknown."""
    row = matrix_file().professions.get(profession.partition(AND)[0])
    return row.label if row else profession
