"""The rights of an operator as a table: draft, difference, simulation, in force, history."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.functional import SimpleLazyObject
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from virage.directory.actions.matrix import activate_matrix, draft_matrix, drop_matrix_draft
from virage.directory.forms.matrix import ActivationForm, MatrixForm
from virage.directory.queries.matrix import (
    MOST_EVENTS,
    PERIODS_DAYS,
    draft_of,
    find_version,
    simulate,
    versions_of,
)
from virage.directory.rules.matrix import COLUMNS, Table, differences, table_of, told_rows
from virage.foundation.access.models import MatrixVersion
from virage.foundation.access.request import Request
from virage.foundation.ui.forms import VersionedForm, answer_form
from virage.foundation.ui.paging import Column

CELLS = (Column("Profession"), *(Column(heading) for heading in COLUMNS.values()))
DIFFERENCE = tuple(Column(label) for label in ("Profession", "Volet", "Avant", "Après"))
SIMULATION = (
    *(Column(label) for label in ("Profession", "Volet", "Lectures")),
    Column("Nombre", is_number=True),
    *(Column(label) for label in ("Par qui", "Gestes")),
)
HISTORY = tuple(Column(label) for label in ("Version", "En vigueur le", "Par", "Motif", "Revenir"))
# The version of the draft where there is none.
NONE_WAITS = 0


@require_GET
def matrix(request: Request) -> HttpResponse:
    """Show the rights in force, the draft if there is one, and the versions."""
    versions = list(versions_of(request.actor))
    shown = {
        "rows": told_rows(_table(versions[0] if versions else None)),
        "versions": versions,
        "draft": draft_of(request.actor),
        "cell_columns": CELLS,
        "history_columns": HISTORY,
    }
    return render(request, "directory/matrix.html", shown)


@require_GET
def matrix_version(request: Request, number: int) -> HttpResponse:
    """Show a version as it is or was in force, and what it changed."""
    version, before = find_version(request.actor, number)
    shown = {
        "title": f"Droits, version {number}",
        "version": version,
        "rows": told_rows(_table(version)),
        "changes": differences(_table(before), _table(version)) if number else [],
        "cell_columns": CELLS,
        "difference_columns": DIFFERENCE,
    }
    return render(request, "directory/matrix_version.html", shown)


@require_http_methods(["GET", "POST"])
def matrix_edit(request: Request) -> HttpResponse:
    """Write the draft, from the one there is or from the version in force."""
    actor = request.actor
    draft = draft_of(actor)
    form = MatrixForm(
        request.POST or None,
        table=_table(draft or versions_of(actor).first()),
        version=draft.version if draft else NONE_WAITS,
    )

    def act() -> HttpResponse:
        expected_version = form.cleaned_data["version"]
        draft_matrix(actor, cells=form.table(), expected_version=expected_version)
        messages.success(request, "Le projet est enregistré\u00a0: rien n’a encore changé.")
        return redirect("directory:matrix_draft")

    return answer_form(
        request,
        form,
        act,
        template="directory/matrix_edit.html",
        current=lambda: draft_of(actor) or _NoDraft(),
        columns=CELLS,
    )


@require_http_methods(["GET", "POST"])
def matrix_draft(request: Request) -> HttpResponse:
    """Show what the draft changes and would have changed; put it in force with a reason."""
    actor = request.actor
    draft = draft_of(actor)
    if draft is None:
        status = 422 if request.method == "POST" else 200
        return render(request, "directory/matrix_no_draft.html", status=status)
    in_force = versions_of(actor).first()
    form = ActivationForm(request.POST or None, initial={"version": draft.version})

    def act() -> HttpResponse:
        version = activate_matrix(
            actor,
            expected_version=form.cleaned_data["version"],
            reason=form.cleaned_data["reason"],
        )
        messages.success(request, f"La version {version.number} est en vigueur.")
        return redirect("directory:matrix")

    days = _days(request)
    return answer_form(
        request,
        form,
        act,
        template="directory/matrix_draft.html",
        draft=draft,
        changes=differences(_table(in_force), _table(draft)),
        simulation=SimpleLazyObject(lambda: simulate(actor, draft, days=days)),
        periods=[(one, one == days) for one in sorted(PERIODS_DAYS)],
        most_events=MOST_EVENTS,
        difference_columns=DIFFERENCE,
        simulation_columns=SIMULATION,
    )


@require_POST
def matrix_drop(request: Request) -> HttpResponse:
    """Give up the draft that was read."""
    form = VersionedForm(request.POST)
    version = form.cleaned_data["version"] if form.is_valid() else NONE_WAITS
    drop_matrix_draft(request.actor, expected_version=version)
    messages.success(request, "Le projet est abandonné.")
    return redirect("directory:matrix")


@require_POST
def matrix_return(request: Request, number: int) -> HttpResponse:
    """Draft a copy of an earlier version, unless a draft waits; 0 is that of the file."""
    version, _ = find_version(request.actor, number)
    draft_matrix(
        request.actor, cells=_table(version), expected_version=NONE_WAITS, copied_from=number
    )
    messages.success(request, f"La version {number} est reprise en projet\u00a0: relisez-la.")
    return redirect("directory:matrix_draft")


class _NoDraft:
    """What is saved over when the draft was given up meanwhile."""

    version = NONE_WAITS


def _table(version: MatrixVersion | None) -> Table:
    return table_of(version.cells if version else {})


def _days(request: HttpRequest) -> int:
    asked = request.GET.get("days", "")
    return int(asked) if asked in map(str, PERIODS_DAYS) else PERIODS_DAYS[0]
