"""Tables of spreadsheets: what is found without being asked, and what never crashes."""

import io
import zipfile
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import Workbook
from openpyxl.styles import Font

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


@pytest.mark.parametrize("encoding", ["utf-16-le", "utf-16-be"])
def test_two_bytes_a_letter_are_found_without_their_mark(encoding: str) -> None:
    assert read(written(";", encoding)).rows == TABLE[1:]


def test_a_line_break_in_a_cell_is_a_space_and_the_next_row_keeps_its_place() -> None:
    sheet = read('Nom;Prénom;Début\r\n"Le\r\nFloc’h";Yann;\r\nNoël;;\r\n'.encode())
    assert sheet.rows == [["Le Floc’h", "Yann", ""], ["Noël", "", ""]]


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


def workbook(*rows: list, merged: str = "", blank_row: int = 0) -> bytes:
    book, file = Workbook(), io.BytesIO()
    for row in rows:
        book.active.append(row)
    if merged:
        book.active.merge_cells(merged)
    if blank_row:
        book.active.cell(blank_row, 1).font = Font(bold=True)
    book.save(file)
    return file.getvalue()


def test_a_blank_row_far_below_is_no_row() -> None:
    assert len(read(workbook(*TABLE, blank_row=3000)).rows) == 2
    assert len(read(b"Nom;Pr\r\nA;B\r\n" + b";\r\n" * 3000).rows) == 1


def test_merged_cells_are_refused_below_the_headings_alone() -> None:
    with pytest.raises(UnreadableSheet, match=r"A2:A3.*défusionnez"):
        read(workbook(*TABLE, merged="A2:A3"))
    assert len(read(workbook(["Liste du personnel"], *TABLE, merged="A1:C1")).rows) == 2


def folded_workbook(name: str, content: bytes) -> bytes:
    """Return a workbook of ours with one of its files replaced."""
    whole, file = zipfile.ZipFile(io.BytesIO(workbook(*TABLE))), io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for one in whole.namelist():
            archive.writestr(one, content if one == name else whole.read(one))
    return file.getvalue()


def test_a_bomb_is_refused_before_it_unfolds() -> None:
    bomb = folded_workbook("xl/worksheets/sheet1.xml", b" " * 80_000_000)
    assert len(bomb) < 100_000
    with pytest.raises(UnreadableSheet, match="30 Mo une fois décompressé"):
        read(bomb)
    entities = b'<!DOCTYPE a [<!ENTITY a "%s">' % (b"x" * 1000)
    for before, name in zip(b"abcdefg", b"bcdefgh", strict=True):
        entities += b'<!ENTITY %c "%s">' % (name, b"&%c;" % before * 20)
    cell = b"<sheetData><row><c t='inlineStr'><is><t>&h;</t></is></c></row></sheetData>"
    laughs = entities + b"]><worksheet>" + cell + b"</worksheet>"
    with pytest.raises(UnreadableSheet, match="ne se lit pas"):
        read(folded_workbook("xl/worksheets/sheet1.xml", laughs))


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
        (b'Nom\r\n"' + b"x" * 200_000, "mal formé à la ligne 2"),
        (b'Nom;B\r\nUn;2\r\n"Deux;3\r\nTrois;4\r\n', "mal formé à la ligne 3"),
        (b'Nom;B\r\nUn;2\r\n"De"ux;3\r\n', "mal formé à la ligne 3"),
        (b"Nom\r\n" + b"a\r\n" * 100_000, "plus de 50 lignes"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "mot de passe"),
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


def test_what_shows_nothing_is_left_out_and_a_broken_line_is_named() -> None:
    said = "Nom;Prénom\nDu\u200bp\ufe0f\u3164ont;\u202eAnne\n"
    read = read_sheet(said.encode(), max_rows=9, is_heading={"Nom", "Prénom"}.__contains__)
    assert read.rows == [["Dupont", "Anne"]]
    for end in ("\n", "\r\n", "\r"):
        broken = f"Nom;Prenom{end}Du\0pont;A{end}".encode()
        with pytest.raises(UnreadableSheet, match="ligne 2 est abîmée"):
            read_sheet(broken, max_rows=9, is_heading=bool)
