"""A table in a file of a spreadsheet, CSV or XLSX: bytes → headings and rows of text.

The encoding, the separator and the row of headings are found, not asked. Everything that a file may
do wrong ends in `UnreadableSheet`, with a sentence in French.
"""

import csv
import io
import zipfile
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from openpyxl import load_workbook

SEPARATORS = (";", ",", "\t")
MAX_COLUMNS = 60
MAX_CELL = 500
# How far down the headings are looked for: a title, a date and a blank line often come first.
SEARCHED = 10
# What a workbook may unfold to.
MAX_UNFOLDED_BYTES = 60_000_000
# What our own files put before a cell that a spreadsheet would run as a formula.
GUARD, FORMULA = "'", ("=", "+", "-", "@")


class UnreadableSheet(Exception):
    """The file is no table that can be read; the message says why and what to do, in French."""


@dataclass(frozen=True)
class Sheet:
    """Headings, rows of as many cells, and the number in the file of the row of headings."""

    headings: list[str]
    rows: list[list[str]]
    heading_row: int


def read_sheet(content: bytes, *, max_rows: int, is_heading: Callable[[str], bool]) -> Sheet:
    """Read the first table of a file; `is_heading` says which words are those of a heading.

    The headings are the row, among the first ten, that has most of these words. Rows keep their
    places: a blank one is given without any text.
    """
    raw = _workbook_rows(content) if content[:4] == b"PK\x03\x04" else _text_rows(content)
    rows = []
    for row in raw:
        rows.append([_cell(value) for value in row])
        if len(rows) > max_rows + SEARCHED:
            raise UnreadableSheet(
                f"Ce fichier a plus de {max_rows} lignes : partagez-le en plusieurs."
            )
    place = _place_of_headings(rows, is_heading)
    headings = _trimmed(rows[place])
    if len(headings) > MAX_COLUMNS:
        raise UnreadableSheet(f"Ce fichier a plus de {MAX_COLUMNS} colonnes.")
    width = len(headings)
    below = [(row + [""] * width)[:width] for row in rows[place + 1 :]]
    while below and not any(below[-1]):
        below.pop()
    if not below:
        raise UnreadableSheet("Ce fichier n’a aucune ligne sous les titres des colonnes.")
    return Sheet(headings, below, place + 1)


def _place_of_headings(rows: list[list[str]], is_heading: Callable[[str], bool]) -> int:
    scores = [sum(1 for cell in row if is_heading(cell)) for row in rows[:SEARCHED]]
    if scores and max(scores) > 0:
        return scores.index(max(scores))
    filled = [place for place, row in enumerate(rows[:SEARCHED]) if any(row)]
    if not filled:
        raise UnreadableSheet("Ce fichier est vide.")
    return filled[0]


def _trimmed(row: list[str]) -> list[str]:
    while row and not row[-1]:
        row = row[:-1]
    return row


def _text_rows(content: bytes) -> Iterator[list[str]]:
    text = _decoded(content)
    if "\0" in text:
        raise UnreadableSheet("Ce fichier n’est ni un CSV ni un classeur XLSX.")
    lines = [line for line in text.splitlines()[:SEARCHED] if line.strip()]
    separator = max(
        SEPARATORS, key=lambda one: max((_count(line, one) for line in lines), default=0)
    )
    try:
        yield from csv.reader(io.StringIO(text, newline=""), delimiter=separator)
    except csv.Error as error:
        raise UnreadableSheet(
            "Ce fichier CSV est mal formé : une cellule est trop longue, ou un guillemet ne se "
            "ferme pas."
        ) from error


def _count(line: str, separator: str) -> int:
    """Count a separator outside quotation marks."""
    return sum(part.count(separator) for part in line.split('"')[::2])


def _decoded(content: bytes) -> str:
    if content[:2] in (b"\xff\xfe", b"\xfe\xff"):
        return content.decode("utf-16", errors="replace")
    for encoding in ("utf-8-sig", "cp1252"):
        try:
            return content.decode(encoding)
        except UnicodeDecodeError:
            continue
    return content.decode("latin-1")


def _workbook_rows(content: bytes) -> Iterator[Iterable[Any]]:
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            if sum(one.file_size for one in archive.infolist()) > MAX_UNFOLDED_BYTES:
                raise UnreadableSheet("Ce classeur est trop gros une fois déplié.")
        book = load_workbook(io.BytesIO(content), read_only=True, data_only=True)
        yield from book.worksheets[0].iter_rows(values_only=True, max_col=MAX_COLUMNS + 1)
    except UnreadableSheet:
        raise
    except Exception as error:  # whatever a hostile archive makes the library raise
        raise UnreadableSheet(
            "Ce classeur ne se lit pas : enregistrez-le de nouveau, en XLSX ou en CSV."
        ) from error


def _cell(value: Any) -> str:
    """Return a cell as text: days as ISO 8601, whole figures without a decimal point."""
    match value:
        case None:
            return ""
        case datetime():
            return value.date().isoformat()
        case date():
            return value.isoformat()
        case float() if value.is_integer():
            return str(int(value))
    text = " ".join(str(value).replace("\0", "").split())[:MAX_CELL]
    return text[1:] if text[:1] == GUARD and text[1:2] in FORMULA and text[1:] else text
