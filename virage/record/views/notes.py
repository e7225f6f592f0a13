"""Transmissions: the list and its form, one of them, correcting it, withdrawing it or back."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.functional import SimpleLazyObject
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from virage.foundation.access.request import Request
from virage.foundation.access.verdict import require_writable_volets
from virage.foundation.ui import forms
from virage.persons.queries import OpenRecord, open_record
from virage.persons.views import answer_person_form
from virage.record.actions import correct_note, restore_note, withdraw_note, write_note
from virage.record.enums import FactKind
from virage.record.forms.notes import CorrectionForm, NoteForm, WithdrawalForm
from virage.record.models import Note
from virage.record.queries.marks import author_label, badges_of
from virage.record.queries.notes import (
    find_note,
    is_text_hidden,
    is_to_rewrite,
    note_to_rewrite,
    refusal_to_change,
    refusal_to_restore,
    replacements_of,
)
from virage.record.queries.tabs import closed_told, window_for
from virage.record.queries.timeline import FactFilter, facts_of

TO_REWRITE = "note_to_rewrite"
WRITING, REWRITING = "write", "withdrawn"


@require_http_methods(["GET", "POST"])
def note_list(request: Request, person_id: UUID) -> HttpResponse:
    """List transmissions and write one on the same page; what is typed survives a refusal.

    The form is folded until it is asked for; the new transmission is marked in its place, if that
    is on the first page.
    """
    actor = request.actor
    record = open_record(actor, person_id, "notes")
    volets = actor.writable_volets
    if request.method == "POST":
        require_writable_volets(actor)
    form = NoteForm(
        request.POST or None,
        rights=request.actor.matrix,
        volets=volets,
        birth_on=record.person.birth_on,
        initial=_initial(request, record),
    )

    def act() -> HttpResponse:
        note = write_note(actor, draft=form.draft(record.person.subject_id))
        request.session.pop(TO_REWRITE, None)
        messages.success(request, "La transmission est enregistrée.")
        # Another address than that of the form, or htmx would go to the entry in the page at hand.
        written = f"?written={note.pk}#{FactKind.NOTE}-{note.pk}"
        return redirect(reverse("record:notes", args=[person_id]) + written)

    wanted = FactFilter(kinds=[FactKind.NOTE])
    return forms.answer_form(
        request,
        form,
        act,
        template="record/notes.html",
        record=record,
        may_write=bool(volets),
        is_writing=form.is_bound or not {WRITING, REWRITING}.isdisjoint(request.GET),
        window=window_for(actor),
        closed=closed_told(actor),
        is_offered=_is_offered(request, record),
        is_rewritten="text" in form.initial and not form.is_bound,
        # Read, and journalled, only if the page is shown.
        facts=SimpleLazyObject(lambda: facts_of(actor, record.person, wanted, request.GET)),
    )


def _initial(request: Request, record: OpenRecord) -> dict[str, Any]:
    """Open the form on now or, when asked, on the text just withdrawn from another record."""
    withdrawn = request.session.get(TO_REWRITE)
    if withdrawn and REWRITING in request.GET:
        note = note_to_rewrite(request.actor, withdrawn, record.person.subject_id)
        if note:
            return {"happened_at": note.happened_at, "volet": note.volet, "text": note.text}
    return {"happened_at": request.actor.at, "volet": request.GET.get("volet")}


def _is_offered(request: Request, record: OpenRecord) -> bool:
    """Whether a withdrawn text waits for its author, who has not asked for it yet."""
    withdrawn = request.session.get(TO_REWRITE)
    if not withdrawn or REWRITING in request.GET:
        return False
    return is_to_rewrite(request.actor, withdrawn, record.person.subject_id)


@require_GET
def note_page(request: Request, person_id: UUID, note_id: UUID) -> HttpResponse:
    """Show one transmission with its corrections, or the trace of a withdrawn one."""
    actor = request.actor
    record = open_record(actor, person_id, "notes", in_emergency=True)
    note = find_note(actor, record.person.subject_id, note_id)
    is_hidden = is_text_hidden(actor, note)
    return render(
        request,
        "record/note.html",
        {
            "record": record,
            "note": note,
            "author": author_label(note.author_name, note.author_profession),
            "badges": badges_of(FactKind.NOTE, note, actor.at),
            "is_hidden": is_hidden,
            "replacements": [] if is_hidden else replacements_of(note),
            "to_rewrite": request.session.get(TO_REWRITE) == str(note_id),
            "may_change": refusal_to_change(actor, note) is None,
            "may_restore": note.withdrawn_at and refusal_to_restore(actor, note) is None,
        },
    )


@require_http_methods(["GET", "POST"])
def correct(request: Request, person_id: UUID, note_id: UUID) -> HttpResponse:
    """Correct a transmission; on a conflict both texts are shown and what was typed stays."""
    record, note = _note_to_change(request, person_id, note_id)
    form = CorrectionForm(request.POST or None, item=note)

    def act() -> HttpResponse:
        typed = form.cleaned_data
        correct_note(
            request.actor,
            note_id=note_id,
            expected_version=typed["version"],
            text=typed["text"],
            reason=typed["reason"],
        )
        messages.success(request, "La correction est enregistrée. L’ancien texte reste lisible.")
        return redirect("record:note", person_id, note_id)

    return answer_person_form(
        request,
        form,
        act,
        current=lambda: find_note(request.actor, note.subject_id, note_id),
        record=record,
        title="Corriger la transmission",
        note="L’ancien texte reste lisible, avec le nom de chaque auteur.",
        submit="Enregistrer la correction",
        cancel=reverse("record:note", args=[person_id, note_id]),
    )


@require_http_methods(["GET", "POST"])
def withdraw(request: Request, person_id: UUID, note_id: UUID) -> HttpResponse:
    """Withdraw a transmission written in the wrong record, then offer to write it again."""
    record, note = _note_to_change(request, person_id, note_id)
    is_own = note.author_id == request.actor.professional_id
    form = WithdrawalForm(request.POST or None)

    def act() -> HttpResponse:
        withdraw_note(request.actor, note_id=note_id, reason=form.cleaned_data["reason"])
        if is_own:
            request.session[TO_REWRITE] = str(note_id)
        messages.success(request, "La transmission est retirée de ce dossier.")
        return redirect("record:note", person_id, note_id)

    return answer_person_form(
        request,
        form,
        act,
        template="record/note_withdraw.html",
        record=record,
        withdrawn=note,
        is_own=is_own,
    )


@require_POST
def restore(request: Request, person_id: UUID, note_id: UUID) -> HttpResponse:
    """Put a withdrawn transmission back."""
    record = open_record(request.actor, person_id, "notes")
    note = find_note(request.actor, record.person.subject_id, note_id)
    restore_note(request.actor, note_id=note.pk)
    messages.success(request, "La transmission est rétablie dans ce dossier.")
    return redirect("record:note", person_id, note_id)


def _note_to_change(request: Request, person_id: UUID, note_id: UUID) -> tuple[OpenRecord, Note]:
    record = open_record(request.actor, person_id, "notes")
    note = find_note(request.actor, record.person.subject_id, note_id)
    if refused := refusal_to_change(request.actor, note):
        raise refused
    return record, note
