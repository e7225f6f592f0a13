"""Reading back what an edition says, with the reading software of each of its three files."""

import re
import shutil
import subprocess
from io import BytesIO
from pathlib import Path
from tempfile import NamedTemporaryFile

import docx
import pytest
from odf import teletype, text
from odf.opendocument import load

from virage.formats.edition.docx import to_docx
from virage.formats.edition.odt import to_odt
from virage.formats.edition.pdf import to_pdf
from virage.formats.edition.tree import Edition

# The body of an A4 page in points, between what stands at the top and at the foot of each.
BODY = ("-x", "0", "-y", "90", "-W", "596", "-H", "686")
needs_poppler = pytest.mark.skipif(
    shutil.which("pdftotext") is None,
    reason="no pdftotext: install the Debian package `poppler-utils`",
)


def squeezed(words: str) -> str:
    """Return a text without what a layout may add or drop: spaces and places to cut a word."""
    return re.sub("[\\s\u200b\u00ad]", "", words)


def pdf_text(pdf: bytes, *, body_alone: bool = False, page: int = 0) -> str:
    """Return the text of a PDF, or of one of its pages, in the order in which it is told."""
    with NamedTemporaryFile(suffix=".pdf") as file:
        Path(file.name).write_bytes(pdf)
        options = ["-raw", "-nopgbrk", *(BODY if body_alone else ())]
        options += ["-f", str(page), "-l", str(page)] if page else []
        command = ["pdftotext", *options, file.name, "-"]  # noqa: S607 - where Debian puts it
        return subprocess.run(command, check=True, capture_output=True).stdout.decode()


def docx_text(content: bytes) -> str:
    """Return the text of the body, paragraphs and tables in their order."""
    body = docx.Document(BytesIO(content)).iter_inner_content()
    return "\n".join(
        one.text
        if not hasattr(one, "rows")
        else "\n".join(cell.text for row in one.rows for cell in row.cells)
        for one in body
    )


def docx_margins(content: bytes) -> str:
    """Return what stands at the top and at the foot of each page."""
    section = docx.Document(BytesIO(content)).sections[0]
    parts = (*section.header.paragraphs, *section.footer.paragraphs)
    return "\n".join(one.text for one in parts)


def odt_text(content: bytes) -> str:
    """Return the text of the body."""
    body = load(BytesIO(content)).text
    return "\n".join(map(teletype.extractText, body.childNodes))


def odt_margins(content: bytes) -> str:
    """Return what stands at the top and at the foot of each page."""
    styles = load(BytesIO(content)).masterstyles
    return "\n".join(map(teletype.extractText, styles.getElementsByType(text.P)))


def bodies(edition: Edition) -> dict[str, str]:
    """Return the squeezed text of the three files, page margins apart."""
    return {
        "pdf": squeezed(pdf_text(to_pdf(edition), body_alone=True)),
        "docx": squeezed(docx_text(to_docx(edition))),
        "odt": squeezed(odt_text(to_odt(edition))),
    }
