"""`virage upgrade`: a new version over an older database, with a way back."""

from pathlib import Path

import click
from django.conf import settings

from virage.cli.journal import verified
from virage.cli.preparing import prepare_database
from virage.cli.screen import write_text
from virage.foundation.backup.database import applied_migrations
from virage.foundation.backup.locks import out_of_service, require_whole
from virage.foundation.backup.making import make_backup
from virage.foundation.backup.rules import BackupFault
from virage.foundation.backup.way_back import (
    forget_way_back,
    note_way_back,
    way_back,
    way_back_file,
)
from virage.foundation.journal.keys import public_key
from virage.foundation.journal.sealing import break_of_chain, seal_journal
from virage.foundation.storage.actions import encrypt_clear_files, remove_clear_files
from virage.foundation.storage.files import clear_files
from virage.foundation.tables import require_in_step, waiting_migrations


@click.command()
def upgrade() -> None:
    """Met la base au niveau de cette version.

    Le site étant arrêté : le sauvegarde, met les tables à jour, chiffre les fichiers encore en
    clair, vérifie le journal, et dit comment revenir. Interrompue, la commande reprend où elle en
    était. Ne fait rien quand tout est en ordre.
    """
    with out_of_service():
        require_whole()
        if not (waiting := waiting_migrations()):
            require_in_step()  # a former version finishes nothing on newer tables
        if not waiting and not way_back() and not any(clear_files()):
            write_text("Rien à mettre à jour.")
            return
        archive = _back_up()
        prepare_database(may_upgrade=True)
        write_text(f"{len(waiting)} évolution(s) appliquée(s).")
        if encrypted := sum(1 for _ in encrypt_clear_files()):
            write_text(f"{encrypted} fichier(s) chiffré(s).")
        remove_clear_files()
        if not break_of_chain():  # what waits since the site was stopped is no fault
            seal_journal()
        faults = [one for one in verified([public_key()]) if not one.is_notice]
        if archive:
            write_text(
                "Pour revenir : réinstallez la version d’avant, puis "
                f"« virage restore {archive} --replace »."
            )
        forget_way_back()
    if faults:
        told = " ".join(one.text for one in faults)
        raise click.ClickException(f"le journal ne se tient plus : {told}")
    write_text("Le journal se tient. Vérifiez : virage check, puis relancez le site.")


def _back_up() -> Path | None:
    """Back up a site that holds something, once for all the attempts of an upgrade.

    One cut short left tables that no former version takes: its own backup stays the way back. With
    the tables as they were then, nothing had begun, or all of it was undone.
    """
    applied = applied_migrations()
    if not applied:
        return None
    begun = way_back()
    if begun and begun.migrations != applied:
        archive = Path(begun.archive)
        if not archive.exists():
            raise BackupFault(
                f"La sauvegarde faite avant la mise à jour n’est plus là : {archive}. Sans elle, "
                "plus de retour : remettez-la à sa place, puis recommencez. Perdue, effacez "
                f"{way_back_file()} : la mise à jour repartira de ce qui reste."
            )
        write_text(f"Mise à jour reprise, sauvegardée avant de commencer : {archive}")
        return archive
    archive, _ = make_backup(settings.BACKUP_FOLDER, settings.BACKUP_KEEP)
    note_way_back(archive, applied)
    write_text(f"Sauvegardé et relu : {archive}")
    return archive
