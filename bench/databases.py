"""One process for each database, in a home of its own, and the sections of bench/README.md."""

import os
import re
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from rich.console import Console

from tests.services import postgresql

# Figures of a database that may lose its last second would flatter it.
DURABLE = ("max_connections=50",)
README = Path(__file__).parent / "README.md"
beside = Console(stderr=True)


def measure_each(module: str, *arguments: str) -> Iterator[tuple[str, Path]]:
    """Run a program on SQLite, then on PostgreSQL; yield the name and the file that it wrote.

    The file of figures is its last argument. It is gone when the next database begins.
    """
    with _measured("SQLite", {}, module, arguments) as figures:
        yield "SQLite", figures
    if postgresql.is_installed():
        with postgresql.running(DURABLE) as url:
            environment = {"VIRAGE_DATABASE_URL": url}
            with _measured("PostgreSQL", environment, module, arguments) as figures:
                yield "PostgreSQL", figures


def write_section(title: str, body: str, *, is_kept: bool) -> None:
    """Show a section, and when it is kept put it in the page instead of the former one."""
    section = f"## {title}\n\n{body}"
    if is_kept:
        page = README.read_text()
        README.write_text(with_sections(page, {title: section}))
    Console().print(section, markup=False, soft_wrap=True)


def sections_of(page: str) -> dict[str, str]:
    """Return the sections of a page by title, each with its title and an end of line."""
    parts = re.split(r"(?m)^(?=## )", page)[1:]
    return {part.partition("\n")[0].removeprefix("## "): part.rstrip() + "\n" for part in parts}


def with_sections(page: str, sections: dict[str, str]) -> str:
    """Return the page with these sections, in place of those of the same title or at its end."""
    start = re.split(r"(?m)^(?=## )", page)[0].rstrip()
    kept = sections_of(page) | {title: text.rstrip() + "\n" for title, text in sections.items()}
    return "\n\n".join([start, *(text.rstrip() for text in kept.values())]) + "\n"


@contextmanager
def _measured(
    name: str, environment: dict[str, str], module: str, arguments: Sequence[str]
) -> Iterator[Path]:
    beside.print(f"{name}…")
    with tempfile.TemporaryDirectory(prefix="virage-bench-") as home:
        figures = Path(home) / "figures.json"
        settings = {"VIRAGE_HOME": home, "DJANGO_SETTINGS_MODULE": "virage.settings.demo"}
        subprocess.run(  # noqa: S603  # our own program
            [sys.executable, "-m", module, *arguments, str(figures)],
            env=os.environ | settings | environment,
            check=True,
        )
        yield figures
