"""The small PDF of a demo document: its table of objects points where they are."""

import re

import pytest

from virage.demo.pdf import one_page


def test_every_object_is_where_the_table_says() -> None:
    pdf = one_page("Contrat (signé)", ["Première ligne. " * 20, "Fin."], "EHPAD - dossier 1")
    assert pdf.startswith(b"%PDF-1.4\n")
    assert pdf.endswith(b"%%EOF\n")
    start = int(re.search(rb"startxref\n(\d+)", pdf)[1])
    assert pdf[start:].startswith(b"xref")
    offsets = [int(each) for each in re.findall(rb"(\d{10}) 00000 n", pdf)]
    assert len(offsets) == 6
    for number, offset in enumerate(offsets, start=1):
        assert pdf[offset:].startswith(b"%d 0 obj" % number)
    length = int(re.search(rb"/Length (\d+)", pdf)[1])
    content = pdf.partition(b"stream\n")[2].partition(b"\nendstream")[0]
    assert len(content) == length


def test_text_keeps_its_accents_and_its_brackets() -> None:
    pdf = one_page("Été (1)", ["L’œil"], "")
    assert "Été ".encode("cp1252") + rb"\(1\)" in pdf
    assert "L’œil".encode("cp1252") in pdf


def test_a_letter_that_the_fonts_lack_is_refused() -> None:
    with pytest.raises(UnicodeEncodeError):
        one_page("Łódź", [], "")
