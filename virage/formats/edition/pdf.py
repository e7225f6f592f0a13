"""An edition as a tagged PDF, in the modes PDF/A-2a and PDF/UA-1 of typst.

No text of an edition becomes source: `page.typ` reads them all as data.
"""

import subprocess
import sys
from dataclasses import asdict
from functools import cache
from pathlib import Path
from typing import Any

import msgspec
import typst

from virage.formats.edition.glyphs import FONTS, drawable
from virage.formats.edition.tree import Block, Edition, Together

LAYOUT = Path(__file__).with_name("page.typ")
STANDARDS: list[Any] = ["a-2a", "ua-1"]
# Beyond these characters, some twenty pages, typst takes more than 50 MB, and a process never
# gives back what it took: another one is started for it, in a third of a second.
LONGEST_HERE = 50_000
LONGEST_WAIT_S = 300


def to_pdf(edition: Edition) -> bytes:
    """Return the file; the same layout and letters on any machine, for the fonts are ours."""
    told = msgspec.to_builtins(edition)
    told["blocks"] = [_told(block) for block in edition.blocks]
    words = drawable(msgspec.json.encode(told).decode())
    return _typeset(words) if len(words) <= LONGEST_HERE else _typeset_apart(words)


def _told(block: Block) -> dict[str, Any]:
    parts = {"parts": list(map(_told, block.parts))} if isinstance(block, Together) else {}
    return {"kind": type(block).__name__, **asdict(block), **parts}


def _typeset(words: str) -> bytes:
    return typst.compile(
        LAYOUT, font_paths=_fonts(), sys_inputs={"edition": words}, pdf_standards=STANDARDS
    )


def _typeset_apart(words: str) -> bytes:
    """Typeset in a process of its own; what it says of a failure could quote a person's data."""
    command = [sys.executable, "-P", "-m", "virage.formats.edition.pdf"]
    done = subprocess.run(  # noqa: S603 - our own module; the words go by its input
        command, input=words.encode(), capture_output=True, check=True, timeout=LONGEST_WAIT_S
    )
    return done.stdout


@cache
def _fonts() -> typst.Fonts:
    return typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=[FONTS])


if __name__ == "__main__":
    sys.stdout.buffer.write(_typeset(sys.stdin.buffer.read().decode()))
