"""What a spreadsheet of the directory says: its columns, and its cells turned into values."""

import re
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cache
from pathlib import PurePath

from virage.directory.enums import EstablishmentKind, UsagerWord
from virage.directory.rules import folded
from virage.formats.spreadsheet import Sheet, UnreadableSheet, read_sheet
from virage.foundation.access.matrix import matrix_file
from virage.foundation.calendar import is_in_calendar
from virage.foundation.content import nomenclature
from virage.foundation.content.loader import load
from virage.foundation.errors import Invalid

MAX_BYTES = 5_000_000
MAX_ROWS = 5_000
# Column that our file of errors adds; an import leaves it aside.
ERRORS = "Erreurs"
TO_CORRECT = " à corriger"
DATES = ("%d/%m/%Y", "%Y-%m-%d", "%d-%m-%Y", "%d.%m.%Y", "%d/%m/%y")
ROUNDED = re.compile(r"\d([.,]\d+)?[Ee]\+?\d+")
FINESS_LENGTH = 9
POSTAL_CODE_LENGTH = 5
# A day as a spreadsheet counts it, when its column is not a column of dates.
SERIAL = re.compile(r"([1-7]\d{4})([.,]\d+)?")
SERIAL_START = date(1899, 12, 30)
EMAIL = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s.]+")


@dataclass(frozen=True)
class ImportColumn:
    """One column that a table may have, and the words under which it is known."""

    label: str
    words: tuple[str, ...]
    needed: bool = False


@dataclass(frozen=True)
class ColumnTable:
    """The columns of the two tables, and the words of professions and reaches."""

    version: str
    source: str
    structures: dict[str, ImportColumn]
    staff: dict[str, ImportColumn]
    professions: dict[str, tuple[str, ...]]
    reaches: dict[str, tuple[str, ...]]

    def of(self, kind: str) -> dict[str, ImportColumn]:
        """Return the columns of one kind of table."""
        return self.staff if kind == "staff" else self.structures


class BadCell(Exception):
    """A cell that cannot be understood: what is wrong and what to write, in French."""


def import_columns() -> ColumnTable:
    """Return the columns that an import knows (`content/directory/import_columns.yaml`)."""
    return load("directory", "import_columns", ColumnTable)


def read_table(kind: str, content: bytes) -> Sheet:
    """Return the table that a file holds; Invalid beyond 5 MB or 5,000 rows, or for no table."""
    if len(content) > MAX_BYTES:
        message = f"Ce fichier dépasse {MAX_BYTES // 10**6} Mo : partagez-le en plusieurs."
        raise Invalid({"file": [message]})
    try:
        return read_sheet(
            content, max_rows=MAX_ROWS, is_heading=lambda cell: is_heading(kind, cell)
        )
    except UnreadableSheet as error:
        raise Invalid({"file": [str(error)]}) from error


def repeated_headings(kind: str, headings: Sequence[str]) -> list[str]:
    """Return the headings that name a column of the table twice: which one is meant is asked."""
    counts = Counter(folded(heading) for heading in headings if is_heading(kind, heading))
    return [one for one in headings if counts.pop(folded(one), 0) > 1]


def proposed_mapping(kind: str, headings: Sequence[str]) -> dict[str, int]:
    """Return the place of the column that each field is likely to be in, by its heading.

    Each column serves once: the field that names it best, then the next.
    """
    places: dict[str, int] = {}
    seen = [folded(heading) for heading in headings]
    for exact in (True, False):
        for name, column in import_columns().of(kind).items():
            if name in places:
                continue
            words = [folded(column.label), *column.words]
            for place, heading in enumerate(seen):
                if place not in places.values() and _is_named(heading, words, exact=exact):
                    places[name] = place
                    break
    return places


def _is_named(heading: str, words: Sequence[str], *, exact: bool) -> bool:
    if exact:
        return heading in words
    return any(heading.startswith(f"{word} ") for word in words if len(word) > 3)


def is_heading(kind: str, cell: str) -> bool:
    """Whether a cell is the heading of a column that such a table may have."""
    columns = import_columns().of(kind).values()
    return any(folded(cell) in (folded(one.label), *one.words) for one in columns)


def unread_headings(headings: Sequence[str], mapping: Mapping[str, int]) -> list[str]:
    """Return the headings of the columns that no field is read in; that of our errors aside."""
    read = {*mapping.values()}
    return [
        heading
        for place, heading in enumerate(headings)
        if heading not in ("", ERRORS) and place not in read
    ]


def name_to_correct(file_name: str) -> str:
    """Return « personnel à corriger.csv » for « personnel.xlsx », and for itself given again."""
    stem = PurePath(file_name).stem.removesuffix(TO_CORRECT)
    return f"{stem}{TO_CORRECT}.csv"


def mapping_faults(kind: str, mapping: Mapping[str, int]) -> dict[str, list[str]]:
    """Return French messages by field for a choice of columns that cannot do."""
    faults = {
        name: ["Indiquez la colonne qui le donne."]
        for name, column in import_columns().of(kind).items()
        if column.needed and name not in mapping
    }
    for name, place in mapping.items():
        if list(mapping.values()).count(place) > 1:
            faults[name] = ["Cette colonne est déjà prise par un autre champ."]
    return faults


