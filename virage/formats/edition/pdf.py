"""An edition as a tagged PDF, in the modes PDF/A-2a and PDF/UA-1 of typst.

No text of an edition becomes source: `page.typ` reads them all as data.
"""

from dataclasses import asdict
from functools import cache
from pathlib import Path
from typing import Any

import msgspec
import typst

from virage.formats.edition.glyphs import FONTS, drawable
from virage.formats.edition.tree import Edition

LAYOUT = Path(__file__).with_name("page.typ")
STANDARDS: list[Any] = ["a-2a", "ua-1"]


def to_pdf(edition: Edition) -> bytes:
    """Return the file; the same layout and letters on any machine, for the fonts are ours."""
    told = msgspec.to_builtins(edition)
    told["blocks"] = [{"kind": type(block).__name__, **asdict(block)} for block in edition.blocks]
    return typst.compile(
        LAYOUT,
        font_paths=_fonts(),
        sys_inputs={"edition": drawable(msgspec.json.encode(told).decode())},
        pdf_standards=STANDARDS,
    )


@cache
def _fonts() -> typst.Fonts:
    return typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=[FONTS])
