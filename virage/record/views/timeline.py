"""The timeline of a record: all volets together, or one of them."""

from uuid import UUID

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from virage.foundation.access.enums import Cell, Volet
from virage.foundation.access.request import Request
from virage.persons.queries import open_record
from virage.record.forms.filters import FactFilterForm
from virage.record.queries.activity import weekly_activity
from virage.record.queries.counts import fact_counts
from virage.record.queries.tabs import closed_volets, volet_tabs, window_for
from virage.record.queries.timeline import facts_of
from virage.record.rules import VOLETS_BY_SLUG, opening_of


@require_GET
def fact_list(request: Request, person_id: UUID) -> HttpResponse:
    """Tell everything that the actor reads of a record, latest first."""
    actor = request.actor
    record = open_record(actor, person_id, "timeline")
    filters = FactFilterForm(request.GET)
    context = {
        "record": record,
        "volets": volet_tabs(actor, person_id),
        "closed": closed_volets(actor, person_id),
        "filters": filters,
        "facts": facts_of(actor, record.person, filters.wanted(tuple(Volet)), request.GET),
        "activity": weekly_activity(actor, record.person),
        "window": window_for(actor),
        "may_write": bool(actor.writable_volets),
    }
    return render(request, "record/timeline.html", context)


@require_GET
def volet_page(request: Request, person_id: UUID, volet: str) -> HttpResponse:
    """Tell what one volet holds, its numbers alone, or the rule that closes it to the actor."""
    if volet not in VOLETS_BY_SLUG:
        raise Http404
    actor, shown = request.actor, VOLETS_BY_SLUG[volet]
    record = open_record(actor, person_id, "timeline")
    opening = opening_of(actor.grants(shown), actor.profession_label)
    filters = FactFilterForm(request.GET)
    facts, counts = None, {}
    if opening.is_open:
        facts = facts_of(actor, record.person, filters.wanted((shown,)), request.GET)
    else:
        counts = fact_counts(actor, record.person, shown)
    context = {
        "record": record,
        "volets": volet_tabs(actor, person_id, shown),
        "volet": shown,
        "opening": opening,
        "counts": counts,
        "filters": filters,
        "facts": facts,
        "window": window_for(actor, [shown]),
        "may_write": actor.may(Cell.WRITE, shown),
    }
    status = 200 if opening.is_open or counts else 403
    return render(request, "record/volet.html", context, status=status)
