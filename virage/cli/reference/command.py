"""`virage docs`: writes the reference pages, or says which ones are stale."""

import sys
from collections.abc import Callable
from pathlib import Path

import click

import virage
from virage.cli.reference.access_matrix import access_matrix
from virage.cli.reference.content_index import content_index
from virage.cli.reference.settings_table import settings_table
from virage.cli.reference.workflow_drawings import workflow_drawings
from virage.cli.screen import beside, out

FOLDER = Path(virage.__file__).parents[1] / "docs" / "reference"
NOTICE = "<!-- Made by `virage docs`: edit the code or the content, never this page. -->\n"

# Each page by its file name; its text begins with the title.
PAGES: dict[str, Callable[[], str]] = {
    "access-matrix.md": access_matrix,
    "content.md": content_index,
    "settings.md": settings_table,
    "workflows.md": workflow_drawings,
}


@click.command()
@click.option(
    "--check", "only_check", is_flag=True, help="Ne change rien ; 1 si une page a vieilli."
)
def docs(only_check: bool) -> None:
    """Écrit les pages de référence.

    Dans docs/reference, depuis un dépôt du code.
    """
    pages = {name: page() + "\n" + NOTICE for name, page in PAGES.items()}
    if only_check:
        stale = [name for name, text in pages.items() if _present(name) != text]
        strangers = [path.name for path in FOLDER.glob("*") if path.name not in pages]
        for name in (*stale, *strangers):
            beside.print(f"docs/reference/{name} n’est plus à jour : lancez « virage docs ».")
        sys.exit(1 if stale or strangers else 0)
    FOLDER.mkdir(parents=True, exist_ok=True)
    for name, text in pages.items():
        (FOLDER / name).write_text(text)
        out.print(f"docs/reference/{name}")


def _present(name: str) -> str:
    path = FOLDER / name
    return path.read_text() if path.exists() else ""
