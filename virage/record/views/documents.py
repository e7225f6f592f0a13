"""Documents of a record: the list, adding one, downloading one."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods

from virage.documents.actions import add_document
from virage.documents.rules import KNOWN, download_name, warning_of
from virage.foundation.access.matrix import writable_volets
from virage.foundation.access.request import Request
from virage.foundation.access.verdict import require_writable_volets
from virage.foundation.ui.responses import attachment
from virage.persons.queries import open_record
from virage.persons.views import answer_person_form
from virage.record.forms.documents import DocumentForm
from virage.record.queries.items import document_page, open_document
from virage.record.queries.tabs import window_for


@require_GET
def document_list(request: Request, person_id: UUID) -> HttpResponse:
    """List the documents that the actor reads."""
    actor = request.actor
    record = open_record(actor, person_id, "documents")
    context = {
        "record": record,
        "documents": document_page(actor, record.person, request.GET),
        "may_write": bool(writable_volets(actor.profession)),
        "window": window_for(actor),
    }
    return render(request, "record/documents.html", context)


@require_http_methods(["GET", "POST"])
def add(request: Request, person_id: UUID) -> HttpResponse:
    """Add a document; a refused file must be chosen again, the rest stays typed."""
    actor = request.actor
    record = open_record(actor, person_id, "documents")
    volets = require_writable_volets(actor)
    form = DocumentForm(
        request.POST or None,
        request.FILES or None,
        volets=volets,
        birth_on=record.person.birth_on,
        initial={"made_on": actor.today},
    )

    def act() -> HttpResponse:
        draft = form.draft(record)
        add_document(actor, draft=draft)
        messages.success(request, "Le document est ajouté au dossier.")
        if warning := warning_of(draft.content, draft.content_type):
            messages.warning(request, warning)
        return redirect("record:documents", person_id)

    return answer_person_form(
        request,
        form,
        act,
        record=record,
        title="Ajouter un document",
        submit="Ajouter le document",
        cancel=reverse("record:documents", args=[person_id]),
    )


@require_GET
def download(request: Request, person_id: UUID, document_id: UUID) -> HttpResponse:
    """Send a document as a file to keep, never as a page to show."""
    person = open_record(request.actor, person_id, in_emergency=True).person
    document, content = open_document(request.actor, person, document_id)
    content_type = document.content_type
    sent_type = content_type if content_type in KNOWN else "application/octet-stream"
    return attachment(content, download_name(document.title, content_type), sent_type)
