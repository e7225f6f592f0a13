"""Every fault that the formats can name is in the table, at the level that they give it."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import virage.formats
from virage.foundation.content.faults import import_faults

FORMATS = Path(virage.formats.__file__).parent
CODE = re.compile(r"[a-z]+(?:_[a-z]+)+")
CALLS = {"Finding", "report", "refuse"}


def named_codes() -> Iterator[str]:
    """The codes written as first argument of what makes a finding, or given by a check."""
    for file in FORMATS.rglob("*.py"):
        for node in ast.walk(ast.parse(file.read_text())):
            if isinstance(node, ast.Call) and node.args:
                name = getattr(node.func, "id", getattr(node.func, "attr", ""))
                if name in CALLS:
                    yield from constants(node.args[0])
            if file.name == "checks.py" and isinstance(node, ast.Yield):
                yield from constants(getattr(node.value, "elts", [None])[0])


def constants(node: ast.AST | None) -> Iterator[str]:
    """The texts that an expression can give, conditional ones included."""
    for each in ast.walk(node) if node else ():
        if isinstance(each, ast.Constant) and CODE.fullmatch(str(each.value)):
            yield str(each.value)


def test_every_code_is_in_the_table() -> None:
    named = set(named_codes())
    assert len(named) > 40
    assert named <= import_faults().keys()
