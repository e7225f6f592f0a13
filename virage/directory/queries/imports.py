"""Reading imports of the directory: for those who manage that of the whole operator alone."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django.db.models import Case, IntegerField, QuerySet, Value, When

from virage.directory.enums import ImportKind, RowOutcome
from virage.directory.models import DirectoryImport, DirectoryImportLine
from virage.directory.queries.import_rows import ImportRow
from virage.directory.queries.staff_rows import staff_rows
from virage.directory.queries.structure_rows import structure_rows
from virage.directory.rules import require_management
from virage.directory.rules.imports import ERRORS
from virage.foundation.access.actor import Actor
from virage.foundation.errors import Refused
from virage.foundation.outbox.models import Message
from virage.foundation.outbox.queries import message_with


def directory_imports_of(actor: Actor) -> QuerySet[DirectoryImport]:
    """Return the imports of the operator's directory, latest first, without their rows.

    Refused unless the actor manages the directory of the whole operator.
    """
    require_management(actor)
    ours = DirectoryImport.objects.filter(operator=actor.operator_id).defer("rows_json")
    return ours.order_by("-created_at", "-id")


def find_directory_import(actor: Actor, import_id: UUID) -> DirectoryImport:
    """Return one of them; Refused, as not existing, for another operator's."""
    require_management(actor)
    found = DirectoryImport.objects.filter(operator=actor.operator_id, pk=import_id).first()
    if found is None:
        raise Refused.hidden()
    return found


def planned_rows(actor: Actor, given: DirectoryImport) -> list[ImportRow]:
    """Return what each row would do now, in the order of the file."""
    plan = staff_rows if given.kind == ImportKind.STAFF else structure_rows
    return plan(actor, given)


def report_of(given: DirectoryImport) -> QuerySet[DirectoryImportLine]:
    """Return the report of an import, errors first, then in the order of the file."""
    ranks = [When(outcome=one, then=Value(rank)) for rank, one in enumerate(RowOutcome)]
    ranked = given.lines.alias(rank=Case(*ranks, output_field=IntegerField()))
    return ranked.order_by("rank", "number", "id")


def remembered_mapping(actor: Actor, kind: str, headings: Sequence[str]) -> dict[str, int]:
    """Return the columns chosen last time under the same headings; none for new ones."""
    last = DirectoryImport.objects.filter(
        operator=actor.operator_id, kind=kind, headings=list(headings)
    ).exclude(mapping={})
    before = last.order_by("-created_at", "-id").first()
    kept: dict[str, int] = before.mapping if before else {}
    return kept


def delivery_of_import(given: DirectoryImport) -> Message | None:
    """Return the message by which the worker writes an import, while it is not written."""
    if given.state != "applying":
        return None
    return message_with(f"directory.import:{given.pk}:{given.counts.get('asked', 0)}")


def table_with_errors(given: DirectoryImport) -> tuple[list[str], list[list[str]]]:
    """Return the table as it was received with a last column of errors, ready to be corrected."""
    told: dict[int, str] = {}
    for line in given.lines.exclude(errors=[]).order_by("number", "id"):
        told[line.number] = " ; ".join(_worded(column, why) for column, why in line.errors)
    keeps = [place for place, heading in enumerate(given.headings) if heading != ERRORS]
    headings = [*(given.headings[place] for place in keeps), ERRORS]
    rows = [
        [*(cells[place] for place in keeps), told.get(number, "")]
        for number, cells in enumerate(given.rows, start=given.heading_row + 1)
    ]
    return headings, rows


def _worded(column: str, why: Any) -> str:
    return f"{column} : {why}" if column else str(why)
