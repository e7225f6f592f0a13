"""What people read is typeset as French is: apostrophes curl, a sign keeps to its word."""

import ast
import re
from pathlib import Path

import pytest
import yaml

from tests.house.source import PACKAGE, Source, sources

ELISION = re.compile(
    r"\b(?:[ldnscjmt]|qu|jusqu|lorsqu|puisqu|quelqu|aujourd)'(?=[a-zàâéèêîôûœ])", re.IGNORECASE
)
# An ordinary space lets « : », « ; », « ? », « ! » and the quotation marks begin or end a line.
LOOSE_SIGN = re.compile(r" (?=[;?!»:](?:[\s<'\"),.]|$))|« ")
# What we say among ourselves, and the users never do: for them it is « le tableau des droits ».
JARGON = re.compile(r"\bmatrice\b", re.IGNORECASE)
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
def test_code_is_typeset(source: Source) -> None:
    if not source.is_migration:
        texts = _texts(source)
        assert [text for text in texts if ELISION.search(text) or LOOSE_SIGN.search(text)] == []
        assert [text for text in texts if JARGON.search(text)] == []


@pytest.mark.parametrize(
    "path",
    sorted(path for path in PACKAGE.rglob("templates/**/*") if path.is_file()),
    ids=lambda path: str(path.relative_to(PACKAGE)),
)
def test_a_page_is_typeset(path: Path) -> None:
    lines = COMMENT.sub("", path.read_text()).splitlines()
    assert [line for line in lines if ELISION.search(line) or LOOSE_SIGN.search(line)] == []
    assert [line for line in lines if JARGON.search(line)] == []


@pytest.mark.parametrize(
    "path",
    # The labels of a national list are kept as published.
    sorted(path for path in PACKAGE.rglob("*.yaml") if path.parent.name != "nomenclatures"),
    ids=lambda path: str(path.relative_to(PACKAGE)),
)
def test_a_content_is_typeset(path: Path) -> None:
    texts = [str(token.value) for token in yaml.scan(path.read_text()) if _is_text(token)]
    assert [text for text in texts if LOOSE_SIGN.search(text)] == []


def test_whom_to_ask_is_a_noun_phrase() -> None:
    """It ends the sentence « À voir avec : », and stands alone under these words on a page."""
    nodes = [node for source in sources() for node in ast.walk(source.tree)]
    named = {
        target.id: node.value
        for node in nodes
        if isinstance(node, ast.Assign)
        for target in node.targets
        if isinstance(target, ast.Name)
    }
    given = [n.value for n in nodes if isinstance(n, ast.keyword) and n.arg == "whom_to_ask"]
    texts = [named.get(one.id) if isinstance(one, ast.Name) else one for one in given]
    phrases = [one.value for one in texts if isinstance(one, ast.Constant)]
    assert len(phrases) > 15
    assert [one for one in phrases if one[0].isupper() or one.endswith(".")] == []


def _is_text(token: yaml.Token) -> bool:
    return isinstance(token, yaml.ScalarToken)
