"""An edition as an OpenDocument text, to be completed by hand."""

from collections.abc import Iterable, Sequence
from io import BytesIO
from typing import Any

from odf import dc, style, table, text
from odf.opendocument import OpenDocumentText
from odf.teletype import addTextToElement

from virage.formats.edition.tree import (
    Block,
    Column,
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

Element = Any
BRAND = "#0b5a63"
WIDTH_MM = 210 - 2 * 18
PARAGRAPHS: dict[str, dict[str, Any]] = {
    "Standard": {"text": {"fontsize": "9.5pt"}, "paragraph": {"marginbottom": "2mm"}},
    "Title": {"text": {"fontsize": "16pt", "fontweight": "bold", "color": BRAND}},
    "Heading": {
        "text": {"fontsize": "11.5pt", "fontweight": "bold", "color": BRAND},
        "paragraph": {"margintop": "5mm", "marginbottom": "2mm", "keepwithnext": "always"},
    },
    "Strong": {"text": {"fontsize": "9.5pt", "fontweight": "bold"}},
    "Cell": {"text": {"fontsize": "9.5pt"}},
    "Small": {"text": {"fontsize": "8pt"}},
    "SmallStrong": {"text": {"fontsize": "8pt", "fontweight": "bold"}},
}
# Each has another that keeps to the page of the next one.
KEPT = "Kept"


def to_odt(edition: Edition) -> bytes:
    """Return the file; its headings, lists and header rows are real ones."""
    document = OpenDocumentText()
    _set_styles(document)
    for element, words in ((dc.Title, edition.title), (dc.Creator, edition.structure[0])):
        document.meta.addElement(element(text=words))
    document.meta.addElement(dc.Language(text="fr-FR"))
    _set_margins(document, edition)
    body = document.text
    body.addElement(_paragraph(edition.title, "Title", text.H, outlinelevel=1))
    if edition.subtitle:
        body.addElement(_paragraph(edition.subtitle))
    for rank, block in enumerate(edition.blocks):
        for element in _elements(document, block, f"Part{rank}"):
            body.addElement(element)
    file = BytesIO()
    document.write(file)
    return file.getvalue()


def _set_styles(document: Element) -> None:
    default = style.DefaultStyle(family="paragraph")
    default.addElement(
        style.TextProperties(language="fr", country="FR", fontfamily="Arial, 'Liberation Sans'")
    )
    document.styles.addElement(default)
    for name, given in PARAGRAPHS.items():
        paragraph = style.Style(name=name, family="paragraph")
        paragraph.addElement(style.ParagraphProperties(**given.get("paragraph", {})))
        paragraph.addElement(style.TextProperties(**given["text"]))
        document.styles.addElement(paragraph)
        kept = style.Style(name=name + KEPT, family="paragraph", parentstylename=name)
        whole = {"keepwithnext": "always", "keeptogether": "always"}
        kept.addElement(style.ParagraphProperties(**whole))
        document.styles.addElement(kept)
    cell = style.Style(name="Framed", family="table-cell")
    cell.addElement(style.TableCellProperties(border="0.4pt solid #9aa5a3", padding="1.2mm"))
    document.automaticstyles.addElement(cell)
    room = style.Style(name="ToSign", family="table-row")
    room.addElement(style.TableRowProperties(minrowheight="28mm"))
    document.automaticstyles.addElement(room)


def _set_margins(document: Element, edition: Edition) -> None:
    """Write what stands on every page."""
    layout = style.PageLayout(name="A4")
    sides = {"marginleft": "18mm", "marginright": "18mm", "margintop": "12mm"}
    layout.addElement(
        style.PageLayoutProperties(
            pagewidth="210mm", pageheight="297mm", marginbottom="12mm", **sides
        )
    )
    for place, gap in ((style.HeaderStyle, "marginbottom"), (style.FooterStyle, "margintop")):
        room = place()
        room.addElement(style.HeaderFooterProperties(minheight="10mm", **{gap: "4mm"}))
        layout.addElement(room)
    document.automaticstyles.addElement(layout)
    header, footer = style.Header(), style.Footer()
    for line in edition.structure:
        header.addElement(_paragraph(line, "Small"))
    for line in filter(None, (*edition.identity, edition.state)):
        header.addElement(_paragraph(line, "SmallStrong"))
    for line in (edition.mark, edition.maker):
        footer.addElement(_paragraph(line, "Small"))
    number = _paragraph("Page ", "Small")
    number.addElement(text.PageNumber(selectpage="current"))
    number.addText("/")
    number.addElement(text.PageCount())
    footer.addElement(number)
    master = style.MasterPage(name="Standard", pagelayoutname=layout)
    for part in (header, footer):
        master.addElement(part)
    document.masterstyles.addElement(master)


def _elements(document: Element, block: Block, name: str) -> Iterable[Element]:
    match block:
        case Heading(words):
            yield _paragraph(words, "Heading", text.H, outlinelevel=2)
        case Paragraph(words, is_strong):
            yield _paragraph(words, "Strong" if is_strong else "Standard")
        case Items(texts):
            listed = text.List()
            for words in texts:
                item = text.ListItem()
                item.addElement(_paragraph(words))
                listed.addElement(item)
            yield listed
        case Values(pairs):
            shown = _table(document, name, (1, 2))
            for label, value in pairs:
                shown.addElement(_row([_paragraph(label, "Cell"), _paragraph(value, "Strong")]))
            yield shown
        case Table(columns, rows):
            yield _ruled(document, name, columns, rows)
        case Signatures(labels):
            shown = _table(document, name, [1] * len(labels))
            cells = [_paragraph(label, "Cell") for label in labels]
            shown.addElement(_row(cells, framed="Framed", stylename="ToSign"))
            yield shown
        case Together(parts):
            yield from _kept_together(document, parts, name)


def _kept_together(document: Element, parts: Sequence[Part], name: str) -> Iterable[Element]:
    """Give parts of which each keeps to the page of the next one."""
    elements = [
        element
        for rank, part in enumerate(parts)
        for element in _elements(document, part, f"{name}.{rank}")
    ]
    lines = [line for element in elements for line in _lines(element)]
    for line in lines[:-1]:
        line.setAttribute("stylename", line.getAttribute("stylename") + KEPT)
    return elements


def _lines(element: Element) -> list[Element]:
    """Return the paragraphs of an element, itself included, in order."""
    if element.isInstanceOf(text.P) or element.isInstanceOf(text.H):
        return [element]
    return [line for one in element.childNodes for line in _lines(one)]


def _ruled(
    document: Element, name: str, columns: Sequence[Column], rows: Sequence[Sequence[str]]
) -> Element:
    shown = _table(document, name, [column.share for column in columns])
    head = table.TableHeaderRows()
    labels = [_paragraph(column.label, "Strong") for column in columns]
    head.addElement(_row(labels, framed="Framed"))
    shown.addElement(head)
    for row in rows:
        cells = [_paragraph(words, "Cell") for words in row]
        shown.addElement(_row(cells, framed="Framed"))
    return shown


def _table(document: Element, name: str, shares: Sequence[int]) -> Element:
    shown = table.Table(name=name)
    for rank, share in enumerate(shares):
        column = style.Style(name=f"{name}.{rank}", family="table-column")
        width_mm = WIDTH_MM * share / sum(shares)
        column.addElement(style.TableColumnProperties(columnwidth=f"{width_mm:.1f}mm"))
        document.automaticstyles.addElement(column)
        shown.addElement(table.TableColumn(stylename=column))
    return shown


def _row(cells: Iterable[Element], *, framed: str | None = None, **given: Any) -> Element:
    row = table.TableRow(**given)
    for content in cells:
        cell = table.TableCell(**({"stylename": framed} if framed else {}))
        cell.addElement(content)
        row.addElement(cell)
    return row


def _paragraph(words: str, name: str = "Standard", kind: Any = text.P, **given: Any) -> Element:
    paragraph = kind(stylename=name, **given)
    addTextToElement(paragraph, words)
    return paragraph
