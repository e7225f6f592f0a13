"""`virage backup` and `restore`: the whole site in one encrypted file, and back."""

import os
from pathlib import Path

import click
from django.conf import settings
from django.db import connection
from pyrage import IdentityError
from pyrage.x25519 import Identity

from virage.cli.preparing import prepare_database
from virage.cli.screen import Commands, as_json, out, write_json, write_text
from virage.demo.scales import HOUSE
from virage.directory.queries import has_operator
from virage.foundation.backup.database import applied_migrations
from virage.foundation.backup.locks import in_service, mark_whole, out_of_service
from virage.foundation.backup.making import make_backup
from virage.foundation.backup.restoring import restore, verify
from virage.foundation.backup.rules import BackupFault, Manifest
from virage.foundation.backup.way_back import forget_way_back
from virage.foundation.journal.sealing import break_of_chain
from virage.foundation.safety import mark_demonstration
from virage.foundation.sessions.actions import end_all_sessions

archive_argument = click.argument(
    "archive", metavar="FICHIER", type=click.Path(exists=True, dir_okay=False, path_type=Path)
)
key_option = click.option(
    "--key",
    "key_file",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    metavar="FICHIER",
    help="Le fichier de la clé de récupération ; sans lui, elle est demandée.",
)


@click.group("backup", cls=Commands, invoke_without_command=True)
@click.option(
    "--into",
    type=click.Path(file_okay=False, path_type=Path),
    help="Le dossier où écrire (VIRAGE_BACKUP_FOLDER).",
)
@click.option(
    "--keep",
    type=click.IntRange(min=1),
    help="Combien en garder dans ce dossier (VIRAGE_BACKUP_KEEP).",
)
@as_json()
@click.pass_context
def backup_group(ctx: click.Context, into: Path | None, keep: int | None, is_json: bool) -> None:
    """Sauvegarde le site entier, chiffré, et relit ce qui a été écrit.

    Base, fichiers, clés et têtes du journal. Le site peut rester en marche.
    """
    if ctx.invoked_subcommand:
        return
    with in_service():
        path, manifest = make_backup(into or settings.BACKUP_FOLDER, keep or settings.BACKUP_KEEP)
    if is_json:
        write_json({"file": str(path), **_figures(manifest)})
    else:
        write_text(f"Sauvegardé et relu : {path} ({path.stat().st_size} octets)")
        _tell(manifest)


@backup_group.command("verify")
@archive_argument
@key_option
@as_json()
def verify_command(archive: Path, key_file: Path | None, is_json: bool) -> None:
    """Relit une sauvegarde en entier, et la compare à ce qu'elle annonce."""
    manifest = verify(archive, [_identity(key_file)])
    if is_json:
        write_json({"file": str(archive), **_figures(manifest)})
    else:
        write_text("La sauvegarde est entière et intacte.")
        _tell(manifest)


@backup_group.command("key")
def key_command() -> None:
    """Fait une clé de récupération, montrée une seule fois.

    La moitié publique chiffre les sauvegardes ; la moitié secrète les ouvre, et ne doit pas rester
    sur cette machine.
    """
    identity = Identity.generate()
    write_text("Clé de récupération, à imprimer et à garder au coffre, hors de cette machine :")
    write_text(f"\n    {identity}\n")
    write_text("Sans elle, aucune sauvegarde ne s’ouvrira. Réglage du site :")
    write_text(f"\n    VIRAGE_BACKUP_KEY={identity.to_public()}")


@click.command("restore")
@archive_argument
@key_option
@click.option("--replace", is_flag=True, help="Met de côté le site présent et prend sa place.")
def restore_command(archive: Path, key_file: Path | None, replace: bool) -> None:
    """Remet en place une sauvegarde, une fois lue en entier et vérifiée.

    Le site doit être arrêté. Ce qui était là est gardé de côté, jamais effacé.
    """
    home = settings.VIRAGE_HOME
    if os.geteuid() != home.stat().st_uid:
        raise BackupFault(
            f"{home} est à un autre compte, qui ne pourrait plus lire le site : restaurez sous ce "
            "compte, avec son environnement (deploy/virage)."
        )
    identity = _identity(key_file)
    with out_of_service():
        is_empty = not (applied_migrations() and has_operator())
        manifest, aside = restore(archive, [identity], is_replacing=replace, is_empty=is_empty)
        prepare_database(may_upgrade=True)
        # Whoever had signed in then may have been shut out since.
        end_all_sessions()
        forget_way_back()
        mark_whole()
        if manifest.is_demo:  # never to be taken for a site: its passwords are known
            mark_demonstration(manifest.demo_scale or HOUSE)
    write_text(f"Site du {manifest.made_at:%d/%m/%Y à %H:%M} UTC remis en place dans {home}.")
    _tell(manifest)
    if aside:
        write_text(f"Ce qui était là est gardé dans {aside}")
    if connection.vendor == "postgresql" and replace:
        write_text("La base d’avant est gardée dans un schéma before_restore_….")
    if why := break_of_chain():
        write_text(f"Journal : {why}")
        write_text("Reprenez-le : virage journal seal --restart MOTIF")
    write_text("Vérifiez : virage check, puis virage journal verify")


def _identity(key_file: Path | None) -> Identity:
    """Read the secret half, from a file or typed without being shown."""
    text = (
        key_file.read_text() if key_file else click.prompt("Clé de récupération", hide_input=True)
    )
    lines = [line.strip() for line in text.splitlines() if line.strip() and line[0] != "#"]
    try:
        return Identity.from_str(lines[0] if lines else "")
    except IdentityError as error:
        raise BackupFault(
            "Ce n’est pas une clé de récupération, ou un de ses signes est faux : relisez-la. "
            "Elle commence par AGE-SECRET-KEY-1 et compte 74 signes."
        ) from error


def _figures(manifest: Manifest) -> dict[str, object]:
    return {
        "made_at": manifest.made_at.isoformat(),
        "version": manifest.virage,
        "rows": sum(manifest.rows.values()),
        "files": sum(name.startswith("files/") for name in manifest.members),
        "journal": {"number": manifest.journal_number, "head": manifest.journal_head},
    }


def _tell(manifest: Manifest) -> None:
    figures = _figures(manifest)
    out.print(
        f"  {figures['rows']} lignes, {figures['files']} fichiers, journal scellé jusqu’au bloc "
        f"{manifest.journal_number}, Virage {manifest.virage}"
    )
