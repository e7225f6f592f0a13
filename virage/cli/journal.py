"""`virage journal`: seal it, verify it, tell the key that its seals are signed with."""

import sys
from collections.abc import Collection, Iterator
from dataclasses import asdict

import click
import msgspec

from virage.cli.preparing import open_site
from virage.cli.screen import as_json, out, write_json, write_text
from virage.directory.queries.instance import operators_without_trace
from virage.foundation.journal.exporting import blocks_in_full
from virage.foundation.journal.heads import Head, head_from
from virage.foundation.journal.keys import public_key
from virage.foundation.journal.models import JournalSeal
from virage.foundation.journal.sealing import BrokenChain, seal_journal
from virage.foundation.journal.verifying import Finding, verify_journal


def kept_heads(
    _context: click.Context, _parameter: click.Parameter, texts: tuple[str, ...]
) -> list[Head]:
    """Return the heads that were given, or refuse, telling what a head looks like."""
    try:
        return [head_from(one) for one in texts]
    except ValueError as error:
        raise click.BadParameter(
            "une tête est le numéro d’un bloc, une espace et 64 chiffres ou lettres de a à f, "
            "entre guillemets."
        ) from error


def verified(keys: Collection[str], kept: Collection[Head] = ()) -> list[Finding]:
    """Return all that does not hold in the journal, that it was erased whole included."""
    return [*map(Finding, erased()), *verify_journal(keys, kept)]


def erased() -> Iterator[str]:
    """Tell the operators that the journal knows no more, where nothing else would be missing."""
    for name in operators_without_trace():
        yield f"La création de l’organisme « {name} » n’est plus au journal : il a été effacé."


@click.group()
def journal() -> None:
    """Scelle et vérifie le journal des accès."""


@journal.command("seal")
@click.option(
    "--restart",
    "reason",
    default="",
    metavar="MOTIF",
    help="Reprend la chaîne après une coupure connue, par exemple une restauration.",
)
def seal(reason: str) -> None:
    """Scelle maintenant ce qui attend ; le service le fait chaque minute."""
    open_site()
    try:
        sealed = seal_journal(restart_reason=reason.strip()[:200])
    except BrokenChain as broken:
        raise click.ClickException(
            f"{broken} Rien n’a été scellé. Lancez « virage journal verify », puis, si la "
            "cause est connue, « virage journal seal --restart MOTIF »."
        ) from broken
    out.print(f"{sealed} évènement(s) scellé(s).")


@journal.command("verify")
@click.option(
    "--key",
    "keys",
    multiple=True,
    metavar="CLÉ",
    help="Une clé publique que vous aviez notée ; plusieurs si la clé a changé.",
)
@click.option(
    "--head",
    "kept",
    multiple=True,
    callback=kept_heads,
    metavar="TÊTE",
    help="Une tête que vous aviez gardée : le numéro du bloc, une espace, ses 64 signes.",
)
@as_json()
def verify(keys: tuple[str, ...], kept: list[Head], is_json: bool) -> None:
    """Vérifie le journal.

    Cherche ce qui a été modifié, retiré, ajouté, déplacé ou coupé, et dit ce qu'il vous reste à
    juger : une reprise, des évènements scellés tard. Code de sortie : 0 si tout se
    tient, 1 sinon.
    """
    open_site()
    findings = verified(keys or (public_key(),), kept)
    faults = [one for one in findings if not one.is_notice]
    if is_json:
        write_json([asdict(one) for one in findings])
    else:
        for one in findings:
            write_text(f"{'·' if one.is_notice else '✗'} {one.text}")
        if not faults:
            out.print(f"[green]✓[/] {JournalSeal.objects.count()} bloc(s), rien n’a bougé.")
    sys.exit(1 if faults else 0)


@journal.command("export")
def export() -> None:
    """Écrit le journal scellé sur la sortie standard.

    Une ligne JSON par bloc : ce qui est signé, la signature et les lignes, telles que
    docs/journal.md dit de les vérifier. Il nomme les professionnels, et les dossiers par leur
    numéro opaque.
    """
    open_site()
    for block in blocks_in_full():
        click.echo(msgspec.json.encode(block, order="deterministic"))


@journal.command("key")
def key() -> None:
    """Donne la clé publique des sceaux, à garder ailleurs que sur cette machine."""
    write_text(public_key())
