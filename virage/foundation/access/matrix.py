"""The matrix profession × volet × cell: data in `content/access/matrix.yaml`, typed here."""

from dataclasses import dataclass
from functools import cache
from itertools import product

from virage.foundation.access.enums import Cell, Verb, Volet
from virage.foundation.content.loader import load

# Between two professions whose common rights are asked for; no profession has it in its name.
AND = "&"
# What whoever reads a volet may see too, of someone who only sees that.
LESS_THAN_READING = (Cell.IDENTITY, Cell.ALERTS, Cell.OWN, Cell.PUBLISHED, Cell.COUNT)


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
class MatrixFile:
    """The matrix file: its version, where it comes from, and a line per profession."""

    version: str
    source: str
    professions: dict[str, ProfessionRow]


@cache
def matrix() -> MatrixFile:
    """Return the access matrix in force."""
    return load("access", "matrix", MatrixFile)


def common(seen: str, looking: str) -> str:
    """Return what stands in the place of a profession for what two professions both hold."""
    return f"{seen}{AND}{looking}"


@cache
def row_of(profession: str) -> ProfessionRow | None:
    """Return the line of a profession, or of what two of them both hold (`common`); None for an
    unknown one.
    """
    seen, _, looking = profession.partition(AND)
    row, other = matrix().professions.get(seen), matrix().professions.get(looking)
    if not looking or row is None or other is None:
        return None if looking else row
    return ProfessionRow(
        label=row.label,
        is_health_professional=row.is_health_professional and other.is_health_professional,
        volets={volet: _in_both(seen, looking, volet) for volet in Volet},
        verbs=[verb for verb in row.verbs if verb in other.verbs],
    )


def _in_both(seen: str, looking: str, volet: Volet) -> list[str]:
    pairs = product(grants(seen, volet), grants(looking, volet))
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
def grants(profession: str, volet: str) -> tuple[Grant, ...]:
    """Return what a profession may do in a volet; nothing for an unknown profession.

    ValueError for an unknown volet.
    """
    row = row_of(profession)
    return tuple(_grant(cell) for cell in row.volets.get(Volet(volet), [])) if row else ()


def _grant(cell: str) -> Grant:
    name, _, hours = cell.partition("@")
    return Grant(Cell(name), int(hours) if hours else None)


def allows(profession: str, cell: Cell, volet: str) -> bool:
    """Whether the profession holds this cell of the volet, time window or not."""
    return any(grant.cell == cell for grant in grants(profession, volet))


def allows_verb(profession: str, verb: Verb) -> bool:
    """Whether the profession holds a right on whole records (import, export, merge)."""
    row = row_of(profession)
    return row is not None and verb in row.verbs


def covers(profession: str, other: str) -> bool:
    """Whether a profession holds every right of another; as always, `write` never implies `read`.

    Nothing covers an unknown profession, which covers nothing.
    """
    mine, theirs = row_of(profession), row_of(other)
    if mine is None or theirs is None:
        return False
    return set(theirs.verbs) <= set(mine.verbs) and all(
        grant.cell == Cell.NONE or grant in grants(profession, volet)
        for volet in Volet
        for grant in grants(other, volet)
    )


def sees_identities(profession: str) -> bool:
    """Whether the profession may know who is accompanied at all."""
    return any(
        allows(profession, cell, Volet.ADMINISTRATIVE) for cell in (Cell.IDENTITY, Cell.READ)
    )


def readable_volets(profession: str) -> list[Volet]:
    """Return the volets in which the profession reads something, in the record's order."""
    cells = (Cell.READ, Cell.OWN, Cell.PUBLISHED)
    return [v for v in Volet if any(allows(profession, cell, v) for cell in cells)]


def opened_by_sharing(volet: Volet) -> list[str]:
    """Return the French names of the professions to which the volet opens what is shared alone."""
    rows = matrix().professions.items()
    return [row.label for name, row in rows if allows(name, Cell.PUBLISHED, volet)]


def writable_volets(profession: str) -> list[Volet]:
    """Return the volets in which the profession writes, in the record's order."""
    return [volet for volet in Volet if allows(profession, Cell.WRITE, volet)]


def profession_label(profession: str) -> str:
    """Return the French name of a profession of the matrix, or the key itself if unknown."""
    row = row_of(profession)
    return row.label if row else profession
