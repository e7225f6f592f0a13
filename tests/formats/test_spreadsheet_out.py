"""Tables written as workbooks: what is written is read again, and nothing runs."""

import io
import zipfile
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st
from odf.opendocument import load
from odf.table import Table as OdfTable
from odf.table import TableCell, TableRow
from odf.teletype import extractText
from odf.text import P
from openpyxl import load_workbook

from virage.formats.spreadsheet import Table, read_sheet, to_ods, to_xlsx

HOSTILE = ("=1+1", "+33", "-2", "@SUM(A1)")
TABLE = Table(
    name="Actions",
    headings=("Action", "Échéance", "Avancement"),
    rows=[("Sortir", date(2026, 3, 31), 40), *((text, None, 0) for text in HOSTILE)],
)


def ods_rows(content: bytes) -> list[list[str]]:
    sheets = load(io.BytesIO(content)).getElementsByType(OdfTable)
    rows = sheets[0].getElementsByType(TableRow)
    return [[extractText(cell) for cell in row.getElementsByType(TableCell)] for row in rows]


def test_no_cell_of_a_workbook_is_a_formula() -> None:
    sheet = load_workbook(io.BytesIO(to_xlsx([TABLE]))).worksheets[0]
    assert {cell.data_type for row in sheet.iter_rows() for cell in row} <= {"s", "n", "d"}
    assert [sheet.cell(3 + place, 1).value for place in range(4)] == [f"'{one}" for one in HOSTILE]
    assert sheet.cell(2, 2).value.date() == date(2026, 3, 31)


def test_no_cell_of_an_opendocument_is_a_formula() -> None:
    content = to_ods([TABLE])
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        assert b"formula" not in archive.read("content.xml")
    rows = ods_rows(content)
    assert rows[:2] == [["Action", "Échéance", "Avancement"], ["Sortir", "31/03/2026", "40"]]
    assert [row[0] for row in rows[2:]] == [f"'{one}" for one in HOSTILE]


def test_several_tables_are_several_sheets() -> None:
    tables = [TABLE, Table(name="Objectifs", headings=("Objectif",), rows=[])]
    assert load_workbook(io.BytesIO(to_xlsx(tables))).sheetnames == ["Actions", "Objectifs"]


def test_a_text_keeps_its_lines() -> None:
    table = Table(name="Actions", headings=("Action",), rows=[("Sortir\r\nau jardin",)])
    cell = load_workbook(io.BytesIO(to_xlsx([table]))).worksheets[0].cell(2, 1)
    assert cell.value == "Sortir\nau jardin"
    sheet = load(io.BytesIO(to_ods([table]))).getElementsByType(OdfTable)[0]
    cell = sheet.getElementsByType(TableCell)[1]
    assert [extractText(line) for line in cell.getElementsByType(P)] == ["Sortir", "au jardin"]


def test_a_text_too_long_for_a_cell_says_so() -> None:
    table = Table(name="Actions", headings=("Action",), rows=[("long " * 10_000,)])
    said = load_workbook(io.BytesIO(to_xlsx([table]))).worksheets[0].cell(2, 1).value
    assert len(said) == 32_767 and said.endswith("lisez-la dans Virage)")
    assert ods_rows(to_ods([table]))[1] == ["long " * 10_000]


@given(st.lists(st.text(max_size=40), min_size=1, max_size=5))
@pytest.mark.filterwarnings("ignore::DeprecationWarning")
def test_any_text_is_written_and_read_again(texts: list[str]) -> None:
    rows = [("x", text) for text in texts]
    table = Table(name="Actions", headings=("Action", "Texte"), rows=rows)
    read = read_sheet(to_xlsx([table]), max_rows=10, is_heading=lambda word: word == "Texte")
    assert len(read.rows) == len(texts)
    assert len(ods_rows(to_ods([table]))) == len(texts) + 1
