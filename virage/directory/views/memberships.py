"""Memberships: who works where, as what, between two dates."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods

from virage.directory.actions import end_membership, open_membership
from virage.directory.forms import EndForm, MembershipFilter, MembershipForm, StructureChoice
from virage.directory.queries import (
    establishments_of,
    establishments_of_situation,
    membership_of,
    membership_refusal,
    memberships_of,
    professional_of,
    professions_opened_by,
    units_of,
)
from virage.directory.rules import require_manager
from virage.directory.views import answer_directory_form
from virage.foundation.access.request import Request
from virage.foundation.ui.paging import Column, paginate

COLUMNS = (
    Column("Professionnel", "name", ("professional__search_text",)),
    Column("Profession", "profession", ("profession",)),
    Column("Structure, unités", "structure", ("establishment__name",)),
    Column("Période", "start", ("starts_on",)),
)


@require_GET
def membership_list(request: Request) -> HttpResponse:
    """List the situations of the operator: those in force, unless others are asked for."""
    actor = request.actor
    form = MembershipFilter(request.GET, establishments=establishments_of(actor))
    paging = paginate(form.filter(memberships_of(actor), actor.at), request.GET, COLUMNS)
    return render(request, "directory/membership_list.html", {"form": form, "paging": paging})


@require_http_methods(["GET", "POST"])
def membership_open(request: Request, professional_id: UUID) -> HttpResponse:
    """Open a situation: where first (in the address), then as what and over whom."""
    actor = request.actor
    found = professional_of(actor, professional_id)
    require_manager(actor)
    where = StructureChoice(
        request.GET or {"establishment": actor.establishment_id},
        establishments=establishments_of_situation(actor),
        anywhere="Choisissez…" if actor.establishment_id else "Tout l’organisme",
    )
    establishment = where.chosen
    form = MembershipForm(
        request.POST or None,
        establishment=establishment,
        professions=professions_opened_by(actor, establishment.pk if establishment else None),
        units=units_of(establishment),
        initial={"starts_on": timezone.localdate()},
    )

    def act() -> HttpResponse:
        made = open_membership(
            actor, professional=found, establishment=establishment, **form.cleaned_data
        )
        messages.success(request, f"Situation ouverte : {made.profession_label}.")
        return redirect("directory:professional", found.pk)

    return answer_directory_form(
        request,
        form,
        act,
        template="directory/membership_open.html",
        where=where,
        professional=found,
        cancel=reverse("directory:professional", args=[found.pk]),
    )


@require_http_methods(["GET", "POST"])
def membership_end(request: Request, membership_id: UUID) -> HttpResponse:
    """Set the last day of a situation."""
    membership = membership_of(request.actor, membership_id)
    if refused := membership_refusal(request.actor, membership):
        raise refused
    form = EndForm(request.POST or None, initial={"ends_on": timezone.localdate()})
    person = membership.professional

    def act() -> HttpResponse:
        end_membership(request.actor, membership=membership, **form.cleaned_data)
        messages.success(request, f"La situation de {person.display_name} a une fin.")
        return redirect("directory:professional", person.pk)

    return answer_directory_form(
        request,
        form,
        act,
        title="Mettre fin à une situation",
        note=f"{person.display_name}, {membership.profession_label}, {membership.structure.name}",
        submit="Mettre fin à la situation",
        cancel=reverse("directory:professional", args=[person.pk]),
    )
