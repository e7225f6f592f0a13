"""An edition as a word-processor file (Office Open XML), to be completed by hand."""

from collections.abc import Sequence
from io import BytesIO
from typing import cast

from docx import Document
from docx.document import Document as DocumentObject
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Emu, Mm, Pt, RGBColor
from docx.styles.style import ParagraphStyle
from docx.table import Table as DocxTable
from docx.text.paragraph import Paragraph as DocxParagraph

from virage.formats.edition.tree import (
    Block,
    Edition,
    Heading,
    Items,
    Paragraph,
    Part,
    Signatures,
    Table,
    Together,
    Values,
)

BRAND = RGBColor(0x0B, 0x5A, 0x63)
MARGIN = Mm(18)
WIDTH = Mm(210 - 2 * 18)
FONT, SIZE, SMALL = "Arial", Pt(9.5), Pt(8)
SIGNING_ROOM = Mm(28)
# ISO/IEC 29500-2: what a core property holds at most, as python-docx counts it.
MOST_OF_A_PROPERTY = 255


def to_docx(edition: Edition) -> bytes:
    """Return the file; its headings, lists and header rows are real ones."""
    document = Document()
    _set_styles(document)
    properties = document.core_properties
    properties.title = edition.title[:MOST_OF_A_PROPERTY]
    properties.author = edition.structure[0][:MOST_OF_A_PROPERTY]
    properties.language, properties.comments = "fr-FR", ""
    _set_margins(document, edition)
    document.add_heading(edition.title, level=0)
    if edition.subtitle:
        document.add_paragraph(edition.subtitle)
    for block in edition.blocks:
        _write(document, block)
    file = BytesIO()
    document.save(file)
    return file.getvalue()


def _set_styles(document: DocumentObject) -> None:
    for name, size in (("Normal", SIZE), ("Title", Pt(16)), ("Heading 1", Pt(11.5))):
        style = cast(ParagraphStyle, document.styles[name])
        style.font.name, style.font.size = FONT, size
        fonts = style.element.get_or_add_rPr().get_or_add_rFonts()
        for theme in ("asciiTheme", "hAnsiTheme", "eastAsiaTheme", "cstheme"):
            fonts.attrib.pop(qn(f"w:{theme}"), None)
        if name != "Normal":
            style.font.color.rgb = BRAND
    for language in document.styles.element.iter(qn("w:lang")):
        language.set(qn("w:val"), "fr-FR")


def _set_margins(document: DocumentObject, edition: Edition) -> None:
    """Write what stands on every page."""
    section = document.sections[0]
    section.page_width, section.page_height = Mm(210), Mm(297)
    section.left_margin = section.right_margin = MARGIN
    head = [(line, False) for line in edition.structure]
    head += [(line, True) for line in (*edition.identity, edition.state) if line]
    _small(section.header.paragraphs[0], head)
    section.header.paragraphs[0].paragraph_format.space_after = Mm(4)
    foot = section.footer.paragraphs[0]
    _small(foot, [(edition.mark, False), (edition.maker, False), ("Page ", False)])
    _field(foot, "PAGE")
    foot.add_run("/").font.size = SMALL
    _field(foot, "NUMPAGES")


def _small(paragraph: DocxParagraph, lines: Sequence[tuple[str, bool]]) -> None:
    for rank, (line, is_strong) in enumerate(lines):
        run = paragraph.add_run(f"\n{line}" if rank else line)
        run.font.size, run.bold = SMALL, is_strong


def _field(paragraph: DocxParagraph, instruction: str) -> None:
    """Add a number that the reader's software computes."""
    run = paragraph.add_run()
    run.font.size = SMALL
    field = OxmlElement("w:fldSimple")
    field.set(qn("w:instr"), instruction)
    paragraph._p.append(field)
    field.append(run._r)
    run.text = "1"


def _write(document: DocumentObject, block: Block) -> None:
    match block:
        case Heading(text):
            document.add_heading(text, level=1)
        case Paragraph(text, is_strong):
            document.add_paragraph().add_run(text).bold = is_strong
        case Items(texts):
            for text in texts:
                document.add_paragraph(text, style="List Bullet")
        case Values(pairs):
            _fill(document, pairs, shares=(1, 2), strong_column=1)
        case Table(columns, rows):
            labels = tuple(column.label for column in columns)
            shares = tuple(column.share for column in columns)
            table = _fill(document, [labels, *rows], shares=shares, style="Table Grid")
            _repeat_first_row(table)
        case Signatures(labels):
            table = _fill(document, [labels], shares=[1] * len(labels), style="Table Grid")
            table.rows[0].height = SIGNING_ROOM
        case Together(parts):
            _keep_together(document, parts)


def _keep_together(document: DocumentObject, parts: Sequence[Part]) -> None:
    """Write parts of which each keeps to the page of the next one."""
    written = set(document.element.body)
    for part in parts:
        _write(document, part)
    added = [one for one in document.element.body if one not in written]
    lines = [line for one in added for line in one.iter(qn("w:p"))]
    for line in lines:
        DocxParagraph(line, document._body).paragraph_format.keep_together = True
    for line in lines[:-1]:
        DocxParagraph(line, document._body).paragraph_format.keep_with_next = True


def _fill(
    document: DocumentObject,
    rows: Sequence[Sequence[str]],
    *,
    shares: Sequence[int],
    style: str = "Normal Table",
    strong_column: int | None = None,
) -> DocxTable:
    table: DocxTable = document.add_table(rows=len(rows), cols=len(shares), style=style)
    table.autofit = False
    widths = [Emu(int(WIDTH * share / sum(shares))) for share in shares]
    for column, width in zip(table.columns, widths, strict=True):
        column.width = width
    for line, texts in zip(table.rows, rows, strict=True):
        for rank, (cell, text) in enumerate(zip(line.cells, texts, strict=True)):
            cell.width = widths[rank]
            run = cell.paragraphs[0].add_run(text)
            run.bold = rank == strong_column
    return table


def _repeat_first_row(table: DocxTable) -> None:
    """Have the labels of the columns come again at the top of each page."""
    first = table.rows[0]
    first._tr.get_or_add_trPr().append(OxmlElement("w:tblHeader"))
    for cell in first.cells:
        for run in cell.paragraphs[0].runs:
            run.bold = True
