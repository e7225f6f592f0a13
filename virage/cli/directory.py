"""`virage import directory`: the structures or the staff of an operator, from a spreadsheet."""

import sys
from pathlib import Path

import click
from django.utils import timezone

from virage.cli.preparing import open_site
from virage.cli.screen import write_text
from virage.cli.transfers import write_private
from virage.cli.waiting import DEFECT, is_treated
from virage.directory.actions.imports import apply_table, discard_table, receive_table
from virage.directory.enums import ImportKind
from virage.directory.models import DirectoryImport, Operator
from virage.directory.queries import actor_of, system_membership
from virage.directory.queries.imports import delivery_of_import, report_of, table_with_errors
from virage.directory.rules.imports import read_table, unread_headings
from virage.foundation.access.actor import Actor
from virage.foundation.ui.responses import spreadsheet

KINDS = {"structures": ImportKind.STRUCTURES, "staff": ImportKind.STAFF}
MOST_ERRORS = 20
REFUSED = 2


@click.command("directory")
@click.argument("path", metavar="FICHIER", type=click.Path(exists=True, dir_okay=False))
@click.option(
    "--kind",
    type=click.Choice(tuple(KINDS)),
    required=True,
    help="Ce que contient le tableau : structures ou personnel.",
)
@click.option(
    "--operator", "siren", default="", metavar="SIREN", help="L’organisme, s’il y en a plusieurs."
)
@click.option("--dry-run", is_flag=True, help="Vérifie et dit ce qui changerait, sans rien écrire.")
@click.option(
    "--errors",
    metavar="FICHIER",
    type=click.Path(dir_okay=False, writable=True),
    help="Où écrire le tableau avec ses erreurs, à corriger.",
)
def import_directory(path: str, kind: str, siren: str, dry_run: bool, errors: str | None) -> None:
    """Importe un tableau de l'annuaire (CSV ou XLSX), en entier ou pas du tout.

    Code de sortie : 0 importé ou vérifié, 1 défaut du logiciel, 2 des lignes sont à corriger.
    """
    open_site()
    membership = system_membership(_operator(siren))
    actor = actor_of(membership, timezone.now(), "import de l’annuaire")
    sheet = read_table(KINDS[kind], Path(path).read_bytes())
    given = receive_table(actor, kind=KINDS[kind], file_name=Path(path).name, sheet=sheet)
    if given.state == "received":
        discard_table(actor, import_id=given.pk)
        raise click.ClickException(
            "Les colonnes ne se reconnaissent pas à leurs titres : choisissez-les à l’écran."
        )
    if given.state == "checked" and not dry_run:
        given = _written(actor, given)
    _tell(given)
    is_faulty = given.state == "faulty"
    if is_faulty and errors:
        write_private(Path(errors), spreadsheet(*table_with_errors(given)))
        write_text(f"Tableau à corriger : {errors}")
    if given.state != "done":
        discard_table(actor, import_id=given.pk)
        write_text("Rien n’est écrit dans l’annuaire.")
    sys.exit(REFUSED if is_faulty else 0)


def _operator(siren: str) -> Operator:
    operators = Operator.objects.order_by("name", "id")
    found = list((operators.filter(siren=siren) if siren else operators)[:2])
    if len(found) == 1:
        return found[0]
    if siren or not found:
        raise click.UsageError("Aucun organisme ne répond : « virage init » en crée un.")
    raise click.UsageError("Plusieurs organismes : dites lequel avec --operator.")


def _written(actor: Actor, given: DirectoryImport) -> DirectoryImport:
    given = apply_table(actor, import_id=given.pk)
    if not is_treated(given, waits_as="applying", delivery_of=delivery_of_import):
        raise click.ClickException(DEFECT)
    return given


def _tell(given: DirectoryImport) -> None:
    counts = given.counts
    write_text(f"{click.format_filename(given.file_name)} : {given.standing.label}")
    write_text(
        f"  {counts['created']} création(s), {counts['changed']} modification(s), "
        f"{counts['unchanged']} sans changement, {counts['error']} en erreur"
    )
    if unread := unread_headings(given.headings, given.mapping):
        write_text(f"  Colonnes du fichier qui ne sont pas lues : {', '.join(unread)}")
    faulty = report_of(given).exclude(errors=[])
    for line in faulty[:MOST_ERRORS]:
        for column, why in line.errors:
            write_text(f"  Ligne {line.number}, {column or 'toute la ligne'} : {why}")
    if (more := faulty.count() - MOST_ERRORS) > 0:
        write_text(f"  et {more} autre(s) ligne(s) en erreur")
