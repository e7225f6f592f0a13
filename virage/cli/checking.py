"""`virage check`: is this instance fit to run?"""

import sys
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass
from datetime import timedelta

import click
from django.conf import settings
from django.core import checks
from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor
from django.db.models import Exists, OuterRef
from django.utils import timezone

from virage.cli.journal import erased
from virage.cli.screen import as_json, out, write_json, write_text
from virage.foundation import safety
from virage.foundation.access.rules import CLOCK_TOLERANCE
from virage.foundation.backup.locks import HALF_REPLACED, HALF_UPGRADED, is_half_replaced
from virage.foundation.backup.way_back import way_back
from virage.foundation.content import loader
from virage.foundation.encryption.keys import require_master_key
from virage.foundation.encryption.master import KeyUnavailable
from virage.foundation.journal.models import JournalEvent, JournalLine
from virage.foundation.journal.queries import late_to_be_sealed
from virage.foundation.journal.sealing import break_of_chain
from virage.foundation.outbox.enums import MessageState
from virage.foundation.outbox.models import Message
from virage.foundation.storage import files
from virage.foundation.storage.holders import faults_of_files

# The worker seals every minute.
SEALED_WITHIN = timedelta(minutes=10)


@dataclass(frozen=True)
class Result:
    """What one check found: its problems in French, none when all is well."""

    name: str
    problems: tuple[str, ...]
    warnings: tuple[str, ...] = ()


@click.command()
@click.option("--production", is_flag=True, help="Dit aussi ce qui empêche de servir, ou l’expose.")
@as_json()
def check(production: bool, is_json: bool) -> None:
    """Vérifie l'installation.

    Contenus de référence, réglages, tables, fichiers, journal, boîte d'envoi. Code de sortie :
    0 si tout va bien, 1 sinon.
    """
    if is_half_replaced():
        # The rest would be read, and a database made, in a site that is not whole.
        results = [Result("Site entier", (HALF_REPLACED,))]
    else:
        results = [Result(name, tuple(_run(look))) for name, look in CHECKS.items()]
        if production:
            results.append(_service())
    if is_json:
        write_json([asdict(result) for result in results])
    else:
        for result in results:
            out.print(
                f"[red]✗[/] {result.name}" if result.problems else f"[green]✓[/] {result.name}"
            )
            for problem in result.problems:
                write_text(f"    {problem}")
            for warning in result.warnings:
                write_text(f"    · {warning}")
    sys.exit(1 if any(result.problems for result in results) else 0)


def _run(look: Callable[[], Iterator[str]]) -> Iterator[str]:
    """Run a check; a database that does not answer is a problem like another."""
    try:
        yield from look()
    except DatabaseError as error:
        yield f"La base de données ne répond pas comme attendu ({type(error).__name__})."


def _service() -> Result:
    """Tell what forbids that the site start, and what would make it safer."""
    dangers = list(safety.dangers())
    return Result(
        "Mise en service",
        tuple(one.text for one in dangers if one.stops),
        (*(one.text for one in dangers if not one.stops), *_run(_late_seals)),
    )


def _late_seals() -> Iterator[str]:
    """Tell the events that the worker has not sealed: it does every minute, unless it is down."""
    if late := late_to_be_sealed(timezone.now() - SEALED_WITHIN):
        yield (
            f"{late} évènement(s) du journal attendent d’être scellés depuis plus de dix minutes. "
            "Si le site est en marche, son journal système dit pourquoi."
        )


def _content() -> Iterator[str]:
    yield from loader.check_all()


def _settings() -> Iterator[str]:
    home = settings.VIRAGE_HOME
    if home.stat().st_mode & 0o077:
        yield f"{home} est lisible par d’autres comptes de la machine (chmod 700)."
    for message in checks.run_checks():
        if message.is_serious():
            yield f"{message.id} : {message.msg}"


def _migrations() -> Iterator[str]:
    if way_back():
        yield HALF_UPGRADED
    executor = MigrationExecutor(connection)
    plan = executor.migration_plan(executor.loader.graph.leaf_nodes())
    for migration, _ in plan:
        yield f"{migration.app_label} {migration.name} n’est pas appliquée."


def _files() -> Iterator[str]:
    """Tell the stored files that cannot be read, and those that are not encrypted."""
    yield from faults_of_files()
    if clear := sum(1 for _ in files.clear_files()):
        yield f"{clear} fichier(s) encore en clair : lancez « virage keys encrypt »."


def _keys() -> Iterator[str]:
    """Tell a master key that is lost, or not the one that wraps the keys of the data."""
    try:
        require_master_key()
    except KeyUnavailable as error:
        yield str(error)


def _journal() -> Iterator[str]:
    """Tell a journal erased whole, a broken chain, lines that no event explains, and events of a
    clock that was ahead.

    `virage journal verify` reads it all; this only looks at its end.
    """
    yield from erased()
    if why := break_of_chain():
        yield why
    events = JournalEvent.objects.filter(pk=OuterRef("event_id"))
    if alone := JournalLine.objects.filter(~Exists(events)).count():
        yield f"{alone} ligne(s) du journal ne se rattachent à aucun évènement."
    if ahead := JournalEvent.objects.filter(at__gt=timezone.now() + CLOCK_TOLERANCE).count():
        yield f"{ahead} évènement(s) du journal portent une date à venir : vérifiez l’horloge."


def _outbox() -> Iterator[str]:
    if dead := Message.objects.filter(state=MessageState.DEAD).count():
        yield f"{dead} message(s) de la boîte d’envoi abandonné(s) après plusieurs essais."


CHECKS: dict[str, Callable[[], Iterator[str]]] = {
    "Contenus de référence": _content,
    "Réglages": _settings,
    "Tables à jour": _migrations,
    "Clés de chiffrement": _keys,
    "Fichiers présents et intacts": _files,
    "Journal cohérent": _journal,
    "Boîte d’envoi": _outbox,
}
