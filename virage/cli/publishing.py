"""`virage publish`: keeps the fingerprint of each new version of an instrument or of a table."""

from collections.abc import Mapping
from pathlib import Path

import click

from virage.cli.screen import out
from virage.foundation.content.published import (
    PUBLISHED,
    faults_between,
    fingerprints_of,
    published_in,
    trees_in,
)
from virage.instruments.rules.aggir import FOLDER as AGGIR
from virage.instruments.rules.shipped import FOLDER, faults_among, read_all

HEAD = """\
# Made by `virage publish`, which adds a line for a new version and never changes one.
source: Virage
fingerprints:
"""


@click.command()
def publish() -> None:
    """Publie les nouvelles versions des instruments et des tables d'AGGIR.

    Garde leur empreinte, depuis un dépôt du code. Refuse qu'une version publiée change.
    """
    folders = (FOLDER, AGGIR)
    known = [published_in(folder) for folder in folders]
    trees = [trees_in(folder) for folder in folders]
    found = [fingerprints_of(one) for one in trees]
    faults = list(faults_among(read_all(trees[0])))
    for before, after in zip(known, found, strict=True):
        faults += faults_between(after | before, after)
    if faults:
        raise click.ClickException("\n".join(faults))
    for folder, before, after in zip(folders, known, found, strict=True):
        _keep(folder, after)
        for name in sorted(after.keys() - before.keys()):
            out.print(name)
    if known == found:
        out.print("Rien de nouveau à publier.")


def _keep(folder: Path, fingerprints: Mapping[str, str]) -> None:
    lines = [f"  {name}: {value}\n" for name, value in sorted(fingerprints.items())]
    (folder / PUBLISHED).write_text(HEAD + "".join(lines))
