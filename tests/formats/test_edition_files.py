"""One tree, three files: the same words and figures in each, none interpreted, none lost."""

import re
import zipfile
from collections import Counter
from dataclasses import replace
from io import BytesIO
from pathlib import Path

import docx
import pdfua
import pikepdf
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.formats.edition_texts import (
    bodies,
    docx_margins,
    docx_text,
    needs_poppler,
    odt_margins,
    pdf_text,
    squeezed,
)
from virage.formats.edition.docx import to_docx
from virage.formats.edition.glyphs import drawable
from virage.formats.edition.odt import to_odt
from virage.formats.edition.pdf import to_pdf
from virage.formats.edition.tree import (
    Block,
    Column,
    Edition,
    Heading,
    Items,
    Paragraph,
    Signatures,
    Table,
    Together,
    Values,
    cleaned,
    texts_of,
)

MARKS = (
    "#set page(width: 1cm) $x^2$ @ref *gras* _pente_ `code` <b>x</b> &amp; \\u{41} \"q\" 'q' //x"
)


def edition(*blocks: Block, **given: str) -> Edition:
    framed = {"title": "Recueil", "subtitle": "", "state": "", "mark": "Confidentiel"} | given
    whole = Edition(
        structure=("Les Quatre Vents", "EHPAD Les Tilleuls · FINESS 990000101"),
        identity=("Nom de naissance\u00a0: LAMBERT", "Document non qualifié INS"),
        maker="Édité le 28/11/2026 par Alice Martel, Infirmière",
        blocks=blocks,
        **framed,
    )
    return cleaned(whole)


def rows(count: int) -> Table:
    columns = (Column("Numéro"), Column("Texte", 5), Column("Somme", 2))
    return Table(
        columns,
        tuple((f"n{i}", f"Repas pris, {i * 7} g. {MARKS}", f"{i},25 €") for i in range(count)),
    )


WHOLE = edition(
    Heading("État civil"),
    Values((("Nom", "LAMBERT Rose"), ("Prénom", "Rose\nMarie"), ("Note", MARKS))),
    Paragraph("Un paragraphe de 3 lignes.\nDeuxième.\nTroisième.", is_strong=True),
    Items(("Allergie : arachide", MARKS)),
    Heading("Figures"),
    rows(12),
    Signatures(("La personne", "Le professionnel")),
    Together((Paragraph("Une question", is_strong=True), Values((("Oui", "Non"),)), rows(2))),
    subtitle="Du 01/11/2026 au 28/11/2026",
)


def numbers(words: str) -> Counter[str]:
    return Counter(re.findall(r"\d+", words))


@needs_poppler
def test_the_three_files_say_the_same() -> None:
    found = bodies(WHOLE)
    told = [WHOLE.title, WHOLE.subtitle, *texts_of(WHOLE.blocks)]
    for name, text in found.items():
        at = 0
        for words in map(squeezed, told):
            assert words in text[at:], f"{name} lacks {words!r}, or tells it elsewhere"
            at = text.index(words, at) + len(words)
    # The first page of a PDF tells the person in its body; the others in the margins of each page.
    identity = squeezed("".join(WHOLE.identity))
    assert numbers(found["pdf"].replace(identity, "")) == numbers(found["docx"])
    assert numbers(found["docx"]) == numbers(found["odt"]) == numbers("".join(map(squeezed, told)))


@needs_poppler
def test_each_page_says_whose_it_is_who_edits_it_and_that_it_is_provisional() -> None:
    long = edition(rows(200), state="Provisoire")
    told = [*long.structure, *long.identity, long.mark, long.maker, long.state]
    pdf = to_pdf(long)
    with pikepdf.open(BytesIO(pdf)) as file:
        page_count = len(file.pages)
    assert page_count > 3
    text = pdf_text(pdf)
    for words in told:
        assert squeezed(text).count(squeezed(words)) == page_count
    assert [f"Page {n}/{page_count}" in text for n in range(1, page_count + 1)] == [
        True
    ] * page_count
    # The labels of the columns come again.
    assert text.count("Numéro") == page_count
    for margins in (docx_margins(to_docx(long)), odt_margins(to_odt(long))):
        assert all(words in margins for words in told)
        assert "Page " in margins


def test_a_pdf_is_tagged_in_french_with_its_title() -> None:
    pdf = to_pdf(WHOLE)
    with pikepdf.open(BytesIO(pdf)) as file:
        root, metadata = file.Root, file.open_metadata()
        assert root.MarkInfo.Marked
        assert str(root.Lang) == "fr-FR"
        assert root.ViewerPreferences.DisplayDocTitle
        assert metadata["dc:title"] == WHOLE.title
        assert (metadata["pdfaid:part"], metadata["pdfaid:conformance"]) == ("2", "A")
        assert metadata["pdfuaid:part"] == "1"
    assert b"/JavaScript" not in pdf
    assert not pdfua.validate(BytesIO(pdf)).findings


