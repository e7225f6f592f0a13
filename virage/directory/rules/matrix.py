"""The matrix edited: what a cell may hold, what a change says, and what nobody may change."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import combinations

from virage.directory.enums import Effect
from virage.directory.rules import DIRECTOR
from virage.foundation.access.enums import Cell, Verb, Volet
from virage.foundation.access.matrix import (
    READING,
    WHOLE,
    Cells,
    Grant,
    Matrix,
    ceiling_on,
    matrix_file,
    name_of,
    profession_label,
)

REASON_CHARACTERS = 10
# The columns of the table, each with its heading.
COLUMNS = {**dict(Volet.choices), WHOLE: "Dossier entier"}
NONE = Cell.NONE.value
# What one cell of a volet may hold, from nothing to all, before the ceilings.
LEVELS = (
    "none",
    "count",
    "identity",
    "alerts",
    "published",
    "alerts+published",
    "own+write",
    "read@24",
    "read@72",
    "read@72+write",
    "read",
    "read+validate",
    "read+write",
    "read+write+validate",
    "read+write+validate+prescribe",
)
# Words short enough for a cell: the page says below the table what they mean.
WORDS = {
    Cell.IDENTITY: "identité",
    Cell.ALERTS: "alertes",
    Cell.OWN: "ses écrits",
    Cell.PUBLISHED: "partagé",
    Cell.COUNT: "nombres",
    Verb.IMPORT: "importer",
    Verb.EXPORT: "exporter",
    Verb.MERGE: "fusionner",
}
ONLY_IN = {
    Cell.IDENTITY: (Volet.ADMINISTRATIVE,),
    Cell.ALERTS: (Volet.MEDICAL, Volet.CARE),
    Cell.PRESCRIBE: (Volet.MEDICAL,),
}
# Without these the direction could no longer answer for the rights of anybody, nor give a person
# her whole record (RGPD, articles 15 and 20).
KEPT_BY_DIRECTION = {
    Volet.ADMINISTRATIVE.value: (Cell.READ.value,),
    Volet.PROJECT.value: (Cell.VALIDATE.value,),
    WHOLE: tuple(Verb.values),
}
# What reading a whole volet lets see already.
WITHIN_READ = {*READING, Cell.ALERTS, Cell.IDENTITY, Cell.COUNT}
# How the gestures that a verb allows begin in the journal: they hold every volet, whatever the
# matrix.
VERB_GESTURES = {Verb.IMPORT: "import.", Verb.EXPORT: "exchange.export"}

# What each profession that an operator decides of holds in each column.
Table = dict[str, dict[str, list[str]]]


@dataclass(frozen=True)
class Change:
    """One cell that differs, in words; `effect` is what it does to what is read there."""

    profession: str
    column: str
    before: str
    after: str

    @property
    def profession_label(self) -> str:
        """The French name of the profession."""
        return profession_label(self.profession)

    @property
    def column_label(self) -> str:
        """The heading of the column."""
        return COLUMNS[self.column]


def field_of(profession: str, column: str) -> str:
    """Return the name of the field of a cell."""
    return f"{profession}-{column}"


@cache
def editable_professions() -> dict[str, str]:
    """Return the professions whose rights an operator decides, by key, with their label."""
    rows = matrix_file().professions.items()
    return {key: row.label for key, row in rows if key not in matrix_file().fixed}


def table_of(cells: Cells) -> Table:
    """Return a version as a table: the file's where it says nothing, and nothing beyond."""
    compiled = Matrix(cells)
    table: Table = {}
    for profession in editable_professions():
        row = compiled.row(profession)
        assert row is not None  # noqa: S101  # It comes from the file, as the row does.
        table[profession] = {volet.value: list(row.volets[volet]) or [NONE] for volet in Volet}
        table[profession][WHOLE] = [verb.value for verb in row.verbs] or [NONE]
    return table


def wording(column: str, cells: Sequence[str]) -> str:
    """Say what a cell holds: « lire, écrire », « lire (72 h) », « importer »."""
    kind = Verb if column == WHOLE else Cell
    return ", ".join(_word(kind, *cell.partition("@")[::2]) for cell in cells if cell != NONE) or (
        Cell.NONE.label
    )


