"""The list of usagers and the search."""

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET, require_http_methods

from virage.foundation.access.emergency import may_break_the_glass
from virage.foundation.access.request import Request
from virage.foundation.ui.forms import words_typed
from virage.persons.forms.lists import ListForm
from virage.persons.queries.details import writes_administrative
from virage.persons.queries.lists import COLUMNS, person_list
from virage.persons.queries.people import require_identities
from virage.persons.queries.places import places_of
from virage.persons.queries.searching import search


@require_GET
def person_page(request: Request) -> HttpResponse:
    """List the persons accompanied; place, state, sort and page stay in the address."""
    require_identities(request.actor)
    places = places_of(request.actor)
    form = ListForm(request.GET, places=places)
    filters = form.filters()
    shown = {
        "form": form,
        "presence": filters.presence,
        "is_filtered": filters.is_in_place,
        "paging": person_list(request.actor, filters, request.GET),
        "title": request.actor.people_word,
        "has_many_places": len(places) > 1,
        "may_write": writes_administrative(request.actor),
    }
    return render(request, "persons/list.html", shown)


@require_http_methods(["GET", "POST"])
def person_search(request: Request) -> HttpResponse:
    """Search by words."""
    require_identities(request.actor)
    text = words_typed(request)
    found = search(request.actor, text) if text else None
    shown = {
        "text": text,
        "found": found,
        "columns": COLUMNS,
        "has_many_places": request.actor.establishment_id is None,
        "may_write": writes_administrative(request.actor),
        "breaks_the_glass": may_break_the_glass(request.actor.profession),
    }
    return render(request, "persons/search.html", shown)
