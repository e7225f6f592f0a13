"""What reference content there is, and where it comes from."""

from pathlib import Path
from typing import Any

import yaml

from virage.foundation.content.loader import ROOT


def content_index() -> str:
    """Return the page: a section per folder of `virage/content`, a line per file."""
    lines = [
        "# Reference content",
        "",
        "Data, not code: each folder of `virage/content` says in its `SOURCE.md` where it comes "
        "from and how to renew it.",
    ]
    for folder in sorted(path for path in ROOT.iterdir() if path.is_dir()):
        lines += ["", f"## {folder.name}", "", "| file | version | entries | source |"]
        lines.append("|---|---|---|---|")
        lines += [_line(path, folder) for path in sorted(folder.rglob("*.yaml"))]
    return "\n".join(lines) + "\n"


def _line(path: Path, folder: Path) -> str:
    tree = yaml.load(path.read_bytes(), Loader=yaml.CSafeLoader)  # noqa: S506 (a safe loader)
    source = " ".join(str(tree.get("source", "")).split()).replace("|", "\\|")
    name = path.relative_to(folder)
    return f"| `{name}` | {tree.get('version', '')} | {_entries(tree)} | {source} |"


def _entries(tree: dict[str, Any]) -> int:
    """Count the lines of the largest list or table of the file: that is what it is about."""
    return max((len(part) for part in tree.values() if isinstance(part, list | dict)), default=0)
