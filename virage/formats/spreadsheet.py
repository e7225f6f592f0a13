"""A table in a file of a spreadsheet: CSV or XLSX read, XLSX or ODS written.

The encoding, the separator and the row of headings are found, not asked. Everything that a file may
do wrong ends in `UnreadableSheet`, with a sentence in French.
"""

import csv
import io
import re
import zipfile
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from itertools import islice
from typing import Any

from odf import style, table, text
from odf.opendocument import OpenDocumentSpreadsheet
from openpyxl import Workbook, load_workbook
from openpyxl.styles import Alignment, Font

from virage.foundation.cells import guarded, unguarded
from virage.foundation.unseen import without_unseen

SEPARATORS = (";", ",", "\t")
MAX_COLUMNS = 60
# One more character than any column takes: what is longer is told, never cut in silence.
MAX_CELL = 501
# How far down the headings are looked for: a title, a date and a blank line often come first.
SEARCHED = 10
# What a workbook may unfold to.
MAX_UNFOLDED_BYTES = 30_000_000
# How the files begin that are mistaken for a table: a workbook, and an old or locked one.
WORKBOOK, OLD_WORKBOOK = b"PK\x03\x04", b"\xd0\xcf\x11\xe0"
MERGED = re.compile(rb'<(?:\w+:)?mergeCell\s+ref="([A-Z]+(\d+):[A-Z]+\d+)"')
# How wide the columns of our own files are, in characters and in millimetres.
WIDTH, WIDTH_MM = 28, 52
LINE_ENDS = re.compile(r"\r\n?|\n")
# The longest text that a cell of XLSX holds, and what ends one that is longer.
MAX_XLSX_CELL = 32_767
CUT = " […] (la suite ne tient pas dans une cellule\u00a0: lisez-la dans Virage)"
# Signs that neither kind of file can hold.
CONTROLS = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")


class UnreadableSheet(Exception):
    """The file is no table that can be read; the message says why and what to do, in French."""


@dataclass(frozen=True)
class Sheet:
    """Headings, rows of as many cells, and the number in the file of the row of headings."""

    headings: list[str]
    rows: list[list[str]]
    heading_row: int


Value = str | int | date | None


@dataclass(frozen=True, kw_only=True)
class Table:
    """A table to be written: its name, its headings, rows of as many cells."""

    name: str
    headings: Sequence[str]
    rows: Sequence[Sequence[Value]]


def to_xlsx(tables: Iterable[Table]) -> bytes:
    """Return a workbook with a sheet for each table; no cell is run as a formula."""
    book = Workbook()
    book.remove(book.worksheets[0])
    for one in tables:
        sheet = book.create_sheet(one.name)
        sheet.append([_guarded(heading) for heading in one.headings])
        for row in one.rows:
            sheet.append([_fitted(_guarded(cell)) for cell in row])
        for column in sheet.columns:
            sheet.column_dimensions[column[0].column_letter].width = WIDTH
            column[0].font = Font(bold=True)
            for cell in column:
                cell.alignment = Alignment(wrap_text=True, vertical="top")
        sheet.freeze_panes = "A2"
    written = io.BytesIO()
    book.save(written)
    return written.getvalue()


def to_ods(tables: Iterable[Table]) -> bytes:
    """Return an OpenDocument workbook with a sheet for each table; no cell is run as a formula."""
    book = OpenDocumentSpreadsheet()
    wide = style.Style(name="wide", family="table-column")
    wide.addElement(style.TableColumnProperties(columnwidth=f"{WIDTH_MM}mm"))
    bold = style.Style(name="heading", family="table-cell")
    bold.addElement(style.TextProperties(fontweight="bold"))
    for look in (wide, bold):
        book.automaticstyles.addElement(look)
    for one in tables:
        sheet = table.Table(name=one.name)
        sheet.addElement(table.TableColumn(stylename=wide, numbercolumnsrepeated=len(one.headings)))
        _add_row(sheet, one.headings, stylename=bold)
        for row in one.rows:
            _add_row(sheet, row)
        book.spreadsheet.addElement(sheet)
    written = io.BytesIO()
    book.write(written)
    return written.getvalue()


def _add_row(sheet: Any, cells: Sequence[Value], **look: Any) -> None:
    row = table.TableRow()
    for value in cells:
        match value:
            case None:
                cell = table.TableCell(**look)
            case date():
                cell = table.TableCell(valuetype="date", datevalue=value.isoformat(), **look)
                cell.addElement(text.P(text=f"{value:%d/%m/%Y}"))
            case int():
                cell = table.TableCell(valuetype="float", value=value, **look)
                cell.addElement(text.P(text=str(value)))
            case _:
                cell = table.TableCell(valuetype="string", **look)
                for line in str(_guarded(value)).split("\n"):
                    cell.addElement(text.P(text=line))
        row.addElement(cell)
    sheet.addElement(row)


def _guarded(value: Value) -> Value:
    """Return a cell that no spreadsheet runs: a text that begins as a formula is guarded, and what
    no file may hold is left out."""
    if not isinstance(value, str):
        return value
    return guarded(CONTROLS.sub("", LINE_ENDS.sub("\n", value)))


def _fitted(value: Value) -> Value:
    """Return a cell of XLSX: a text too long for one says where it is cut, else it ends unsaid."""
    if not isinstance(value, str) or len(value) <= MAX_XLSX_CELL:
        return value
    return value[: MAX_XLSX_CELL - len(CUT)] + CUT


