"""Editing: the choice of a document, its period and its file, then the file itself."""

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods

from virage.documents.models import Document
from virage.editions.actions import edit
from virage.editions.enums import FileFormat, Kind
from virage.editions.forms import PersonEditionForm, PresentListForm
from virage.editions.models import Preparation
from virage.editions.queries.prepared import (
    find_preparation,
    prepared_content,
    refusal_to_fetch,
    task_given_up,
)
from virage.editions.queries.reading import kinds_offered, require_kind
from virage.editions.rules.filing import file_name, type_of_format
from virage.editions.rules.templates import KIND_SLUGS, Wanted, template_of
from virage.foundation.access.request import Request
from virage.foundation.ui.forms import answer_form
from virage.foundation.ui.responses import attachment
from virage.instruments.queries import current_instruments, other_versions
from virage.instruments.rules.themes import by_theme
from virage.persons.queries import open_record
from virage.persons.queries.details import writes_administrative
from virage.persons.queries.people import require_identities
from virage.persons.queries.places import places_of
from virage.record.queries.tabs import window_for

KINDS_BY_SLUG = {slug: kind for kind, slug in KIND_SLUGS.items()}


@require_GET
def choice(request: Request, person_id: UUID) -> HttpResponse:
    """Offer what can be edited of a person."""
    record = open_record(request.actor, person_id, "editions")
    offered = [
        {
            "template": template_of(kind),
            "url": reverse("editions:person", args=[person_id, KIND_SLUGS[kind]]),
        }
        for kind in kinds_offered(request.actor)
    ]
    return render(request, "editions/choice.html", {"record": record, "offered": offered})


@require_http_methods(["GET", "POST"])
def person_edition(request: Request, person_id: UUID, kind: str) -> HttpResponse:
    """Ask for the period and the file, then give it or file it in the record."""
    actor = request.actor
    if kind not in KINDS_BY_SLUG:
        raise Http404
    wanted = KINDS_BY_SLUG[kind]
    record = open_record(actor, person_id, "editions")
    require_kind(actor, wanted)
    template = template_of(wanted)
    form = PersonEditionForm(
        request.POST or None,
        template=template,
        volets=actor.readable_volets,
        themes=by_theme(current_instruments(actor)),
        others=other_versions(actor),
        may_file=writes_administrative(actor),
        today=actor.today,
        initial={"instrument": request.GET.get("instrument")},
    )

    def act() -> HttpResponse:
        return _given(request, form.wanted(wanted, person_id))

    return answer_form(
        request,
        form,
        act,
        template="editions/person.html",
        is_taken_once="is_filed" in request.POST,
        record=record,
        edited=template,
        window=window_for(actor) if template.chooses_volet else None,
    )


@require_http_methods(["GET", "POST"])
def present_list(request: Request) -> HttpResponse:
    """Ask for the unit and the file, then give the list of those present today."""
    require_identities(request.actor)
    form = PresentListForm(
        request.POST or None,
        places=places_of(request.actor),
        initial={"unit": request.GET.get("unit")},
    )

    def act() -> HttpResponse:
        return _given(request, form.wanted())

    return answer_form(
        request,
        form,
        act,
        template="editions/present_list.html",
        is_taken_once=False,
        edited=template_of(Kind.PRESENT_LIST),
    )


@require_GET
def prepared(request: Request, preparation_id: UUID) -> HttpResponse:
    """Say where a long edition stands; asked again every two seconds while it is being made."""
    preparation = find_preparation(request.actor, preparation_id)
    is_there = bool(preparation.file_address)
    shown = {
        "preparation": preparation,
        "given_up": task_given_up(preparation),
        "refused": refusal_to_fetch(request.actor, preparation) if is_there else None,
    }
    template = "editions/_prepared.html" if request.htmx else "editions/prepared.html"
    return render(request, template, shown)


@require_GET
def prepared_file(request: Request, preparation_id: UUID) -> HttpResponse:
    """Give the file of a long edition to who asked for it."""
    preparation, content = prepared_content(request.actor, preparation_id)
    file_format = FileFormat(preparation.file_format)
    name = file_name(preparation.get_kind_display(), file_format, request.actor.today)
    return attachment(request, content, name, type_of_format(file_format))


def _given(request: Request, wanted: Wanted) -> HttpResponse:
    """Edit, and lead to the file, to the documents of the record or to the page that waits."""
    made = edit(request.actor, wanted=wanted)
    if isinstance(made, Preparation):
        return redirect("editions:prepared", made.pk)
    if isinstance(made, Document):
        messages.success(request, "Le document est enregistré dans le dossier.")
        return redirect("record:documents", wanted.person_id)
    return attachment(request, made.content, made.file_name, made.content_type)
