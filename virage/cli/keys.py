"""`virage keys`: encrypt what still lies in clear, change the keys."""

import time
from itertools import chain
from uuid import UUID

import click

from virage.cli.preparing import open_site, prepare_database
from virage.cli.screen import out
from virage.foundation.backup.locks import one_change_of_keys, out_of_service
from virage.foundation.encryption import actions as encryption
from virage.foundation.encryption.columns import encrypt_columns_again
from virage.foundation.encryption.keys import FORGET_AFTER_S
from virage.foundation.encryption.master import KeyUnavailable
from virage.foundation.encryption.queries import operators_with_keys
from virage.foundation.storage import actions as storage


@click.group()
def keys() -> None:
    """Chiffre ce qui ne l'est pas encore, change les clés."""


@keys.command("encrypt")
def encrypt() -> None:
    """Chiffre les fichiers encore en clair.

    Le site étant arrêté, une fois, après une mise à jour depuis une version qui ne chiffrait pas.
    Interrompue, la commande reprend où elle en était.
    """
    with out_of_service():
        prepare_database()
        count = sum(1 for _ in storage.encrypt_clear_files())
        storage.remove_clear_files()
    out.print(f"{count} fichier(s) chiffré(s).")


@keys.command("rotate-master")
def rotate_master() -> None:
    """Change la clé maîtresse.

    Les données ne changent pas : leurs clés sont enveloppées à nouveau. Interrompue, la commande
    reprend où elle en était. L'ancienne clé reste à côté, pour les sauvegardes d'avant.
    """
    _change_keys()
    try:
        count = encryption.rotate_master_key()
    except KeyUnavailable as error:
        raise click.ClickException(str(error)) from error
    out.print(f"{count} clé(s) de données sous la nouvelle clé maîtresse. Sauvegardez-la.")


@keys.command("rotate-data")
@click.option("--operator", "operator_id", type=click.UUID, help="Un seul organisme.")
def rotate_data(operator_id: UUID | None) -> None:
    """Change les clés des données.

    Chaque organisme reçoit une nouvelle clé, et tout ce qui est à lui est chiffré à nouveau, par
    petites étapes, pendant que le site répond. Interrompue, la commande reprend où elle en était.
    """
    _change_keys()
    for one in [operator_id] if operator_id else operators_with_keys():
        key = encryption.begin_rotation(one)
        count = _encrypt_all_again(one)
        # A running process may have written under the former key until it forgot it.
        time.sleep(FORGET_AFTER_S)
        count += _encrypt_all_again(one)
        encryption.end_rotation(key)
        out.print(f"{one} : {count} fichier(s) ou valeur(s) sous la clé n° {key.version}.")


def _change_keys() -> None:
    """Open the site to change its keys, alone until the command ends; BackupFault otherwise."""
    open_site()
    click.get_current_context().with_resource(one_change_of_keys())


def _encrypt_all_again(operator_id: UUID) -> int:
    return sum(
        1
        for _ in chain(storage.encrypt_files_again(operator_id), encrypt_columns_again(operator_id))
    )
