"""The medical volet that a bris de glace opens."""

from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET

from virage.foundation.access.emergency import VOLET
from virage.foundation.access.request import Request
from virage.persons.queries import open_record
from virage.record.forms.filters import FactFilterForm
from virage.record.queries.tabs import require_readable, window_for
from virage.record.queries.timeline import facts_of


@require_GET
def medical_volet(request: Request, person_id: UUID) -> HttpResponse:
    """Tell the medical volet, to be read; before the second step, lead to the emergency sheet."""
    actor = request.actor
    record = open_record(actor, person_id, "medical", in_emergency=True)
    require_readable(actor, VOLET)
    if record.opening and not record.opening.medical_at:
        return redirect("persons:emergency", person_id)
    filters = FactFilterForm(request.GET)
    context = {
        "record": record,
        "filters": filters,
        "facts": facts_of(actor, record.person, filters.wanted((VOLET,)), request.GET),
        "window": window_for(actor, [VOLET]),
    }
    return render(request, "record/emergency.html", context)