# What people type, and what they paste: marks of typst and XML, emojis, other scripts, controls.
TYPED = st.text(
    st.one_of(
        st.sampled_from(
            list("#$@*_`<>&\\/\"'~[]{}()=-+|^%:;\n\t \u00a0éàœ€«»’👵🤗中\x00\x07\u202e\ufeff")
        ),
        st.characters(min_codepoint=0x20, max_codepoint=0x24F),
    ),
    max_size=80,
)


@needs_poppler
@settings(max_examples=25)
@given(st.lists(TYPED, min_size=2, max_size=2), TYPED, st.lists(TYPED, min_size=1, max_size=4))
def test_no_text_is_lost_or_interpreted(pair: list[str], text: str, cells: list[str]) -> None:
    table = Table((Column("A"), Column("B", 2)), tuple((cell, cell) for cell in cells))
    typed = edition(Values(((pair[0], pair[1]),)), Paragraph(text), Items((text,)), table)
    found = bodies(typed)
    for words in texts_of(typed.blocks):
        assert squeezed(drawable(words)) in found["pdf"]
        assert squeezed(words) in found["docx"]
        assert squeezed(words) in found["odt"]


@needs_poppler
def test_what_stands_together_is_on_one_page_where_one_can_hold_it() -> None:
    questions = [
        Together((Paragraph(f"Question {rank}.", is_strong=True), Paragraph("☐ Oui\n" * rank)))
        for rank in (*range(1, 30), 200)
    ]
    asked = edition(*questions)
    with pikepdf.open(BytesIO(to_pdf(asked))) as file:
        count = len(file.pages)
    pages = [pdf_text(to_pdf(asked), page=number) for number in range(1, count + 1)]
    for rank in range(1, 30):
        (page,) = [one for one in pages if f"Question {rank}.\n" in one]
        after = page.partition(f"Question {rank}.\n")[2].partition("Question")[0]
        assert after.count("Oui") == rank
    assert sum(page.count("Oui") for page in pages) == sum(range(30)) + 200
    written = docx.Document(BytesIO(to_docx(edition(questions[4])))).paragraphs[1:]
    assert [one.paragraph_format.keep_with_next for one in written] == [True, None]
    kept = zipfile.ZipFile(BytesIO(to_odt(edition(questions[4])))).read("content.xml").decode()
    assert ('"StrongKept">Question 5' in kept, '"StandardKept"' in kept) == (True, False)


@needs_poppler
def test_other_scripts_and_emojis_are_told() -> None:
    written = edition(Paragraph("שלום"), Paragraph("Привет"), Paragraph("👵🏽 va bien 中"))
    found = bodies(written)
    assert "שלום" in found["docx"]
    assert "שלום" in found["odt"]
    assert sorted("שלום") == sorted(letter for letter in found["pdf"] if letter in "שלום")
    assert "Привет" in found["pdf"]
    assert "👵🏽" in found["odt"]
    assert "vabien[U+4E2D]" in found["pdf"]
    assert "femmeâgée" in found["pdf"]


@needs_poppler
def test_a_very_long_text_without_a_space_stays_on_the_page() -> None:
    long = "0123456789" * 2000
    found = bodies(edition(Paragraph(long), Table((Column("A"), Column("B")), ((long, "fin"),))))
    for text in found.values():
        assert text.count("7") == 4000
        assert "fin" in text


@pytest.mark.parametrize("block", [Items(()), Values(()), Table((Column("A"),), ())])
def test_nothing_to_say_is_no_error(block: Block) -> None:
    empty = edition(block)
    assert to_pdf(empty).startswith(b"%PDF-1.7")
    assert to_docx(empty).startswith(b"PK")
    assert to_odt(empty).startswith(b"PK")


def test_a_long_pdf_is_set_apart_and_leaves_no_memory_behind() -> None:
    def resident_mb() -> int:
        return int(Path("/proc/self/statm").read_text().split()[1]) * 4096 // 2**20

    to_pdf(edition(rows(20)))
    long, before = edition(rows(2000)), resident_mb()
    assert to_pdf(long).startswith(b"%PDF-")
    assert resident_mb() - before < 40


def test_a_title_longer_than_a_property_stays_whole_on_the_page() -> None:
    title, association = "Compte rendu " * 40, "Association " * 40
    long = replace(WHOLE, title=title, structure=(association,))
    content = to_docx(long)
    assert title.strip() in docx_text(content)
    assert association.strip() in docx_margins(content)
