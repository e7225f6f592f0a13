"""Bris de glace: the way in, the emergency sheet, the second step, the end."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from virage.foundation.access.emergency import policy, profession_refusal
from virage.foundation.access.request import Request
from virage.foundation.errors import Invalid
from virage.foundation.ui.forms import answer_form
from virage.persons.actions import (
    break_the_glass,
    break_the_glass_on_identity,
    end_opening,
    open_medical_volet,
)
from virage.persons.forms.emergency import BreakForm, IdentityBreakForm
from virage.persons.queries.emergency import considers, emergency_sheet, has_opened

NOTHING_OPENED = (
    "Aucun dossier ne s’est ouvert avec cette identité. Vérifiez le nom, le prénom et la date sur "
    "une pièce. Si le dossier existe et est sensible, il s’ouvre à deux : votre demande attend, "
    "pendant {minutes} minutes, qu’une deuxième personne de l’équipe ou la direction l’approuve ; "
    "votre page d’accueil vous le dira."
)


@require_http_methods(["GET", "POST"])
def emergency_search(request: Request) -> HttpResponse:
    """Open the record of someone whom no screen shows, by her exact identity."""
    if refused := profession_refusal(request.actor):
        raise refused
    form = IdentityBreakForm(request.POST or None)

    def act() -> HttpResponse:
        person = break_the_glass_on_identity(request.actor, **form.cleaned_data)
        if person is None:
            minutes = policy().approval_minutes
            raise Invalid({"": [NOTHING_OPENED.format(minutes=minutes)]})
        return redirect("persons:emergency", person.pk)

    return answer_form(
        request, form, act, template="persons/emergency_search.html", policy=policy()
    )


@require_http_methods(["GET", "POST"])
def emergency_open(request: Request, person_id: UUID) -> HttpResponse:
    """Open a record of the operator out of the team; nothing of whose it is shows before."""
    if request.method == "GET" and has_opened(request.actor, person_id):
        return redirect("persons:emergency", person_id)
    is_reached = not considers(request.actor, person_id)
    form = BreakForm(request.POST or None)

    def act() -> HttpResponse:
        break_the_glass(request.actor, person_id=person_id, **form.cleaned_data)
        return redirect("persons:emergency", person_id)

    return answer_form(
        request,
        form,
        act,
        template="persons/emergency_open.html",
        policy=policy(),
        is_reached=is_reached,
        person_id=person_id,
    )


@require_GET
def emergency(request: Request, person_id: UUID) -> HttpResponse:
    """Show the emergency sheet."""
    sheet = emergency_sheet(request.actor, person_id)
    shown = {"record": sheet.record, "sheet": sheet, "opening": sheet.record.opening}
    return render(request, "persons/emergency.html", shown)


@require_POST
def emergency_medical(request: Request, person_id: UUID) -> HttpResponse:
    """Take the second step."""
    open_medical_volet(request.actor, person_id=person_id)
    messages.success(request, "Le volet médical est ouvert, à lire seulement.")
    return redirect("persons:emergency", person_id)


@require_POST
def emergency_end(request: Request, person_id: UUID) -> HttpResponse:
    """Close the record before its time."""
    end_opening(request.actor, person_id=person_id)
    messages.success(request, "Le dossier est refermé.")
    return redirect("directory:home")
