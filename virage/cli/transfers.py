"""`virage import` and `virage export`: whole records, from and to another software."""

import sys
from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from uuid import UUID

import click
from django.utils import timezone

from virage.cli.preparing import open_site
from virage.cli.screen import Commands, as_json, progress, write_json, write_text
from virage.cli.waiting import DEFECT, is_treated
from virage.directory.models import Establishment, Operator, Unit
from virage.directory.queries import (
    actor_of,
    every_establishment,
    has_operator,
    system_membership,
    units_of,
)
from virage.exchange.actions import check_size, export_record, found_from_file, receive_file
from virage.exchange.enums import ImportState, LineLevel
from virage.exchange.models import Import
from virage.exchange.queries.imports import delivery_of, waiting_before
from virage.exchange.queries.reading import read_file
from virage.exchange.queries.reports import report_lines
from virage.formats.outcome import Unreadable
from virage.foundation.access.actor import Actor
from virage.foundation.content import faults
from virage.foundation.errors import Invalid
from virage.foundation.journal.collector import collecting_reads
from virage.persons.models import Person

# The gravest first: it is the one that counts for several files.
EXIT_CODES = {ImportState.RECEIVED: 1, ImportState.REFUSED: 2, ImportState.HELD: 3}
FIRST_UNIT = "À répartir"

Place = tuple[Establishment, Unit | None]


@dataclass(frozen=True)
class Line:
    """One line of a report; the values received stay in the application, out of terminals."""

    level: str
    label: str
    path: str


@dataclass(frozen=True, kw_only=True)
class Outcome:
    """What became of one file.

    A state still « received » is that of a defect of ours. `new_unit` is the first one of an
    establishment created.
    """

    file: str
    state: str
    import_id: str = ""
    person_id: str = ""
    establishment: str = ""
    is_establishment_new: bool = False
    new_unit: str = ""
    lines: Sequence[Line] = ()


@click.group("import", cls=Commands)
def import_group() -> None:
    """Reprend des dossiers venus d'un autre logiciel."""


@import_group.command("tddui")
@click.argument(
    "paths",
    metavar="FICHIER…",
    nargs=-1,
    required=True,
    type=click.Path(exists=True, dir_okay=False),
)
@click.option(
    "--establishment",
    "finess",
    default="",
    metavar="FINESS",
    help="L’établissement qui reçoit.",
)
@click.option(
    "--unit", "unit_name", default="", metavar="NOM", help="L’unité où installer les personnes."
)
@as_json()
def import_tddui(paths: tuple[str, ...], finess: str, unit_name: str, is_json: bool) -> None:
    """Importe des fichiers TDDUI (CDA ou FHIR), chacun en entier ou pas du tout.

    Sur une instance vide, crée l'établissement que le fichier nomme, avec l'unité. Code de sortie :
    0 importé ou déjà connu, 1 défaut du logiciel, 2 refusé, 3 en attente d'une décision d'identité.
    """
    open_site()
    outcomes = []
    with progress() as bar:
        for path in bar.track(paths, description="Import"):
            outcomes.append(_import_one(Path(path), finess, unit_name))
    if is_json:
        write_json([asdict(outcome) for outcome in outcomes])
    else:
        for outcome in outcomes:
            _show(outcome)
    states = {outcome.state for outcome in outcomes}
    sys.exit(next((code for state, code in EXIT_CODES.items() if state in states), 0))


@click.group("export", cls=Commands)
def export_group() -> None:
    """Remet des dossiers à un autre logiciel."""


@export_group.command("tddui")
@click.argument("person_ids", metavar="PERSONNE…", nargs=-1, required=True, type=click.UUID)
@click.option(
    "--into",
    default=".",
    show_default=True,
    type=click.Path(exists=True, file_okay=False, writable=True),
    help="Le dossier où écrire.",
)
@as_json()
def export_tddui(person_ids: tuple[UUID, ...], into: str, is_json: bool) -> None:
    """Écrit le dossier entier de chaque PERSONNE (son identifiant Virage) en TDDUI FHIR.

    Chaque fichier contient des données de santé en clair : il n'est lisible que de vous, et
    l'export est inscrit au journal.
    """
    open_site()
    # All are found before any health record is written in clear.
    persons = [_person(person_id) for person_id in person_ids]
    written = []
    with progress() as bar:
        for person in bar.track(persons, description="Export"):
            content = _export_one(person)
            path = Path(into) / f"dossier-{person.pk}.json"
            write_private(path, content)
            written.append({"person": str(person.pk), "file": str(path), "bytes": len(content)})
    if is_json:
        write_json(written)
    else:
        for one in written:
            write_text(f"{one['file']} : {one['bytes']} octets")


