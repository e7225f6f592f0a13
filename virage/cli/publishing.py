"""`virage publish`: keeps the fingerprint of each new version of an instrument."""

import click

from virage.cli.screen import out
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
    """Publie les nouvelles versions des instruments.

    Garde leur empreinte, depuis un dépôt du code. Refuse qu'une version publiée change.
    """
    published, present = published_in(FOLDER), present_in(FOLDER)
    new = {name: one.fingerprint for name, one in present.items() if name not in published}
    if faults := list(faults_between(published | new, present)):
        raise click.ClickException("\n".join(faults))
    lines = [f"  {name}: {value}\n" for name, value in sorted((published | new).items())]
    (FOLDER / PUBLISHED).write_text(HEAD + "".join(lines))
    for name in new:
        out.print(name)
    if not new:
        out.print("Rien de nouveau à publier.")
