"""The words of a narrative: the human text that CDA keeps in a section, and FHIR in `text.div`.

Markup is never shown: a paragraph, an item of a list and a row of a table become a line each, the
cells of a row parted by a point.
"""

import json
import re
from collections.abc import Iterator

from lxml import etree

LINES = {
    *("br", "caption", "div", "item", "li", "list", "ol", "p", "paragraph"),
    *("table", "text", "title", "tr", "ul", "h1", "h2", "h3", "h4", "h5", "h6"),
}
CELLS = {"td", "th"}
SILENT = {"script", "style"}
SPACES = re.compile(r"\s+")


def narrative_of(kind: str, content: str) -> str:
    """The words of the narratives in a leftover, a line each; empty when there is none to read."""
    try:
        texts = READERS[kind](content) if kind in READERS else []
        marked = "".join(mark for text in texts for mark in _marks(text))
    except (ValueError, SyntaxError, RecursionError):
        return ""
    lines = (_line(line) for line in marked.split("\n"))
    return "\n".join(line for line in lines if line)


def _of_cda(content: str) -> list[etree._Element]:
    parser = etree.XMLParser(resolve_entities=False, load_dtd=False, no_network=True)
    part = etree.fromstring(content.encode(), parser)
    return [text for text in part.iter("{*}text") if _is_narrative(text.getparent())]


def _is_narrative(parent: etree._Element | None) -> bool:
    """A part cut out of a document is the narrative itself, or holds sections that have one."""
    return parent is None or etree.QName(parent).localname == "section"


def _of_fhir(content: str) -> list[etree._Element]:
    match json.loads(content):
        case {"text": {"div": str(div)}} | {"div": str(div)} if div.strip():
            # The parser of HTML knows its entities and reads on after a fault.
            page = etree.fromstring(div, etree.HTMLParser(no_network=True))
            return [] if page is None else [page]
    return []


READERS = {"cda-element": _of_cda, "fhir-resource": _of_fhir, "fhir-element": _of_fhir}


def _marks(element: etree._Element) -> Iterator[str]:
    """The texts in order, a line break around what stands on its own line, a tab before a cell."""
    # A word processor leaves names such as `o:p`, which no namespace explains.
    name = str(element.tag).rpartition("}")[2]
    if name in SILENT:
        return
    mark = "\n" if name in LINES else "\t" if name in CELLS else ""
    yield mark
    yield SPACES.sub(" ", element.text or "")
    for child in element:
        if isinstance(child.tag, str):
            yield from _marks(child)
        yield SPACES.sub(" ", child.tail or "")
    yield mark


def _line(marked: str) -> str:
    cells = (cell.strip() for cell in marked.split("\t"))
    return " · ".join(cell for cell in cells if cell)
