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


def test_every_variable_of_the_environment_is_documented() -> None:
    read = {
        name
        for path in (ROOT / "virage").rglob("*.py")
        for name in re.findall(r"\bVIRAGE_[A-Z_]+\b", path.read_text())
    }
    documented = set(
        re.findall(r"`(VIRAGE_[A-Z_]+)`", (ROOT / "docs/reference/settings.md").read_text())
    )
    assert read == documented
