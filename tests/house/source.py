"""The product's own text, as the house tests read it."""

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
PACKAGE = ROOT / "virage"

# These have shapes of their own; the rest are rooms.
NOT_ROOMS = {"cli", "foundation", "formats", "gateways", "demo", "settings", "content"}


@dataclass(frozen=True)
class Source:
    """One Python file of the product."""

    path: Path
    tree: ast.Module

    def __str__(self) -> str:
        return str(self.path.relative_to(ROOT))

    @property
    def parts(self) -> tuple[str, ...]:
        """Return the module's name below `virage`: ("persons", "queries", "stays")."""
        return self.path.relative_to(PACKAGE).with_suffix("").parts

    @property
    def is_migration(self) -> bool:
        return "migrations" in self.path.parts

    def calls(self) -> Iterator[ast.Call]:
        return (node for node in ast.walk(self.tree) if isinstance(node, ast.Call))

    def imported_modules(self) -> Iterator[str]:
        """Give the module that each import statement names."""
        for node in ast.walk(self.tree):
            if isinstance(node, ast.Import):
                yield from (alias.name for alias in node.names)
            elif isinstance(node, ast.ImportFrom) and node.module:
                yield node.module

    def functions(self) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
        for node in ast.walk(self.tree):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                yield node


def sources(folder: Path = PACKAGE) -> list[Source]:
    """Return every Python file of a folder, parsed."""
    return [_source(path) for path in sorted(folder.rglob("*.py"))]


@cache
def _source(path: Path) -> Source:
    """Parse a file once in a process: most house tests read the whole product."""
    return Source(path, ast.parse(path.read_text(), str(path)))


def rooms() -> list[Path]:
    """Return the folders that follow the table of rooms."""
    return [
        folder
        for folder in sorted(PACKAGE.iterdir())
        if (folder / "__init__.py").exists() and folder.name not in NOT_ROOMS
    ]
