"""Tables of spreadsheets: what is found without being asked, and what never crashes."""

import io
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import Workbook

from virage.formats.spreadsheet import UnreadableSheet, read_sheet

HEADINGS = {"Nom", "Prénom", "Début"}
TABLE = [["Nom", "Prénom", "Début"], ["Lefèvre", "Zoé", "2026-01-05"], ["Noël", "", ""]]


def read(content: bytes, max_rows: int = 50):
    return read_sheet(content, max_rows=max_rows, is_heading=HEADINGS.__contains__)


def written(separator: str, encoding: str) -> bytes:
    return "\r\n".join(separator.join(row) for row in TABLE).encode(encoding)


@pytest.mark.parametrize("separator", [";", ",", "\t"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252", "utf-16"])
def test_the_encoding_and_the_separator_are_found(separator: str, encoding: str) -> None:
    sheet = read(written(separator, encoding))
    assert (sheet.headings, sheet.rows, sheet.heading_row) == (TABLE[0], TABLE[1:], 1)


def test_headings_are_found_under_a_title_and_quotes_hide_separators() -> None:
    sheet = read(
        b'"Liste, du personnel; 2026"\r\n\r\nNom;Pr\xc3\xa9nom;D\xc3\xa9but\r\n"A;B";C;\r\n'
    )
    assert (sheet.headings, sheet.rows, sheet.heading_row) == (TABLE[0], [["A;B", "C", ""]], 3)


def test_a_workbook_gives_days_and_whole_figures() -> None:
    book, file = Workbook(), io.BytesIO()
    book.active.append(["Nom", "Prénom", "Début"])
    book.active.append(["Lefèvre", 12345678901.0, date(2026, 1, 5)])
    book.save(file)
    assert read(file.getvalue()).rows == [["Lefèvre", "12345678901", "2026-01-05"]]


def test_what_our_own_files_guarded_is_read_as_it_was() -> None:
    assert read(b"Nom;Pr\r\n'=1+1;'+33612345678\r\n'Aho;x\r\n").rows == [
        ["=1+1", "+33612345678"],
        ["'Aho", "x"],
    ]


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (b"", "vide"),
        (b"Nom;Pr\xc3\xa9nom\r\n", "aucune ligne"),
        (b"Nom\r\n" + b"a\r\n" * 80, "plus de 50 lignes"),
        (b"Nom;" + b";".join(b"c%d" % n for n in range(80)) + b"\r\na", "plus de 60 colonnes"),
        (b"%PDF-1.7\x00\x00", "ni un CSV"),
        (b"PK\x03\x04 not a workbook", "ne se lit pas"),
        (b'Nom\r\n"' + b"x" * 200_000, "mal formé"),
    ],
)
def test_what_is_no_table_is_refused_in_french(content: bytes, told: str) -> None:
    with pytest.raises(UnreadableSheet, match=told):
        read(content)


@given(st.binary(max_size=300) | st.binary(max_size=200).map(lambda b: b"PK\x03\x04" + b))
def test_no_file_crashes(content: bytes) -> None:
    try:
        sheet = read(content)
    except UnreadableSheet as refused:
        assert str(refused).endswith((".", ""))
    else:
        assert all(len(row) == len(sheet.headings) for row in sheet.rows)
