"""« Droits » of a record: why one sees it, and what the direction closes, hides or shares."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from virage.foundation.access.enums import Cell, Volet
from virage.foundation.access.request import Request
from virage.foundation.access.verdict import require
from virage.foundation.ui.paging import Column
from virage.persons.actions import (
    lift_restriction,
    mark_sensitive,
    raise_restriction,
    share_between_establishments,
    stop_sharing_between_establishments,
)
from virage.persons.forms.rights import ItemForm, RestrictionForm, SensitiveForm, SharingForm
from virage.persons.queries import find_person, open_record
from virage.persons.queries.closing import closable_to, closing_refusal
from virage.persons.queries.why import find_restriction, why_of
from virage.persons.views import answer_person_form

VOLET_COLUMNS = (Column("Volet"), Column("Vous pouvez"), Column("Selon quelle règle"))
RESTRICTION_COLUMNS = tuple(
    Column(label) for label in ("À qui", "Ce qui est fermé", "Pourquoi", "Depuis", "Fin")
)


@require_GET
def rights(request: Request, person_id: UUID) -> HttpResponse:
    """Say why the actor sees what he sees; to the direction, what is closed and shared too."""
    record = open_record(request.actor, person_id, "rights")
    shown = {
        "record": record,
        "why": why_of(request.actor, record.person),
        "volet_columns": VOLET_COLUMNS,
        "restriction_columns": RESTRICTION_COLUMNS,
    }
    return render(request, "persons/rights.html", shown)


@require_http_methods(["GET", "POST"])
def restriction_add(request: Request, person_id: UUID) -> HttpResponse:
    """Close the record, or the item that the address names, to somebody."""
    record = open_record(request.actor, person_id, "rights")
    asked = ItemForm(request.GET)
    item_id = asked.cleaned_data["item"] if asked.is_valid() else None
    if refused := closing_refusal(request.actor, record.person, item_id):
        raise refused
    form = RestrictionForm(
        request.POST or None,
        colleagues=closable_to(request.actor),
        by_direction=request.actor.directs,
    )

    def act() -> HttpResponse:
        raise_restriction(request.actor, person=record.person, item_id=item_id, **form.values())
        messages.success(request, "La restriction est posée\u00a0: la direction peut la lever.")
        return redirect("persons:rights", person_id)

    return answer_person_form(
        request,
        form,
        act,
        record=record,
        title="Fermer cet écrit" if item_id else "Fermer ce dossier",
        note="Opposition de la personne, ou restriction. Elle dure jusqu’à ce qu’on la lève.",
        submit="Fermer cet écrit" if item_id else "Fermer ce dossier",
        cancel=reverse("persons:rights", args=[person_id]),
    )


@require_POST
def restriction_lift(request: Request, person_id: UUID, restriction_id: UUID) -> HttpResponse:
    """Lift a restriction."""
    person = find_person(request.actor, person_id)
    restriction = find_restriction(request.actor, person, restriction_id)
    lift_restriction(request.actor, restriction=restriction)
    messages.success(request, "La restriction est levée.")
    return redirect("persons:rights", person_id)


@require_POST
def sensitive_mark(request: Request, person_id: UUID) -> HttpResponse:
    """Mark the record sensitive, or no longer."""
    form = SensitiveForm(request.POST)
    is_sensitive = form.is_valid() and form.cleaned_data["is_sensitive"]
    person = find_person(request.actor, person_id)
    mark_sensitive(request.actor, person=person, is_sensitive=is_sensitive)
    messages.success(
        request, "Le dossier est marqué sensible." if is_sensitive else "La marque est retirée."
    )
    return redirect("persons:rights", person_id)


@require_http_methods(["GET", "POST"])
def sharing_open(request: Request, person_id: UUID) -> HttpResponse:
    """Share the record between the establishments of the operator, as the person agreed."""
    record = open_record(request.actor, person_id, "rights")
    require(request.actor, Cell.VALIDATE, record.person.subject, Volet.PROJECT)
    form = SharingForm(request.POST or None)

    def act() -> HttpResponse:
        share_between_establishments(request.actor, person=record.person, **form.cleaned_data)
        messages.success(request, "Le dossier est partagé entre établissements.")
        return redirect("persons:rights", person_id)

    return answer_person_form(
        request,
        form,
        act,
        record=record,
        title="Partager entre établissements",
        note="Chaque établissement lira ce que les autres ont écrit. La personne peut revenir sur "
        "son accord à tout moment.",
        submit="Partager le dossier",
        cancel=reverse("persons:rights", args=[person_id]),
    )


@require_POST
def sharing_stop(request: Request, person_id: UUID) -> HttpResponse:
    """Give each establishment back what it alone wrote."""
    person = find_person(request.actor, person_id)
    stop_sharing_between_establishments(request.actor, person=person)
    messages.success(request, "Le dossier n’est plus partagé.")
    return redirect("persons:rights", person_id)
