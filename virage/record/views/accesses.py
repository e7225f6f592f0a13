"""« Qui a vu » a record, and what a professional did in records."""

from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_GET

from virage.directory.queries import professional_of
from virage.foundation.access.request import Request
from virage.foundation.ui.responses import attachment, spreadsheet
from virage.persons.queries import open_record
from virage.record.forms.filters import AccessFilterForm, ActFilterForm
from virage.record.queries.accesses import accesses_of, every_access_to, has_purposes
from virage.record.queries.acts import acts_in_records


@require_GET
def access_list(request: Request, person_id: UUID) -> HttpResponse:
    """List who read or wrote the record, latest first."""
    record = open_record(request.actor, person_id, "accesses")
    filters = AccessFilterForm(request.GET)
    accesses = accesses_of(request.actor, record.person, request.GET, is_write=filters.is_write())
    context = {
        "record": record,
        "filters": filters,
        "accesses": accesses,
        "has_purposes": has_purposes(accesses.rows),
    }
    return render(request, "record/accesses.html", context)


@require_GET
def accesses_file(request: Request, person_id: UUID) -> HttpResponse:
    """Give the whole list as a spreadsheet, to be handed to the person."""
    record = open_record(request.actor, person_id, "accesses")
    rows = [
        (
            f"{timezone.localtime(one.at):%d/%m/%Y %H:%M}",
            *(one.name, one.profession, one.place, one.gesture, one.volets, one.purpose),
        )
        for one in every_access_to(request.actor, record.person)
    ]
    headings = (
        *("Quand", "Qui", "Profession", "Établissement"),
        *("Ce qui a été fait", "Partie du dossier", "Pourquoi"),
    )
    return attachment(
        request, spreadsheet(headings, rows), "qui-a-vu.csv", "text/csv; charset=utf-8"
    )


@require_GET
def act_list(request: Request, professional_id: UUID) -> HttpResponse:
    """List what a professional read and wrote in records, latest first."""
    found = professional_of(request.actor, professional_id)
    filters = ActFilterForm(request.GET, today=request.actor.today)
    acts = acts_in_records(request.actor, found, request.GET, filters.wanted())
    shown = {"professional": found, "filters": filters, "acts": acts}
    return render(request, "record/acts.html", shown)
