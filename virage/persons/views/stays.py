"""Stays and referents."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods

from virage.foundation.access.enums import Cell, Volet
from virage.foundation.access.request import Request
from virage.foundation.access.verdict import require
from virage.persons.actions import close_stay, end_referent, name_referent, open_stay, update_stay
from virage.persons.forms.stays import (
    CloseStayForm,
    EndReferentForm,
    ReferentForm,
    StayEditForm,
    StayForm,
)
from virage.persons.queries import open_record
from virage.persons.queries.details import find_referent, find_stay, stay_details
from virage.persons.queries.places import referents_to_name
from virage.persons.views import Where, answer_person_form


@require_GET
def stay_page(request: Request, person_id: UUID) -> HttpResponse:
    """Show the stays, latest first, and who follows the person."""
    record = open_record(request.actor, person_id, "stays")
    details = stay_details(request.actor, record.person)
    return render(request, "persons/stays.html", {"record": record, "details": details})


@require_http_methods(["GET", "POST"])
def stay_add(request: Request, person_id: UUID) -> HttpResponse:
    """Open another stay."""
    record = open_record(request.actor, person_id, "stays")
    require(request.actor, Cell.WRITE, None, Volet.ADMINISTRATIVE)
    where = Where.of(request, person=record.person)
    cancel = reverse("persons:stays", args=[person_id])
    if where.question:
        shown = {"record": record, "question": where.question, "cancel": cancel}
        return render(request, "persons/stay_where.html", shown)
    form = StayForm(request.POST or None, places=where.places, establishments=where.establishments)

    def act() -> HttpResponse:
        open_stay(request.actor, person=record.person, stay=form.stay())
        messages.success(request, "Le séjour est ouvert.")
        return redirect("persons:stays", person_id)

    return answer_person_form(
        request,
        form,
        act,
        record=record,
        title="Ouvrir un séjour",
        submit="Ouvrir le séjour",
        cancel=cancel,
    )


@require_http_methods(["GET", "POST"])
def stay_edit(request: Request, person_id: UUID, stay_id: UUID) -> HttpResponse:
    """Correct a stay."""
    record = open_record(request.actor, person_id, "stays")
    require(request.actor, Cell.WRITE, None, Volet.ADMINISTRATIVE)
    stay = find_stay(request.actor, record.person, stay_id)
    where = Where.of(request, person=record.person, stay=stay)
    form = StayEditForm(
        request.POST or None,
        item=stay,
        places=where.places,
        establishments=where.establishments,
    )

    def act() -> HttpResponse:
        update_stay(
            request.actor,
            stay=stay,
            expected_version=form.cleaned_data["version"],
            changes=form.values(),
        )
        messages.success(request, "Le séjour est enregistré.")
        return redirect("persons:stays", person_id)

    return answer_person_form(
        request,
        form,
        act,
        current=lambda: find_stay(request.actor, record.person, stay_id),
        record=record,
        title="Modifier le séjour",
        note=stay.establishment.name,
        submit="Enregistrer le séjour",
        cancel=reverse("persons:stays", args=[person_id]),
    )


@require_http_methods(["GET", "POST"])
def stay_close(request: Request, person_id: UUID, stay_id: UUID) -> HttpResponse:
    """Note the exit."""
    record = open_record(request.actor, person_id, "stays")
    require(request.actor, Cell.WRITE, None, Volet.ADMINISTRATIVE)
    stay = find_stay(request.actor, record.person, stay_id)
    form = CloseStayForm(request.POST or None, item=stay)

    def act() -> HttpResponse:
        close_stay(
            request.actor,
            stay=stay,
            expected_version=form.cleaned_data["version"],
            **form.values(),
        )
        messages.success(request, "La sortie est notée.")
        return redirect("persons:stays", person_id)

    return answer_person_form(
        request,
        form,
        act,
        current=lambda: find_stay(request.actor, record.person, stay_id),
        record=record,
        title="Noter la sortie",
        note=stay.establishment.name,
        submit="Noter la sortie",
        cancel=reverse("persons:stays", args=[person_id]),
    )


@require_http_methods(["GET", "POST"])
def referent_name(request: Request, person_id: UUID) -> HttpResponse:
    """Name who follows the person."""
    record = open_record(request.actor, person_id, "stays")
    require(request.actor, Cell.WRITE, None, Volet.ADMINISTRATIVE)
    form = ReferentForm(request.POST or None, colleagues=referents_to_name(request.actor))

    def act() -> HttpResponse:
        name_referent(request.actor, person=record.person, **form.values())
        messages.success(request, "Le référent est nommé.")
        return redirect("persons:stays", person_id)

    return answer_person_form(
        request,
        form,
        act,
        record=record,
        title="Nommer un référent",
        note="Le référent ouvre le dossier, même hors de son unité, entre ces deux dates.",
        submit="Nommer le référent",
        cancel=reverse("persons:stays", args=[person_id]),
    )


@require_http_methods(["GET", "POST"])
def referent_end(request: Request, person_id: UUID, referent_id: UUID) -> HttpResponse:
    """Set the last day of a referent."""
    record = open_record(request.actor, person_id, "stays")
    require(request.actor, Cell.WRITE, None, Volet.ADMINISTRATIVE)
    referent = find_referent(request.actor, record.person, referent_id)
    name = referent.professional.display_name
    form = EndReferentForm(request.POST or None, initial={"ends_on": request.actor.today})

    def act() -> HttpResponse:
        end_referent(request.actor, referent=referent, **form.cleaned_data)
        messages.success(request, f"{name} a un dernier jour comme référent.")
        return redirect("persons:stays", person_id)

    return answer_person_form(
        request,
        form,
        act,
        record=record,
        title="Mettre fin au rôle de référent",
        note=name,
        submit="Enregistrer la fin",
        cancel=reverse("persons:stays", args=[person_id]),
    )
