"""Importing tables of structures and of staff: checked first, written whole or not at all.

Everything is written by the actions of the screens, in the name of who asked: an import opens no
right that its author could not open by hand, and no account.
"""

from collections import Counter
from collections.abc import Callable, Mapping
from pathlib import PurePath
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from virage.directory.actions.memberships import end_membership, open_membership
from virage.directory.actions.professionals import create_professional, update_professional
from virage.directory.actions.structures import (
    create_establishment,
    create_room,
    create_unit,
    update_establishment,
)
from virage.directory.enums import ImportKind, RowOutcome
from virage.directory.models import DirectoryImport, DirectoryImportLine, Membership, Operator
from virage.directory.queries.actors import actor_of
from virage.directory.queries.import_rows import ImportRow
from virage.directory.queries.imports import find_directory_import, planned_rows, remembered_mapping
from virage.directory.rules import require_management
from virage.directory.rules.imports import import_columns, is_heading, mapping_faults
from virage.formats.spreadsheet import UnreadableSheet, read_sheet
from virage.foundation.access.actor import Actor
from virage.foundation.errors import DomainError, Invalid, Refused
from virage.foundation.journal.writing import record
from virage.foundation.outbox.actions import post, tell_progress
from virage.foundation.workflow.actions import move, start

DIRECTORY_IMPORT = "directory.import"
MAX_BYTES = 5_000_000
MAX_ROWS = 5_000


@transaction.atomic
def receive_table(
    actor: Actor, *, kind: ImportKind, file_name: str, content: bytes
) -> DirectoryImport:
    """Read a table of the directory, CSV or XLSX, guess its columns, and check it if they suffice.

    Refused to those who do not manage the directory of the whole operator. Invalid for a file
    beyond 5 MB or 5,000 rows, or that is no table.
    """
    require_management(actor)
    if len(content) > MAX_BYTES:
        raise Invalid({"file": [f"Ce fichier dépasse {MAX_BYTES // 10**6} Mo."]})
    try:
        sheet = read_sheet(
            content, max_rows=MAX_ROWS, is_heading=lambda cell: is_heading(kind, cell)
        )
    except UnreadableSheet as error:
        raise Invalid({"file": [str(error)]}) from error
    given = DirectoryImport.objects.create(
        operator_id=actor.operator_id,
        kind=kind,
        membership_id=actor.membership_id,
        file_name=PurePath(file_name).name.replace("\0", "")[:255] or "tableau",
        headings=sheet.headings,
        rows=sheet.rows,
        heading_row=sheet.heading_row,
        mapping=remembered_mapping(actor, kind, sheet.headings),
    )
    start(actor, item=given)
    record(actor, "directory_import.receive", target=given, detail={"rows": len(sheet.rows)})
    if mapping_faults(kind, given.mapping):
        return given
    return _check(actor, given)


@transaction.atomic
def check_table(
    actor: Actor, *, import_id: UUID, mapping: Mapping[str, int], seen_state: str = ""
) -> DirectoryImport:
    """Check every row of a table under a choice of columns; nothing is written but the report.

    Invalid when a column that is needed is not chosen, or one is chosen twice.
    """
    given = find_directory_import(actor, import_id)
    within = {name: place for name, place in mapping.items() if place < len(given.headings)}
    Invalid.raise_if(mapping_faults(given.kind, within))
    given.mapping = within
    return _check(actor, given, seen_state)


@transaction.atomic
def apply_table(actor: Actor, *, import_id: UUID, seen_state: str = "") -> DirectoryImport:
    """Ask the worker to write a table that was checked, in the name of the actor."""
    given = find_directory_import(actor, import_id)
    moved = move(
        actor,
        item=given,
        verb="apply",
        seen_state=seen_state,
        changes={"membership_id": actor.membership_id},
    )
    asked = moved.counts.get("asked", 0) + 1
    moved.counts = {**moved.counts, "asked": asked}
    moved.save(update_fields=["counts"])
    post(
        DIRECTORY_IMPORT,
        key=f"{DIRECTORY_IMPORT}:{given.pk}:{asked}",
        operator_id=actor.operator_id,
        payload={"import_id": str(given.pk)},
    )
    return moved


@transaction.atomic
def discard_table(actor: Actor, *, import_id: UUID, seen_state: str = "") -> DirectoryImport:
    """Give a table up: its rows are erased, its line in the list and its history are kept."""
    given = find_directory_import(actor, import_id)
    given.lines.all().delete()
    return move(actor, item=given, verb="discard", seen_state=seen_state, changes=_ended())


def write_table(import_id: UUID) -> DirectoryImport:
    """Write a table that somebody asked for, whole or not at all; done already, it is left.

    What has changed since it was checked is found again: then nothing is written, and the table
    waits to be corrected.
    """
    given = DirectoryImport.objects.get(pk=import_id)
    if given.state != "applying":
        return given
    membership = Membership.objects.get(pk=given.membership_id)
    actor = actor_of(membership, timezone.now(), "import de l’annuaire")
    tell_progress(f"Écriture de {len(given.rows)} lignes, d’un seul tenant", 0, len(given.rows))
    try:
        return _write(actor, given)
    except BadRow as error:
        return _fail(actor, given, error.row, error.message)


