"""What computes, reads or writes says its unit, its source or its refusal."""

import ast
import re

import pytest

from tests.house.source import Source, sources

DOCUMENTED = {"rules", "queries", "actions"}


def _words(text: str) -> set[str]:
    return set(re.findall(r"[a-zà-ÿ]+", text.lower()))


@pytest.mark.parametrize("source", [s for s in sources() if DOCUMENTED & set(s.parts)], ids=str)
def test_public_functions_say_more_than_their_name(source: Source) -> None:
    mute = []
    for node in source.tree.body:
        if isinstance(node, ast.FunctionDef) and not node.name.startswith("_"):
            said = _words(ast.get_docstring(node) or "") - _words(node.name)
            if len(said) < 3:
                mute.append(f"{source}:{node.lineno} {node.name}")
    assert not mute, f"say the unit, the source or the refusal: {mute}"
