"""One term, one identifier, everywhere: docs/glossary.md is read, not only written."""

import ast
import re
from collections.abc import Iterator

from tests.house.source import ROOT, Source, sources

# Names that a wire format imposes stay inside these two.
WIRE = {"formats", "gateways"}


def _rows(heading: str) -> list[list[str]]:
    """Return the cells of the table under a heading of the glossary."""
    section = (ROOT / "docs" / "glossary.md").read_text().split(f"\n## {heading}\n")[1]
    lines = [line for line in section.split("\n## ")[0].splitlines() if line.startswith("|")]
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in lines[2:]]


def _defined(source: Source) -> Iterator[tuple[str, int]]:
    """Give the names that a file gives to things: what it merely calls is not its choice."""
    for node in ast.walk(source.tree):
        if isinstance(node, ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef):
            yield node.name, node.lineno
        elif isinstance(node, ast.arg):
            yield node.arg, node.lineno
        elif isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
            yield node.id, node.lineno
        elif isinstance(node, ast.alias) and node.asname:
            yield node.asname, node.lineno


def _words(identifier: str) -> set[str]:
    """Return the words of an identifier, in the singular: `PatientList` holds `patient`."""
    words = re.findall(r"[A-Z]?[a-z]+|[A-Z]+(?![a-z])", identifier)
    return {word.lower() for word in words} | {word.lower().removesuffix("s") for word in words}


def _product() -> list[Source]:
    return [source for source in sources() if source.parts and source.parts[0] not in WIRE]


def test_false_friends_name_nothing() -> None:
    refused = {name.strip("`") for row in _rows("Refused words") for name in row[0].split(", ")}
    faults = [
        f"{source}:{line} {name}"
        for source in _product()
        for name, line in _defined(source)
        if refused & _words(name) and not name.isupper()  # a constant may translate a code
    ]
    assert refused
    assert not faults, f"docs/glossary.md gives the word to use: {faults}"


def test_every_term_is_used() -> None:
    used = {
        word
        for source in sources()
        for name, _ in _defined(source)
        for word in (name, *_words(name), *source.parts)
    }
    terms = {term for row in _rows("Terms") for term in re.findall(r"`([^`]+)`", row[1])}
    assert terms
    idle = terms - used
    assert not idle, "the glossary names what the code does not hold"
