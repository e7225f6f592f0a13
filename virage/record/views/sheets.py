"""Answering an instrument: beginning a sheet, filling it in together, finishing it or not."""

from collections.abc import Sequence
from dataclasses import replace
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
from virage.foundation.drafts.actions import erase_draft
from virage.foundation.errors import Invalid
from virage.foundation.ui.fields import DayField, MomentField
from virage.foundation.ui.forms import Keeping, add_domain_error, answer_form
from virage.foundation.workflow.forms import StepForm
from virage.instruments.actions import (
    answer_sheet,
    ask_on_sheet,
    begin_sheet,
    finish_sheet,
    leave_sheet,
    stop_asking,
)
from virage.instruments.forms.asking import AskForm
from virage.instruments.forms.sheet import SheetForm
from virage.instruments.queries import OpenSheet, offered_to, refusal_to_answer
from virage.instruments.rules.sections import asked_sections
from virage.instruments.rules.sheet import SheetDraft
from virage.persons.queries import OpenRecord, open_record
from virage.persons.views import answer_person_form
from virage.record.forms.fields import refuse_before_birth, refuse_to_come
from virage.record.queries.answers_planned import suggestions_for
from virage.record.queries.asking import asked_on, whom_to_ask
from virage.record.queries.items import attached_to_sheet
from virage.record.queries.sheets import (
    Clash,
    answered_lines,
    clashes_of,
    evaluation_history,
    open_sheet,
    sheet_history,
)

TAB = "evaluations"
# The button that keeps the answers and leaves the sheet open.
SAVE = "save"


@require_POST
def begin(request: Request, person_id: UUID) -> HttpResponse:
    """Begin a sheet now, or go on with the one in progress."""
    record = open_record(request.actor, person_id, TAB)
    require_writable_volets(request.actor)
    offered = {one.id: one for one in offered_to(request.actor)}
    instrument = offered.get(request.POST.get("instrument", ""))
    if instrument is None:
        messages.error(request, "Choisissez une évaluation de la liste.")
        return redirect("record:evaluations", person_id)
    sheet = begin_sheet(
        request.actor,
        draft=SheetDraft(
            subject_id=record.person.subject_id,
            instrument=instrument,
            happened_at=request.actor.at.replace(second=0, microsecond=0),
            suggestions=suggestions_for(request.actor, record.person, instrument),
            establishment_id=record.stay.establishment_id if record.stay else None,
        ),
    )
    return redirect("record:sheet", person_id, sheet.pk)


@require_http_methods(["GET", "POST"])
def sheet_page(request: Request, person_id: UUID, sheet_id: UUID) -> HttpResponse:
    """Show the questions asked now, keep what is answered, finish; or the answers to be read."""
    record = open_record(request.actor, person_id, TAB)
    opened = open_sheet(request.actor, record.person, sheet_id)
    if opened.sheet.evaluation_id:
        return redirect("record:evaluation", person_id, opened.sheet.evaluation_id)
    refused = refusal_to_answer(request.actor, opened)
    if refused and request.method == "POST":
        raise refused
    if refused:
        shown = _shown(request, record, opened) | {"lines": answered_lines(opened)}
        return render(request, "record/sheet_read.html", shown | {"refused": refused})
    form = SheetForm(
        request.POST or None, opened=opened, is_ending=request.POST.get("step") != SAVE
    )
    for one in form.visible_fields():
        if isinstance(one.field, DayField | MomentField):
            refuse_before_birth(one.field, record.person.birth_on)
        if isinstance(one.field, DayField):
            refuse_to_come(one.field, request.actor.today)
    return answer_form(
        request,
        form,
        lambda: _answer(request, record, form, sheet_id),
        template="record/sheet.html",
        **_shown(request, record, opened),
    )


def _answer(request: Request, record: OpenRecord, form: SheetForm, sheet_id: UUID) -> HttpResponse:
    """Keep the answers; then finish, or ask what they lead to."""
    opened, clashing = answer_sheet(request.actor, sheet_id=sheet_id, typed=form.typed())
    if clashing or form.put_aside:
        return _show_clashes(request, record, form, opened, clashing)
    if request.POST.get("step") == SAVE and request.htmx:
        # In place: what is asked next, without losing where one was.
        erase_draft(request.actor, address=request.path)
        again = SheetForm(opened=opened)
        return _show_again(request, again, _shown(request, record, opened, is_saved=True))
    if request.POST.get("step") == SAVE:
        messages.success(request, "Les réponses sont enregistrées.")
        return redirect("record:sheet", record.person.pk, sheet_id)
    try:
        evaluation = finish_sheet(
            request.actor,
            sheet_id=sheet_id,
            accepts_missing=form.cleaned_data.get("accepts_missing", False),
            confirms_doubts=form.cleaned_data.get("confirms_doubts", False),
        )
    except Invalid as refused:
        erase_draft(request.actor, address=request.path)
        again = form.saved(opened)
        add_domain_error(again, refused)
        return _show_again(request, again, _shown(request, record, opened), status=422)
    messages.success(request, "L’évaluation est terminée : elle ne change plus.")
    return redirect("record:evaluation", record.person.pk, evaluation.pk)


