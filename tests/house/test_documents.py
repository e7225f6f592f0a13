"""The documents speak of what exists."""

import re
from pathlib import Path

import pytest

from tests.house.source import ROOT

# A path in code marks that starts with one of our folders; `<name>` and `*` mark a pattern.
PATH = re.compile(r"`((?:virage|tests|docs|bench|\.ci)/[^`\s]*|Makefile|\.importlinter)`")


@pytest.mark.parametrize(
    "document",
    [*sorted((ROOT / "docs").rglob("*.md")), *ROOT.glob("*.md")],
    ids=lambda path: str(path.relative_to(ROOT)),
)
def test_the_paths_that_a_document_names_exist(document: Path) -> None:
    named = {path for path in PATH.findall(document.read_text()) if not re.search(r"[<*…|]", path)}
    missing = sorted(path for path in named if not (ROOT / path).exists())
    assert not missing, f"{document.name} names paths that do not exist: {missing}"
