"""Documents of a record: the list, one with its versions, adding, replacing, taking back."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods

from virage.documents.actions import add_document, cancel_document, replace_document
from virage.documents.models import Document
from virage.documents.queries import find_document, refusal_to_cancel, refusal_to_replace
from virage.documents.rules import KNOWN, download_name, warning_of
from virage.foundation.access.request import Request
from virage.foundation.access.verdict import require_writable_volets
from virage.foundation.ui.responses import attachment
from virage.persons.queries import OpenRecord, find_person, open_record
from virage.persons.queries.rows import PersonRow
from virage.persons.queries.searching import search
from virage.persons.views import answer_person_form
from virage.record.forms.documents import CancellationForm, DocumentForm, ReplacementForm
from virage.record.queries.items import (
    cancelled_rows,
    open_document,
    open_version,
    show_document,
)
from virage.record.queries.items import (
    document_page as page_of_documents,
)
from virage.record.queries.notes import current_stays
from virage.record.queries.tabs import closed_told, window_for


@require_GET
def document_list(request: Request, person_id: UUID) -> HttpResponse:
    """List the documents that the actor reads."""
    actor = request.actor
    record = open_record(actor, person_id, "documents")
    context = {
        "record": record,
        "documents": page_of_documents(actor, record.person, request.GET),
        "cancelled": cancelled_rows(actor, record.person),
        "may_write": bool(actor.writable_volets),
        "window": window_for(actor),
        "closed": closed_told(actor),
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
        rights=request.actor.matrix,
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
    return _sent(request, content, document.title, document.content_type)


@require_GET
def download_version(
    request: Request, person_id: UUID, document_id: UUID, version: int
) -> HttpResponse:
    """Send a former version of a document, as `download` does."""
    person = open_record(request.actor, person_id, in_emergency=True).person
    document, former, content = open_version(request.actor, person, document_id, version)
    return _sent(request, content, f"{document.title} v{version}", former.content_type)


def _sent(request: Request, content: bytes, title: str, content_type: str) -> HttpResponse:
    sent_type = content_type if content_type in KNOWN else "application/octet-stream"
    return attachment(request, content, download_name(title, content_type), sent_type)


@require_GET
def document_page(request: Request, person_id: UUID, document_id: UUID) -> HttpResponse:
    """Show what is known of a document and its former versions, or why it was taken back."""
    record = open_record(request.actor, person_id, "documents", in_emergency=True)
    shown = show_document(request.actor, record.person, document_id)
    return render(request, "record/document.html", {"record": record, "shown": shown})


@require_http_methods(["GET", "POST"])
def replace(request: Request, person_id: UUID, document_id: UUID) -> HttpResponse:
    """Put a new version in the place of a document's file."""
    actor = request.actor
    record, document = _document(request, person_id, document_id)
    if refused := refusal_to_replace(actor, document):
        raise refused
    form = ReplacementForm(
        request.POST or None,
        request.FILES or None,
        birth_on=record.person.birth_on,
        initial={
            "made_on": actor.today,
            "valid_until": document.valid_until,
            "version": document.version,
        },
    )

    def act() -> HttpResponse:
        draft = form.draft()
        replace_document(
            actor,
            document=document,
            expected_version=form.cleaned_data["version"],
            draft=draft,
        )
        messages.success(request, "La nouvelle version remplace l’ancienne, qui reste lisible.")
        if warning := warning_of(draft.content, draft.content_type):
            messages.warning(request, warning)
        return redirect("record:document_page", person_id, document_id)

    return answer_person_form(
        request,
        form,
        act,
        record=record,
        title="Déposer une nouvelle version",
        note="La version actuelle reste lisible sur la fiche du document, avec votre motif.",
        submit="Déposer la nouvelle version",
        cancel=reverse("record:document_page", args=[person_id, document_id]),
    )


@require_http_methods(["GET", "POST"])
def cancel(request: Request, person_id: UUID, document_id: UUID) -> HttpResponse:
    """Take back a document filed in the wrong record and, if asked, file it in the right one."""
    actor = request.actor
    record, document = _document(request, person_id, document_id)
    if refused := refusal_to_cancel(actor, document):
        raise refused

    def others(text: str) -> list[PersonRow]:
        return [one for one in search(actor, text).rows if one.person_id != person_id]

    form = CancellationForm(
        request.POST or None, find=others, initial={"version": document.version}
    )

    def act() -> HttpResponse:
        right = find_person(actor, form.right_person_id) if form.right_person_id else None
        stay = current_stays(actor, {right.subject_id}).get(right.subject_id) if right else None
        filed = cancel_document(
            actor,
            document_id=document_id,
            expected_version=form.cleaned_data["version"],
            reason=form.cleaned_data["reason"],
            right_subject_id=right.subject_id if right else None,
            establishment_id=stay.establishment_id if stay else None,
        )
        messages.success(request, "Le document est retiré de ce dossier.")
        if filed:
            messages.success(request, "Il est remis dans le dossier choisi.")
        return redirect("record:documents", person_id)

    return answer_person_form(
        request,
        form,
        act,
        template="record/document_cancel.html",
        record=record,
        document=document,
    )


def _document(request: Request, person_id: UUID, document_id: UUID) -> tuple[OpenRecord, Document]:
    record = open_record(request.actor, person_id, "documents")
    return record, find_document(request.actor, record.person.subject_id, document_id)