def _show_clashes(
    request: Request, record: OpenRecord, form: SheetForm, opened: OpenSheet, clashing: list[str]
) -> HttpResponse:
    """Show what was answered meanwhile, above what was typed, which nothing has replaced; and what
    it no longer asks, which is kept.
    """
    again = SheetForm(opened=opened)
    for name in clashing:
        again.initial.update(form.questions[name].opened_on(form.answers[name]))
    clashes = clashes_of(request.actor, opened, clashing)
    shown = _shown(request, record, opened, clashes=clashes, put_aside=form.put_aside)
    # htmx shows a 422 where the form was, and any other refusal above the page.
    return _show_again(request, again, shown, status=422)


def _show_again(
    request: Request, form: SheetForm, shown: dict[str, Any], status: int = 200
) -> HttpResponse:
    """Answer a sheet sent with its form, of which a draft goes on being kept."""
    keeping = Keeping.of(request, form)
    shown |= {"form": form, "keeping": keeping and replace(keeping, begun=None)}
    return render(request, "record/sheet.html", shown, status=status)


def _shown(
    request: Request,
    record: OpenRecord,
    opened: OpenSheet,
    *,
    clashes: Sequence[Clash] = (),
    put_aside: Sequence[str] = (),
    is_saved: bool = False,
) -> dict[str, Any]:
    """Return what stands around the questions of a sheet."""
    # Read when the page is shown, which a save that leads elsewhere does not do.
    documents = SimpleLazyObject(lambda: attached_to_sheet(request.actor, record.person, opened))
    return {
        "record": record,
        "opened": opened,
        "requests": asked_on(opened),
        "documents": documents,
        "clashes": clashes,
        "put_aside": put_aside,
        "is_saved": is_saved,
    }


@require_GET
def history(request: Request, person_id: UUID, sheet_id: UUID) -> HttpResponse:
    """Show who answered what on a sheet in progress or given up, and when."""
    record = open_record(request.actor, person_id, TAB)
    shown = sheet_history(request.actor, record.person, sheet_id)
    if evaluation_id := shown.opened.sheet.evaluation_id:
        return redirect("record:evaluation_history", person_id, evaluation_id)
    return render(request, "record/sheet_history.html", {"record": record, "shown": shown})


@require_GET
def history_of_evaluation(request: Request, person_id: UUID, evaluation_id: UUID) -> HttpResponse:
    """Show who answered what on the sheet behind an evaluation, and when."""
    record = open_record(request.actor, person_id, TAB)
    shown = evaluation_history(request.actor, record.person, evaluation_id)
    return render(request, "record/sheet_history.html", {"record": record, "shown": shown})


@require_http_methods(["GET", "POST"])
def ask(request: Request, person_id: UUID, sheet_id: UUID) -> HttpResponse:
    """Ask a part of a sheet of a profession or of a colleague."""
    record = open_record(request.actor, person_id, TAB)
    opened = open_sheet(request.actor, record.person, sheet_id)
    if refused := refusal_to_answer(request.actor, opened):
        raise refused
    professions, colleagues = whom_to_ask(request.actor, opened)
    form = AskForm(
        request.POST or None,
        parts=asked_sections(opened.instrument, opened.answers),
        professions=professions,
        colleagues=colleagues,
    )

    def act() -> HttpResponse:
        ask_on_sheet(request.actor, sheet_id=sheet_id, **form.asked())
        messages.success(request, "C’est demandé : la saisie apparaît sur leur page d’accueil.")
        return redirect("record:sheet", person_id, sheet_id)

    return answer_person_form(
        request,
        form,
        act,
        record=record,
        title="Demander des réponses",
        note="La demande s’efface dès que ces questions ont leurs réponses.",
        submit="Demander",
        cancel=reverse("record:sheet", args=[person_id, sheet_id]),
    )


@require_POST
def ask_stop(request: Request, person_id: UUID, sheet_id: UUID, request_id: UUID) -> HttpResponse:
    """Take back what was asked."""
    record = open_record(request.actor, person_id, TAB)
    open_sheet(request.actor, record.person, sheet_id)
    stop_asking(request.actor, sheet_id=sheet_id, request_id=request_id)
    messages.success(request, "La demande est retirée.")
    return redirect("record:sheet", person_id, sheet_id)


@require_http_methods(["GET", "POST"])
def leave(request: Request, person_id: UUID, sheet_id: UUID) -> HttpResponse:
    """Give up a sheet, with a reason."""
    record = open_record(request.actor, person_id, TAB)
    opened = open_sheet(request.actor, record.person, sheet_id)
    if refused := refusal_to_answer(request.actor, opened):
        raise refused
    form = StepForm(
        request.POST or None,
        item=opened.sheet,
        step=opened.sheet.table.step("leave"),
        help_text="Par exemple « commencée dans le mauvais dossier ».",
    )

    def act() -> HttpResponse:
        leave_sheet(request.actor, sheet_id=sheet_id, reason=form.cleaned_data["reason"])
        messages.success(
            request, "La saisie est abandonnée. Ses réponses restent dans l’historique."
        )
        return redirect("record:evaluations", person_id)

    return answer_person_form(
        request,
        form,
        act,
        record=record,
        title=f"Abandonner : {opened.instrument.title}",
        note="Ce qui a été répondu reste dans l’historique, et ne donne aucun résultat.",
        submit="Abandonner la saisie",
        cancel=reverse("record:sheet", args=[person_id, sheet_id]),
    )