def read_sheet(content: bytes, *, max_rows: int, is_heading: Callable[[str], bool]) -> Sheet:
    """Read the first table of a file; `is_heading` says which words are those of a heading.

    The headings are the row, among the first ten, that has most of these words. Rows keep their
    places: a blank one is given without any text.
    """
    if content[:4] == OLD_WORKBOOK:
        raise UnreadableSheet(
            "Ce classeur est protégé par un mot de passe, ou d’un ancien format (.xls) : "
            "enregistrez-le en XLSX, sans mot de passe."
        )
    rows: list[list[str]] = []
    merged: list[tuple[str, int]] = []
    is_workbook = content[:4] == WORKBOOK
    for raw in _workbook_rows(content, merged) if is_workbook else _text_rows(content):
        row = [_cell(value) for value in islice(raw, MAX_COLUMNS + 1)]
        if len(rows) < max_rows + SEARCHED:
            rows.append(row)
        elif any(row):  # blank rows below a table, which a colour or a border makes, are no rows
            raise _too_long(max_rows)
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
    if len(below) > max_rows:
        raise _too_long(max_rows)
    _refuse_merged(merged, place + 1)
    return Sheet(headings, below, place + 1)


def _too_long(max_rows: int) -> UnreadableSheet:
    return UnreadableSheet(f"Ce fichier a plus de {max_rows} lignes : partagez-le en plusieurs.")


def _place_of_headings(rows: list[list[str]], is_heading: Callable[[str], bool]) -> int:
    scores = [sum(1 for cell in row if is_heading(cell)) for row in rows[:SEARCHED]]
    if scores and max(scores) > 0:
        return scores.index(max(scores))
    filled = [place for place, row in enumerate(rows[:SEARCHED]) if any(row)]
    if not filled:
        raise UnreadableSheet(
            "Ce fichier est vide, ou sa première feuille l’est : mettez-y le tableau."
        )
    return filled[0]


def _trimmed(row: list[str]) -> list[str]:
    while row and not row[-1]:
        row = row[:-1]
    return row


def _text_rows(content: bytes) -> Iterator[list[str]]:
    text = _decoded(content)
    if "\0" in text:
        line = len(LINE_ENDS.findall(text[: text.index("\0")])) + 1
        raise UnreadableSheet(
            "Ce fichier n’est ni un CSV ni un classeur XLSX, ou sa ligne "
            f"{line} est abîmée : un signe nul s’y trouve."
        )
    lines = [line for line in text.splitlines()[:SEARCHED] if line.strip()]
    separator = max(
        SEPARATORS, key=lambda one: max((_count(line, one) for line in lines), default=0)
    )
    # Strict: a quotation mark that does not close would swallow the rows that follow it.
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True)
    line = 1
    try:
        for row in reader:
            yield row
            line = reader.line_num + 1
    except csv.Error as error:
        raise UnreadableSheet(
            f"Ce fichier CSV est mal formé à la ligne {line} : un guillemet ne s’y ferme pas, ou "
            "se ferme au milieu d’une cellule. Enregistrez de nouveau le tableau en CSV ou en XLSX."
        ) from error


def _count(line: str, separator: str) -> int:
    """Count a separator outside quotation marks."""
    return sum(part.count(separator) for part in line.split('"')[::2])


def _decoded(content: bytes) -> str:
    if content[:2] in (b"\xff\xfe", b"\xfe\xff"):
        return content.decode("utf-16", errors="replace")
    if content[1:2] == b"\0" or content[:1] == b"\0":
        endian = "le" if content[1:2] == b"\0" else "be"
        return content.decode(f"utf-16-{endian}", errors="replace")
    for encoding in ("utf-8-sig", "cp1252"):
        try:
            return content.decode(encoding)
        except UnicodeDecodeError:
            continue
    return content.decode("latin-1")


def _workbook_rows(content: bytes, merged: list[tuple[str, int]]) -> Iterator[Iterable[Any]]:
    """Yield the rows of the first sheet; `merged` receives its merged cells, with the last row."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            if sum(one.file_size for one in archive.infolist()) > MAX_UNFOLDED_BYTES:
                raise UnreadableSheet(
                    f"Ce classeur dépasse {MAX_UNFOLDED_BYTES // 10**6} Mo une fois décompressé : "
                    "gardez la feuille du tableau seule, ou enregistrez-la en CSV."
                )
            book = load_workbook(io.BytesIO(content), read_only=True, data_only=True)
            sheet = book.worksheets[0]
            # Some programs write a size that is not, or no longer, that of the table.
            sheet.reset_dimensions()
            # Of a sheet read row by row, the library gives no merged cells.
            text = archive.read(sheet._worksheet_path)  # type: ignore[attr-defined]
            for cells, row in MERGED.findall(text):
                merged.append((cells.decode(), int(row)))
        yield from sheet.iter_rows(values_only=True, max_col=MAX_COLUMNS + 1)
    except UnreadableSheet:
        raise
    except Exception as error:  # whatever a hostile archive makes the library raise
        raise UnreadableSheet(
            "Ce classeur ne se lit pas : enregistrez-le de nouveau, en XLSX ou en CSV."
        ) from error


def _refuse_merged(merged: Iterable[tuple[str, int]], heading_row: int) -> None:
    """Refuse cells merged below the headings: all but the first would read as empty."""
    for cells, last_row in merged:
        if last_row > heading_row:
            raise UnreadableSheet(
                f"Des cellules sont fusionnées sous les titres ({cells}) : défusionnez-les et "
                "écrivez la valeur à chaque ligne."
            )


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
    return unguarded(" ".join(without_unseen(str(value)).split())[:MAX_CELL])