def _import_one(path: Path, finess: str, unit_name: str) -> Outcome:
    """Receive a file, have it treated at once, and tell what became of it."""
    is_new = not (has_operator() or finess)
    try:
        check_size(path.stat().st_size)
        content = path.read_bytes()
        establishment, unit = (
            found_from_file(read_file(content), unit_name or FIRST_UNIT)
            if is_new
            else _place(finess, unit_name)
        )
        actor = _command_line(establishment.operator, "import")
        received = receive_file(
            actor, file_name=path.name, content=content, establishment=establishment, unit=unit
        )
    except Unreadable as refusal:
        return _refused(path, [(faults.get(one.code).label, one.path) for one in refusal.findings])
    except Invalid as error:
        said = [message for messages in error.errors.values() for message in messages]
        return _refused(path, [(message, "") for message in said])
    outcome = _outcome(path, actor, received, establishment)
    return replace(
        outcome, is_establishment_new=is_new, new_unit=unit.name if is_new and unit else ""
    )


def _place(finess: str, unit_name: str) -> Place:
    """Find where the records go; without a FINESS there must be one establishment only."""
    found = list(every_establishment(finess)[:2])
    if not found:
        raise click.UsageError(f"Aucun établissement ne porte le FINESS {finess}.")
    if len(found) > 1:
        raise click.UsageError("Plusieurs établissements : dites lequel avec --establishment.")
    if not unit_name:
        return found[0], None
    units = {unit.name: unit for unit in units_of(found[0])}
    if unit_name not in units:
        raise click.UsageError(
            f"Pas d’unité « {unit_name} » ; il y a : {', '.join(units) or 'aucune unité'}."
        )
    return found[0], units[unit_name]


def _person(person_id: UUID) -> Person:
    person = Person.objects.select_related("operator").filter(pk=person_id).first()
    if person is None:
        raise click.UsageError(f"Aucune personne n’a l’identifiant {person_id}.")
    return person


def _export_one(person: Person) -> bytes:
    with collecting_reads():
        return export_record(_command_line(person.operator, "export"), person_id=person.pk)


def _command_line(operator: Operator, purpose: str) -> Actor:
    return actor_of(system_membership(operator), timezone.now(), purpose)


def write_private(path: Path, content: bytes) -> None:
    """Write a file that its owner alone reads."""
    path.touch(mode=0o600)
    path.chmod(0o600)
    path.write_bytes(content)


def _refused(path: Path, reasons: Sequence[tuple[str, str]]) -> Outcome:
    """Tell that a file is refused before it is received, and why, each time with its place."""
    lines = [Line(LineLevel.REFUSAL, label, place) for label, place in reasons]
    return Outcome(file=click.format_filename(path), state=ImportState.REFUSED, lines=lines)


def _outcome(path: Path, actor: Actor, received: Import, establishment: Establishment) -> Outcome:
    """Have a file treated, and tell what became of it: received again, it may be waiting still."""
    lines = [Line(LineLevel.REFUSAL, DEFECT, "")]
    if is_treated(received, waits_as=ImportState.RECEIVED, delivery_of=delivery_of):
        with collecting_reads():
            lines = [Line(one.level, one.label, one.path) for one in report_lines(actor, received)]
    person = Person.objects.filter(subject=received.subject_id).first()
    before = waiting_before(actor, received)
    told = before if before and before.state == ImportState.HELD else received
    return Outcome(
        file=click.format_filename(path),
        state=told.state,
        import_id=str(told.pk),
        person_id=str(person.pk) if person else "",
        establishment=establishment.name,
        lines=lines,
    )


def _show(outcome: Outcome) -> None:
    """Say in words what became of a file: its state, then faults, then figures."""
    write_text(f"{outcome.file} : {ImportState(outcome.state).label}")
    if outcome.is_establishment_new:
        write_text(
            f"  L’établissement « {outcome.establishment} » a été créé, avec l’unité "
            f"« {outcome.new_unit} »."
        )
        write_text("  Pour y entrer, ouvrez le premier compte : virage init")
    if outcome.person_id:
        write_text(f"  Personne : {outcome.person_id}")
    for level in (LineLevel.REFUSAL, LineLevel.WARNING):
        for label, lines in _by_label(outcome.lines, level).items():
            more = f"et {len(lines) - 1} autre(s)" if len(lines) > 1 else ""
            where = ", ".join(filter(None, (lines[0].path, more)))
            write_text(
                f"  {level.label} : {label} ({where})" if where else f"  {level.label} : {label}"
            )
    for level in (LineLevel.CREATED, LineLevel.KNOWN, LineLevel.KEPT):
        if count := sum(line.level == level for line in outcome.lines):
            write_text(f"  {level.label} : {count}")


def _by_label(lines: Sequence[Line], level: LineLevel) -> dict[str, list[Line]]:
    found: dict[str, list[Line]] = {}
    for line in lines:
        if line.level == level:
            found.setdefault(line.label, []).append(line)
    return found
