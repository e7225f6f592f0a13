"""`virage upgrade`: a new version over an older database, with a way back."""

import click
from django.conf import settings

from virage.cli.journal import verified
from virage.cli.preparing import prepare_database
from virage.cli.screen import write_text
from virage.foundation.backup.database import applied_migrations
from virage.foundation.backup.locks import out_of_service, require_whole
from virage.foundation.backup.making import make_backup
from virage.foundation.journal.keys import public_key
from virage.foundation.journal.sealing import break_of_chain, seal_journal
from virage.foundation.storage.actions import encrypt_clear_files, remove_clear_files
from virage.foundation.storage.files import clear_files
from virage.foundation.tables import waiting_migrations


@click.command()
def upgrade() -> None:
    """Met la base au niveau de cette version.

    Le site étant arrêté : le sauvegarde, met les tables à jour, chiffre les fichiers encore en
    clair, vérifie le journal, et dit comment revenir. Interrompue, la commande reprend où elle en
    était. Ne fait rien quand tout est en ordre.
    """
    with out_of_service():
        require_whole()
        waiting = waiting_migrations()
        if not waiting and not any(clear_files()):
            write_text("Rien à mettre à jour.")
            return
        archive = None
        if applied_migrations():
            archive, _ = make_backup(settings.BACKUP_FOLDER, settings.BACKUP_KEEP)
            write_text(f"Sauvegardé et relu : {archive}")
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
    if faults:
        told = " ".join(one.text for one in faults)
        raise click.ClickException(f"le journal ne se tient plus : {told}")
    write_text("Le journal se tient. Vérifiez : virage check, puis relancez le site.")
