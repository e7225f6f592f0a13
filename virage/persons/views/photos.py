"""The photo: shown, set, removed."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.cache import get_conditional_response
from django.utils.http import quote_etag
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from virage.foundation.access.enums import Cell, Volet
from virage.foundation.access.request import Request
from virage.foundation.access.verdict import require
from virage.persons.actions import remove_photo, set_photo
from virage.persons.forms.identity import PhotoForm
from virage.persons.queries import find_person, open_record
from virage.persons.queries.details import photo_of
from virage.persons.views import answer_person_form


@require_GET
def photo(request: Request, person_id: UUID) -> HttpResponse:
    """Give the photo, our own JPEG; the browser asks again each time and may reuse its copy."""
    found = photo_of(request.actor, person_id)
    etag = quote_etag(found.digest)
    response = get_conditional_response(request, etag=etag) or HttpResponse(
        found.content, content_type="image/jpeg"
    )
    response.headers["ETag"] = etag
    response.headers["Cache-Control"] = "private, no-cache"
    response.headers["Content-Disposition"] = "inline"
    response.headers["Content-Security-Policy"] = "default-src 'none'; sandbox"
    return response


@require_http_methods(["GET", "POST"])
def photo_edit(request: Request, person_id: UUID) -> HttpResponse:
    """Set the photo, with the day of the person's consent."""
    record = open_record(request.actor, person_id, "identity")
    require(request.actor, Cell.WRITE, None, Volet.ADMINISTRATIVE)
    form = PhotoForm(request.POST or None, request.FILES or None)

    def act() -> HttpResponse:
        set_photo(
            request.actor,
            person=record.person,
            photo=form.cleaned_data["photo"],
            consent_on=form.cleaned_data["consent_on"],
        )
        messages.success(request, "La photo est enregistrée.")
        return redirect("persons:identity", person_id)

    return answer_person_form(
        request,
        form,
        act,
        record=record,
        title="Ajouter ou changer la photo",
        submit="Enregistrer la photo",
        cancel=reverse("persons:identity", args=[person_id]),
    )


@require_POST
def photo_remove(request: Request, person_id: UUID) -> HttpResponse:
    """Stop showing the photo."""
    remove_photo(request.actor, person=find_person(request.actor, person_id))
    messages.success(request, "La photo n’est plus affichée.")
    return redirect("persons:identity", person_id)
