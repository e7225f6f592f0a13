"""The commands, gathered. Each module holds one kind of gesture."""

import click

from virage.cli.backups import backup_group, restore_command
from virage.cli.checking import check
from virage.cli.directory import import_directory
from virage.cli.founding import init, link
from virage.cli.journal import journal
from virage.cli.keys import keys
from virage.cli.publishing import publish
from virage.cli.reference.command import docs
from virage.cli.running import code, demo, run, worker
from virage.cli.screen import Commands
from virage.cli.transfers import export_group, import_group
from virage.cli.upgrading import upgrade

import_group.add_command(import_directory)


@click.group(cls=Commands, context_settings={"help_option_names": ["-h", "--help"]})
def virage() -> None:
    """Virage, depuis la machine où il est installé.

    Les réglages viennent de l'environnement (docs/operating.md). VIRAGE_DEMO=1 fait agir les
    commandes sur la démonstration.
    """


for command in (
    *(init, link, run, worker, demo, code, import_group, export_group, journal),
    *(keys, backup_group, restore_command, upgrade, check, docs, publish),
):
    virage.add_command(command)