def day_of(text: str) -> date:
    """Return a day written as in France, as ISO 8601, or as spreadsheets count; BadCell else."""
    if serial := SERIAL.fullmatch(text):
        return SERIAL_START + timedelta(days=int(serial[1]))
    for pattern in DATES:
        try:
            day = datetime.strptime(text, pattern).date()  # noqa: DTZ007 (a plain day)
        except ValueError:
            continue
        if is_in_calendar(day):
            return day
    raise BadCell("Cette date ne se lit pas : écrivez-la comme 31/12/2026.")


def email_of(text: str) -> str:
    """Return an address in lower case; BadCell when it is none."""
    if not EMAIL.fullmatch(text):
        raise BadCell("Cette adresse électronique n’est pas valide, comme prenom.nom@exemple.fr.")
    return text.lower()


def phone_of(text: str) -> str:
    """Return the figures of a French number, or a foreign one with its +; BadCell for neither."""
    figures = re.sub(r"[\s.\-()/]", "", text)
    figures = re.sub(r"^(?:\+33|0033)0?", "0", figures)
    if len(figures) == 9 and figures.isdigit() and figures[0] != "0":
        figures = f"0{figures}"  # a spreadsheet drops the first zero
    if not re.fullmatch(r"0\d{9}|\+\d{8,15}", figures):
        raise BadCell("Ce numéro de téléphone n’est pas valide, comme 06 12 34 56 78.")
    return figures


def profession_of(text: str) -> str:
    """Return a profession of the matrix by its label, its key or another word; BadCell else."""
    key = _professions().get(folded(text))
    if key is None:
        raise BadCell(
            "Cette profession n’est pas dans le tableau des droits : écrivez par exemple "
            "« Infirmière » ou « Aide-soignante »."
        )
    return key


@cache
def _professions() -> dict[str, str]:
    rows = matrix_file().professions
    labels = {folded(row.label): key for key, row in rows.items() if key != "system"}
    words = {word: key for key, given in import_columns().professions.items() for word in given}
    return labels | words


def reach_of(text: str) -> str:
    """Return how far a situation reaches, by its words; BadCell for others."""
    for key, words in import_columns().reaches.items():
        if folded(text) in words:
            return key
    raise BadCell("Cette portée n’existe pas : unités, établissement, organisme ou aucune.")


def kind_of(text: str) -> str:
    """Return a category of establishment by its name or its code; BadCell for another."""
    for kind in EstablishmentKind:
        if kind and folded(text) in (
            kind.value,
            folded(kind.label),
            *folded(kind.label).split(" ou "),
        ):
            return kind.value
    raise BadCell("Cette catégorie n’est pas connue : EHPAD, IME, SESSAD, SAVS, FAM, ESAT…")


def usager_word_of(text: str) -> str:
    """Return how the persons accompanied are called there; BadCell for another word."""
    for word in UsagerWord:
        if folded(text) in (word.value, folded(word.label), folded(word.plural)):
            return word.value
    raise BadCell("Écrivez usager, résident ou enfant.")


def civility_of(text: str) -> str:
    """Return the code of a civility by its code or its name; BadCell for another."""
    code = _civilities().get(folded(text))
    if code is None:
        raise BadCell("Écrivez M ou Mme.")
    return code


@cache
def _civilities() -> dict[str, str]:
    labels = nomenclature.get("civility").labels().items()
    return {folded(word): code for code, label in labels for word in (code, label)}


def number_of(text: str) -> str:
    """Return a national number without the spaces that make it legible; BadCell for one rounded."""
    if ROUNDED.fullmatch(text):
        raise BadCell(
            "Le tableur a arrondi ce numéro : mettez la colonne au format texte, et écrivez-le de "
            "nouveau."
        )
    return re.sub(r"\s", "", text).upper()


def finess_of(text: str) -> str:
    """Return a FINESS, with the first zero that a spreadsheet drops."""
    number = number_of(text)
    return number.zfill(FINESS_LENGTH) if number.isdigit() else number


def postal_code_of(text: str) -> str:
    """Return a postal code, with the first zero that a spreadsheet drops."""
    return number_of(text).zfill(POSTAL_CODE_LENGTH)


READERS: dict[str, Callable[[str], str | date]] = {
    "finess": finess_of,
    "siret": number_of,
    "postal_code": postal_code_of,
    "rpps": number_of,
    "kind": kind_of,
    "usager_word": usager_word_of,
    "civility": civility_of,
    "email": email_of,
    "phone": phone_of,
    "profession": profession_of,
    "reach": reach_of,
    "starts_on": day_of,
    "ends_on": day_of,
}
MAX_LENGTH = 500
MAX_LENGTHS = {
    **{"name": 200, "unit": 100, "room": 30, "family_name": 100, "given_name": 100},
    **{"profession_name": 100, "registration_number": 30, "email": 254, "finess": 9, "siret": 14},
    **{"address": 300, "postal_code": POSTAL_CODE_LENGTH, "town": 100},
}


def values_of(
    row: Sequence[str], mapping: Mapping[str, int]
) -> tuple[dict[str, str | date], dict[str, str]]:
    """Return what the cells of a row say, by field, and what is wrong in them; empty ones aside."""
    values: dict[str, str | date] = {}
    faults: dict[str, str] = {}
    for name, place in mapping.items():
        text = row[place].strip() if place < len(row) else ""
        if not text:
            continue
        try:
            value = READERS[name](text) if name in READERS else text
        except BadCell as fault:
            faults[name] = str(fault)
            continue
        values[name] = value
        at_most = MAX_LENGTHS.get(name, MAX_LENGTH)
        if isinstance(value, str) and len(value) > at_most:
            faults[name] = f"Ce texte est trop long : {at_most} caractères au plus."
    return values, faults
