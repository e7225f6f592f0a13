"""Importing tables of structures and of staff: checked first, written whole or not at all.

Everything is written in the name of who asked, as the actions of the screens would: an import opens
no right that its author could not open by hand, and no account.
"""

import logging
from collections import Counter
from collections.abc import Mapping
from pathlib import PurePath
from typing import Any
from uuid import UUID

import msgspec
from django.db import IntegrityError, transaction
from django.utils import timezone

from virage.directory.actions.import_rows import RowWriter
from virage.directory.enums import ImportKind, RowOutcome
from virage.directory.models import DirectoryImport, DirectoryImportLine, Membership, Operator
from virage.directory.queries.actors import actor_of
from virage.directory.queries.import_rows import ImportRow
from virage.directory.queries.imports import find_directory_import, planned_rows, remembered_mapping
from virage.directory.rules import require_management
from virage.directory.rules.imports import (
    import_columns,
    mapping_faults,
    proposed_mapping,
    repeated_headings,
)
from virage.formats.spreadsheet import Sheet
from virage.foundation.access.actor import Actor
from virage.foundation.errors import Conflict, DomainError, Invalid, Refused
from virage.foundation.journal.writing import record
from virage.foundation.logs import failure_of
from virage.foundation.outbox.actions import post, tell_progress
from virage.foundation.workflow.actions import move, start

logger = logging.getLogger(__name__)

DIRECTORY_IMPORT = "directory.import"
WRITTEN_MEANWHILE = (
    "Quelqu’un a ajouté à l’annuaire, au même moment, une ligne de ce tableau : vérifiez de "
    "nouveau."
)


@transaction.atomic
def receive_table(
    actor: Actor, *, kind: ImportKind, file_name: str, sheet: Sheet
) -> DirectoryImport:
    """Keep a table of the directory, guess its columns, and check it if they suffice.

    `sheet` is what `rules.imports.read_table` found in the file, read before: it takes time, and
    nobody else writes meanwhile. Refused to those who do not manage the directory of the whole
    operator.
    """
    require_management(actor)
    remembered = remembered_mapping(actor, kind, sheet.headings)
    given = DirectoryImport.objects.create(
        operator_id=actor.operator_id,
        kind=kind,
        membership_id=actor.membership_id,
        file_name=PurePath(file_name).name.replace("\0", "")[:255] or "tableau",
        headings=sheet.headings,
        rows_json=msgspec.json.encode(sheet.rows).decode(),
        heading_row=sheet.heading_row,
        mapping=remembered or proposed_mapping(kind, sheet.headings),
    )
    start(actor, item=given)
    record(actor, "directory_import.receive", target=given, detail={"rows": len(sheet.rows)})
    is_doubtful = not remembered and repeated_headings(kind, sheet.headings)
    if is_doubtful or mapping_faults(kind, given.mapping):
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
    tell_progress("Écriture du tableau, d’un seul tenant")
    try:
        return _write(actor, given)
    except BadRow as error:
        return _fail(actor, given, error.row, error.message)
    except IntegrityError as error:
        logger.warning("Import %s: %s", given.pk, failure_of(error))
        return _fail(actor, given, None, WRITTEN_MEANWHILE)


class BadRow(Exception):
    """A row that an action refused while it was written: everything is undone."""

    def __init__(self, row: ImportRow | None, message: str) -> None:
        super().__init__()
        self.row, self.message = row, message


@transaction.atomic
def _write(actor: Actor, given: DirectoryImport) -> DirectoryImport:
    # Two imports of an operator are written one after the other.
    Operator.objects.select_for_update(no_key=True).get(pk=given.operator_id)
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
    writer = RowWriter(actor)
    for row in rows:
        if row.errors:
            raise BadRow(row, "")
        for step, needs in row.steps:
            try:
                writer.take(step, needs)
            except DomainError as error:
                raise BadRow(row, _told(error)) from error
    try:
        writer.finish()
    except Conflict as error:
        raise BadRow(None, error.message) from error
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
    return {"rows_json": "", "ended_at": timezone.now()}


def _told(error: DomainError) -> str:
    match error:
        case Invalid():
            return " ".join(message for messages in error.errors.values() for message in messages)
        case Refused():
            return error.sentence
    return "Quelqu’un a modifié cette ligne de l’annuaire au même moment : recommencez."