def _word(kind: type[Cell] | type[Verb], name: str, hours: str) -> str:
    right = kind(name)
    word = WORDS.get(right) or str(right.label)
    return f"{word} ({hours}\u00a0h)" if hours else word


def told_rows(table: Table) -> list[tuple[str, list[tuple[str, str]]]]:
    """Return each profession with its cells, to be read: the heading of each, then its words."""
    return [
        (label, [(heading, wording(one, table[key][one])) for one, heading in COLUMNS.items()])
        for key, label in editable_professions().items()
    ]


def levels_of(profession: str, column: str, held: Sequence[str]) -> list[tuple[str, str]]:
    """Return what may be chosen in one cell, with its words: what is within the guard rails, what
    it holds included.
    """
    levels = _offered(profession, column)
    if list(held) not in levels:
        levels = [*levels, list(held)]
    return [("+".join(level), wording(column, level)) for level in levels]


def _offered(profession: str, column: str) -> list[list[str]]:
    offered = [
        level
        for level in _levels(column)
        if all(ceiling_on(profession, column, name_of(cell)) is None for cell in level)
    ]
    shipped = table_of({})[profession][column] if column != WHOLE else [NONE]
    return offered if shipped in offered else [*offered, shipped]


def _levels(column: str) -> Iterator[list[str]]:
    if column == WHOLE:
        yield [NONE]
        for count in range(1, len(Verb) + 1):
            yield from (list(verbs) for verbs in combinations(Verb.values, count))
        return
    for level in (text.split("+") for text in LEVELS):
        if all(column in ONLY_IN.get(Cell(name_of(cell)), (column,)) for cell in level):
            yield level


def differences(before: Table, after: Table) -> list[Change]:
    """Return the cells that differ, by profession then column."""
    return [
        Change(
            key,
            column,
            wording(column, before[key][column]),
            wording(column, after[key][column]),
        )
        for key in editable_professions()
        for column in COLUMNS
        if sorted(before[key][column]) != sorted(after[key][column])
    ]


def faults_of(professions: Collection[str], before: Table, after: Table) -> dict[str, list[str]]:
    """Return French messages, by field, for what the law or the house lets nobody decide.

    `professions` are those of whoever decides, `before` the table in force. A message about no
    cell in particular is under "".
    """
    faults: dict[str, list[str]] = {}
    for key in editable_professions():
        for column in COLUMNS:
            cells = after[key].get(column, [])
            messages = [*_ceilings(key, column, before, cells)]
            if key in professions:
                messages += _widening(key, column, before, cells)
            if key == DIRECTOR:
                messages += _kept(column, cells)
            if messages:
                faults[field_of(key, column)] = messages
    if not faults and (orphans := list(_orphans(after))):
        faults[""] = orphans
    return faults


def _ceilings(profession: str, column: str, before: Table, cells: Sequence[str]) -> Iterator[str]:
    known = [*_levels(column), before[profession][column], table_of({})[profession][column]]
    if sorted(cells) not in map(sorted, known):
        yield "Ce choix n’existe pas."
        return
    for cell in cells:
        if because := ceiling_on(profession, column, name_of(cell)):
            said = _said(column, cell)
            yield f"«\u00a0{said}\u00a0» n’est pas permis, car {because}."
            return


def _widening(profession: str, column: str, before: Table, cells: Collection[str]) -> Iterator[str]:
    """Nobody widens his own profession beyond what it holds, or held as shipped."""
    held = {NONE, *before[profession][column], *table_of({})[profession][column]}
    if Cell.READ.value in held:
        held |= {cell.value for cell in WITHIN_READ}
    if any(cell not in held and name_of(cell) not in held for cell in cells):
        yield (
            f"Vous exercez comme «\u00a0{profession_label(profession)}\u00a0», et nul n’élargit "
            "les droits de sa propre profession."
        )


def _kept(column: str, cells: Collection[str]) -> Iterator[str]:
    missing = [cell for cell in KEPT_BY_DIRECTION.get(column, ()) if cell not in cells]
    if missing:
        words = ", ".join(_said(column, cell) for cell in missing)
        yield (
            f"La direction garde «\u00a0{words}\u00a0»\u00a0; sans cela, plus personne ne "
            "répondrait des droits ni des dossiers."
        )


