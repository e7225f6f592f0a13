"""The timeline of a record, and its volets one by one."""

from uuid import UUID

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_GET

from virage.foundation.access.enums import Cell
from virage.foundation.access.matrix import allows, grants, readable_volets, writable_volets
from virage.foundation.access.request import Request
from virage.foundation.ui.components import Tab
from virage.persons.queries import open_record
from virage.record.forms.filters import FactFilterForm
from virage.record.queries.timeline import FactFilter, facts_of
from virage.record.rules import VOLET_SLUGS, VOLETS_BY_SLUG, opening_of


@require_GET
def fact_list(request: Request, person_id: UUID) -> HttpResponse:
    """Tell everything that the actor reads of a record, latest first."""
    actor = request.actor
    record = open_record(actor, person_id, "timeline")
    readable = readable_volets(actor.profession)
    filters = FactFilterForm(request.GET, volets=readable)
    wanted = filters.wanted()
    return render(
        request,
        "record/timeline.html",
        {
            "record": record,
            "filters": filters,
            "is_filtered": wanted.is_narrow,
            "facts": facts_of(actor, record.person, wanted, request.GET),
            "closed": [
                Tab(volet.label, reverse("record:volet", args=[person_id, slug]))
                for volet, slug in VOLET_SLUGS.items()
                if volet not in readable
            ],
            "may_write": bool(writable_volets(actor.profession)),
        },
    )


@require_GET
def volet_page(request: Request, person_id: UUID, volet: str) -> HttpResponse:
    """Show what one volet holds, or the rule that closes it to the actor."""
    if volet not in VOLETS_BY_SLUG:
        raise Http404
    actor, shown = request.actor, VOLETS_BY_SLUG[volet]
    record = open_record(actor, person_id, f"volet-{volet}")
    opening = opening_of(grants(actor.profession, shown), actor.profession_label)
    facts = facts_of(actor, record.person, FactFilter(volets=[shown]), request.GET)
    return render(
        request,
        "record/volet.html",
        {
            "record": record,
            "volet": shown,
            "opening": opening,
            "facts": facts,
            "may_write": allows(actor.profession, Cell.WRITE, shown),
        },
        status=200 if opening.is_open else 403,
    )
