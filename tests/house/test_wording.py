"""What people read is typeset as French is: the apostrophe is « ’ »."""

import ast
import re
from pathlib import Path

import pytest

from tests.house.source import PACKAGE, Source, sources

ELISION = re.compile(
    r"\b(?:[ldnscjmt]|qu|jusqu|lorsqu|puisqu|quelqu|aujourd)'(?=[a-zàâéèêîôûœ])", re.IGNORECASE
)
COMMENT = re.compile(r"{#.*?#}|{% comment.*?endcomment %}", re.DOTALL)


def _texts(source: Source) -> list[str]:
    """Return the texts of a file, docstrings apart: those are for us, in English."""
    told = {
        id(node.body[0].value)
        for node in ast.walk(source.tree)
        if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef)
        and node.body
        and isinstance(node.body[0], ast.Expr)
    }
    constants = (node for node in ast.walk(source.tree) if isinstance(node, ast.Constant))
    return [n.value for n in constants if isinstance(n.value, str) and id(n) not in told]


@pytest.mark.parametrize("source", sources(), ids=str)
def test_code_says_it_with_a_curly_apostrophe(source: Source) -> None:
    if not source.is_migration:
        assert [text for text in _texts(source) if ELISION.search(text)] == []


@pytest.mark.parametrize(
    "path",
    sorted(path for path in PACKAGE.rglob("templates/**/*") if path.is_file()),
    ids=lambda path: str(path.relative_to(PACKAGE)),
)
def test_a_page_says_it_with_a_curly_apostrophe(path: Path) -> None:
    assert ELISION.findall(COMMENT.sub("", path.read_text())) == []
