"""Importing the directory from a spreadsheet: read, check, write, or give up."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from virage.directory.actions.imports import (
    apply_table,
    check_table,
    discard_table,
    receive_table,
)
from virage.directory.enums import ImportKind
from virage.directory.forms.imports import ImportColumnsForm, ImportFileForm, ImportLineFilter
from virage.directory.models import DirectoryImport
from virage.directory.queries.imports import (
    delivery_of_import,
    directory_imports_of,
    find_directory_import,
    report_of,
    table_with_errors,
)
from virage.directory.rules.imports import name_to_correct, repeated_headings, unread_headings
from virage.foundation.access.request import Request
from virage.foundation.ui.forms import answer_form
from virage.foundation.ui.paging import Column, paginate
from virage.foundation.ui.responses import attachment, spreadsheet
from virage.foundation.workflow.queries import progress_of

IMPORT_COLUMNS = (
    Column("Fichier", "file", ("file_name",)),
    Column("Contenu", "kind", ("kind",)),
    Column("Reçu le", "created", ("created_at",)),
    Column("État", "state", ("state",)),
)
LINE_COLUMNS = (
    Column("Ligne", "number", ("number",), is_number=True),
    Column("Objet", "label", ("label",)),
    Column("Résultat", "outcome", ("outcome",)),
    Column("Ce qui change, ou ce qui ne va pas"),
)


@require_http_methods(["GET", "POST"])
def import_list(request: Request) -> HttpResponse:
    """List the tables imported, and receive one more."""
    paging = paginate(directory_imports_of(request.actor), request.GET, IMPORT_COLUMNS)
    form = ImportFileForm(request.POST or None, request.FILES or None)

    def act() -> HttpResponse:
        given = receive_table(
            request.actor,
            kind=ImportKind(form.cleaned_data["kind"]),
            file_name=form.cleaned_data["file"].name,
            sheet=form.cleaned_data["sheet"],
        )
        return redirect("directory:import", given.pk)

    return answer_form(request, form, act, template="directory/import_list.html", paging=paging)


@require_GET
def import_page(request: Request, import_id: UUID) -> HttpResponse:
    """Show where a table stands, what it would change, and how far its writing has come."""
    given = find_directory_import(request.actor, import_id)
    return _page(request, given, ImportColumnsForm(given=given))


@require_POST
def import_check(request: Request, import_id: UUID) -> HttpResponse:
    """Check a table under the columns chosen."""
    given = find_directory_import(request.actor, import_id)
    form = ImportColumnsForm(request.POST, given=given)

    def act() -> HttpResponse:
        seen = form.cleaned_data["seen_state"]
        check_table(request.actor, import_id=import_id, mapping=form.mapping(), seen_state=seen)
        messages.success(request, "Les lignes sont vérifiées.")
        return redirect("directory:import", import_id)

    shown = _shown(request, given)
    return answer_form(request, form, act, template="directory/import.html", **shown)


@require_POST
def import_apply(request: Request, import_id: UUID) -> HttpResponse:
    """Ask for a table to be written."""
    seen = request.POST.get("seen_state", "")
    apply_table(request.actor, import_id=import_id, seen_state=seen)
    return redirect("directory:import", import_id)


@require_POST
def import_discard(request: Request, import_id: UUID) -> HttpResponse:
    """Give a table up."""
    seen = request.POST.get("seen_state", "")
    discard_table(request.actor, import_id=import_id, seen_state=seen)
    messages.success(request, "L’import est abandonné. Rien n’a été écrit dans l’annuaire.")
    return redirect("directory:import", import_id)


@require_GET
def import_errors(request: Request, import_id: UUID) -> HttpResponse:
    """Give the table back with what is wrong in each row, to be corrected and imported again."""
    given = find_directory_import(request.actor, import_id)
    content = spreadsheet(*table_with_errors(given))
    name = name_to_correct(given.file_name)
    return attachment(request, content, name, "text/csv; charset=utf-8")


def _page(request: Request, given: DirectoryImport, form: ImportColumnsForm) -> HttpResponse:
    shown = {"form": form, **_shown(request, given)}
    return render(request, "directory/import.html", shown)


def _shown(request: Request, given: DirectoryImport) -> dict[str, Any]:
    form = ImportLineFilter(request.GET)
    return {
        "given": given,
        "filters": form,
        "paging": paginate(form.filter(report_of(given)), request.GET, LINE_COLUMNS),
        "repeated": repeated_headings(given.kind, given.headings),
        "unread": unread_headings(given.headings, given.mapping),
        "delivery": delivery_of_import(given),
        "progress": progress_of(request.actor, given, {}),
    }