def _orphans(after: Table) -> Iterator[str]:
    """No volet is left without anybody who reads it all, and anybody who writes it."""
    for volet in Volet:
        held = {cell for row in after.values() for cell in row[volet.value]}
        for cell, verb in ((Cell.READ, "ne lirait"), (Cell.WRITE, "n’écrirait")):
            if cell.value not in held:
                yield f"Plus aucune profession {verb} le volet «\u00a0{volet.label}\u00a0»."


def _said(column: str, cell: str) -> str:
    return wording(column, [cell])


def effect_of(before: Collection[Grant], after: Collection[Grant]) -> Effect | None:
    """Return what becomes of the reads of a volet from some rights to others; None: nothing."""
    old, new = _reading(before), _reading(after)
    loses = any(not _holds(new, one) for one in old)
    gains = any(not _holds(old, one) for one in new)
    if loses and gains:
        return Effect.CHANGED
    if loses:
        return Effect.NARROWED if new else Effect.REFUSED
    if gains:
        return Effect.WIDENED if old else Effect.OPENED
    return None


def _reading(grants: Collection[Grant]) -> set[Grant]:
    """Keep what lets see something: to validate a volet opens what is restricted in it."""
    return {one for one in grants if one.cell in WITHIN_READ or one.cell == Cell.VALIDATE}


def _holds(grants: Collection[Grant], wanted: Grant) -> bool:
    """Whether rights let see what one more would: the same or the whole, for as long."""
    return any(
        (one.cell == wanted.cell or (one.cell == Cell.READ and wanted.cell in WITHIN_READ))
        and (
            one.window_hours is None
            or (wanted.window_hours is not None and wanted.window_hours <= one.window_hours)
        )
        for one in grants
    )


def effects_of(before: Matrix, after: Matrix) -> dict[str, dict[str, Effect]]:
    """Return what becomes of what is read, by profession then column; the unchanged left out.

    A verb is a column of its own. A profession that may no longer know who is accompanied loses
    whole records, whatever its volets and verbs say: its one effect is under `WHOLE`.
    """
    effects = {one: _effects_on(one, before, after) for one in editable_professions()}
    return {profession: columns for profession, columns in effects.items() if columns}


def _effects_on(profession: str, before: Matrix, after: Matrix) -> dict[str, Effect]:
    knew, knows = before.sees_identities(profession), after.sees_identities(profession)
    if knew != knows:
        return {WHOLE: Effect.REFUSED if knew else Effect.OPENED}
    effects: dict[str, Effect] = {}
    for volet in Volet if knows else ():
        effect = effect_of(before.grants(profession, volet), after.grants(profession, volet))
        if effect:
            effects[volet.value] = effect
    for verb in VERB_GESTURES:
        could, can = (one.allows_verb(profession, verb) for one in (before, after))
        if could != can:
            effects[verb.value] = Effect.REFUSED if could else Effect.OPENED
    return effects


def touched_by(action: str, volets: Collection[str], columns: Mapping[str, Effect]) -> set[str]:
    """Return which of the columns that change for a profession touch one of its past reads.

    `action` is the gesture of the journal, `volets` what it showed. One of three holds: the
    profession may know nobody any more, or at last (`WHOLE`); a verb allowed the gesture; or the
    page showed some volets.
    """
    if WHOLE in columns:
        return {WHOLE} if columns[WHOLE] == Effect.REFUSED else set()
    if verb := _verb_of(action):
        return {verb.value} if columns.get(verb) == Effect.REFUSED else set()
    return _touched_volets(set(volets), columns)


def _verb_of(action: str) -> Verb | None:
    return next((verb for verb, start in VERB_GESTURES.items() if action.startswith(start)), None)


def _touched_volets(shown: set[str], columns: Mapping[str, Effect]) -> set[str]:
    """Keep the volets that the page showed; one that opens would have stood beside another."""
    changing = columns.keys() & set(Volet.values)
    opening = {volet for volet in changing if columns[volet] == Effect.OPENED}
    return ((changing - opening) & shown) | (opening - shown if shown else set())