class BadRow(Exception):
    """A row that an action refused while it was written: everything is undone."""

    def __init__(self, row: ImportRow | None, message: str) -> None:
        super().__init__()
        self.row, self.message = row, message


@transaction.atomic
def _write(actor: Actor, given: DirectoryImport) -> DirectoryImport:
    # Two imports of an operator are written one after the other.
    Operator.objects.select_for_update().get(pk=given.operator_id)
    given.refresh_from_db()
    if given.state != "applying":
        return given
    membership = Membership.objects.active(actor.at).filter(pk=given.membership_id)
    if not membership.exists():
        raise BadRow(None, "La situation de qui a demandé cet import est terminée.")
    try:
        require_management(actor)
    except Refused as error:
        raise BadRow(None, error.sentence) from error
    rows = planned_rows(actor, given)
    for row in rows:
        if row.errors:
            raise BadRow(row, "")
        for step, needs in row.steps:
            try:
                STEPS[step](actor, **needs)
            except DomainError as error:
                raise BadRow(row, _told(error)) from error
    counts = _report(given, rows)
    return move(actor, item=given, verb="done", changes={**_ended(), "counts": counts})


@transaction.atomic
def _fail(
    actor: Actor, given: DirectoryImport, row: ImportRow | None, message: str
) -> DirectoryImport:
    """Give a table back to be corrected, with what was refused beside its row."""
    rows = planned_rows(actor, given)
    number = row.number if row else given.heading_row
    if message:
        at_fault = next((one for one in rows if one.number == number), None)
        at_fault = at_fault or ImportRow(number, {}, {}, label=given.file_name)
        at_fault.errors[""] = message
        rows = [at_fault, *(one for one in rows if one is not at_fault)]
    counts = _report(given, rows)
    return move(actor, item=given, verb="fault", changes={"counts": counts})


def _check(actor: Actor, given: DirectoryImport, seen_state: str = "") -> DirectoryImport:
    rows = planned_rows(actor, given)
    verb = "fault" if any(row.errors for row in rows) else "check"
    changes = {"mapping": given.mapping}
    moved = move(actor, item=given, verb=verb, seen_state=seen_state, changes=changes)
    moved.counts = _report(moved, rows)
    moved.save(update_fields=["counts"])
    return moved


def _report(given: DirectoryImport, rows: list[ImportRow]) -> dict[str, int]:
    """Write a line for each row, replacing the report before; return how many of each outcome."""
    given.lines.all().delete()
    columns = import_columns().of(given.kind)
    lines = [
        DirectoryImportLine(
            of_import=given,
            number=row.number,
            outcome=row.outcome,
            label=row.label[:255],
            told=[] if row.errors else row.told,
            errors=[
                [columns[name].label if name in columns else "", message]
                for name, message in row.errors.items()
            ],
        )
        for row in rows
    ]
    DirectoryImportLine.objects.bulk_create(lines, batch_size=500)
    counts = Counter(str(row.outcome) for row in rows)
    kept = {"asked": given.counts["asked"]} if "asked" in given.counts else {}
    return {**{outcome.value: counts[outcome.value] for outcome in RowOutcome}, **kept}


def _ended() -> dict[str, Any]:
    """Return the columns of a table that is over: what it held of people goes with it."""
    return {"rows": [], "ended_at": timezone.now()}


def _told(error: DomainError) -> str:
    match error:
        case Invalid():
            return " ".join(message for messages in error.errors.values() for message in messages)
        case Refused():
            return error.sentence
    return "Quelqu’un a modifié cette ligne de l’annuaire au même moment : recommencez."


def _create_establishment(actor: Actor, *, place: Any, **columns: Any) -> None:
    place.stored = create_establishment(actor, **columns)


def _update_establishment(actor: Actor, *, place: Any, changes: dict[str, Any]) -> None:
    stored = place.stored
    update_establishment(
        actor, establishment=stored, expected_version=stored.version, changes=changes
    )


def _create_unit(actor: Actor, *, place: Any, of: Any, name: str) -> None:
    place.stored = create_unit(actor, establishment=of.stored, name=name)


def _create_room(actor: Actor, *, place: Any, of: Any, name: str) -> None:
    place.stored = create_room(actor, unit=of.stored, name=name)


def _create_professional(actor: Actor, *, someone: Any, **columns: Any) -> None:
    someone.stored = create_professional(actor, **columns)


def _update_professional(actor: Actor, *, someone: Any, changes: dict[str, Any]) -> None:
    stored = someone.stored
    update_professional(
        actor, professional=stored, expected_version=stored.version, changes=changes
    )


def _open_membership(actor: Actor, *, someone: Any, **columns: Any) -> None:
    open_membership(actor, professional=someone.stored, **columns)


STEPS: dict[str, Callable[..., object]] = {
    "create_establishment": _create_establishment,
    "update_establishment": _update_establishment,
    "create_unit": _create_unit,
    "create_room": _create_room,
    "create_professional": _create_professional,
    "update_professional": _update_professional,
    "open_membership": _open_membership,
    "end_membership": end_membership,
}
