"""The table of import faults and the code that finds them name the same faults."""

import ast
import re
from collections.abc import Iterator
from functools import cache

from tests.house.source import sources
from virage.foundation.content.faults import import_faults

CODE = re.compile(r"[a-z]+(?:_[a-z]+)+")
CALLS = {"Finding", "report", "refuse"}


@cache
def _nodes() -> list[tuple[str, ast.AST]]:
    """Return every node of the product, with the file that it stands in."""
    written = [source for source in sources() if not source.is_migration]
    return [(source.path.name, node) for source in written for node in ast.walk(source.tree)]


def _constants(node: ast.AST | None) -> Iterator[str]:
    """Give the texts that an expression can be, conditional ones included."""
    for each in ast.walk(node) if node else ():
        if isinstance(each, ast.Constant) and CODE.fullmatch(str(each.value)):
            yield str(each.value)


def _named_codes() -> Iterator[str]:
    """Give the codes written as first argument of what makes a finding, or given by a check."""
    for file, node in _nodes():
        if isinstance(node, ast.Call) and node.args:
            name = getattr(node.func, "id", getattr(node.func, "attr", ""))
            if name in CALLS:
                yield from _constants(node.args[0])
        if file == "checks.py" and isinstance(node, ast.Yield):
            yield from _constants(getattr(node.value, "elts", [None])[0])


def _values() -> set[str]:
    """Return every text that the code hands on; a set of codes only sorts what others found."""
    sorting = {
        id(member) for _, node in _nodes() if isinstance(node, ast.Set) for member in node.elts
    }
    return {
        str(node.value)
        for _, node in _nodes()
        if isinstance(node, ast.Constant) and id(node) not in sorting
    }


def test_every_code_found_is_in_the_table() -> None:
    named = set(_named_codes())
    assert len(named) > 60
    assert named <= import_faults().keys()


def test_every_code_of_the_table_is_found_by_some_code() -> None:
    never = import_faults().keys() - _values()
    assert not never, f"nothing finds these faults: {sorted(never)}"
