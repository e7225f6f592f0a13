"""The command line speaks French, click's own words included."""

import os
import re
import subprocess
import sys
from pathlib import Path

ENGLISH = re.compile(r"\b(TEXT|INTEGER|RANGE|PATH|FILE|DIRECTORY|Usage|default|Show)\b")
EVERY_HELP = """
from virage.cli import french
french.install()
import click, django
django.setup()
from virage.cli.commands import virage
def show(command, above=None):
    context = click.Context(command, above, command.name)
    print(command.get_help(context))
    for inner in getattr(command, "commands", {}).values():
        show(inner, context)
show(virage)
"""


def _said(home: Path, *arguments: str) -> str:
    """Return what a new process writes: click takes its words when it is imported."""
    result = subprocess.run(  # noqa: S603
        [sys.executable, *arguments],
        env={**os.environ, "VIRAGE_HOME": str(home)},
        capture_output=True,
        text=True,
        check=False,
    )
    return result.stdout + result.stderr


def test_the_help_of_every_command_is_in_french(tmp_path: Path) -> None:
    said = _said(tmp_path, "-c", EVERY_HELP)
    assert "Emploi : virage export tddui" in said
    assert not ENGLISH.findall(said)


def test_a_typing_error_is_told_in_french(tmp_path: Path) -> None:
    said = _said(tmp_path, "-m", "virage.cli", "import", "tddui", "/nulle-part")
    assert "/nulle-part n’existe pas." in said
    assert "Le Fichier" not in said
