"""`virage publish`: keeps the fingerprint of each new version of an instrument or of a table."""

from collections.abc import Mapping
from pathlib import Path

import click

from virage.cli.screen import out
from virage.foundation.content import published as tables
from virage.instruments.rules.aggir import FOLDER as AGGIR
from virage.instruments.rules.shipped import (
    FOLDER,
    PUBLISHED,
    faults_between,
    present_in,
    published_in,
)

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
    published, present = published_in(FOLDER), present_in(FOLDER)
    new = {name: one.fingerprint for name, one in present.items() if name not in published}
    faults = list(faults_between(published | new, present))
    known, found = tables.published_in(AGGIR), tables.present_in(AGGIR)
    faults += tables.faults_between(found | known, found)
    if faults:
        raise click.ClickException("\n".join(faults))
    _keep(FOLDER, published | new)
    _keep(AGGIR, found)
    for name in [*new, *(name for name in found if name not in known)]:
        out.print(name)
    if not new and found == known:
        out.print("Rien de nouveau à publier.")


def _keep(folder: Path, fingerprints: Mapping[str, str]) -> None:
    lines = [f"  {name}: {value}\n" for name, value in sorted(fingerprints.items())]
    (folder / PUBLISHED).write_text(HEAD + "".join(lines))
