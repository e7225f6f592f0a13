"""What an evaluation stands on: files attached to it, or to the sheet that becomes it."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from virage.documents.actions import add_document
from virage.documents.rules import warning_of
from virage.foundation.access.request import Request
from virage.instruments.models import Evaluation, Sheet
from virage.instruments.queries import find_evaluation, refusal_to_answer, refusal_to_touch
from virage.persons.queries import OpenRecord, open_record
from virage.persons.views import answer_person_form
from virage.record.forms.documents import EvidenceForm
from virage.record.queries.sheets import open_sheet


@require_http_methods(["GET", "POST"])
def attach_to_sheet(request: Request, person_id: UUID, sheet_id: UUID) -> HttpResponse:
    """Attach a file to a sheet in progress: its evaluation will have it."""
    record = open_record(request.actor, person_id, "evaluations")
    opened = open_sheet(request.actor, record.person, sheet_id)
    if refused := refusal_to_answer(request.actor, opened):
        raise refused
    title = f"Feuille remplie, {opened.instrument.title}"
    back = reverse("record:sheet", args=[person_id, sheet_id])
    return _attach(request, record, opened.sheet, title, back)


@require_http_methods(["GET", "POST"])
def attach_to_evaluation(request: Request, person_id: UUID, evaluation_id: UUID) -> HttpResponse:
    """Attach a file to an evaluation: its answers stay as they are."""
    record = open_record(request.actor, person_id, "evaluations")
    evaluation = find_evaluation(request.actor, record.person.subject_id, evaluation_id)
    if refused := refusal_to_touch(request.actor, evaluation):
        raise refused
    back = reverse("record:evaluation", args=[person_id, evaluation_id])
    return _attach(request, record, evaluation, "", back)


def _attach(
    request: Request, record: OpenRecord, item: Evaluation | Sheet, title: str, back: str
) -> HttpResponse:
    form = EvidenceForm(
        request.POST or None,
        request.FILES or None,
        birth_on=record.person.birth_on,
        initial={"title": title, "made_on": request.actor.today},
    )

    def act() -> HttpResponse:
        draft = form.draft(item)
        add_document(request.actor, draft=draft)
        messages.success(request, "Le document est joint à l’évaluation.")
        if warning := warning_of(draft.content, draft.content_type):
            messages.warning(request, warning)
        return redirect(back)

    return answer_person_form(
        request,
        form,
        act,
        record=record,
        title="Joindre un document",
        note="Il rejoint aussi les documents du dossier, dans le volet de l’évaluation.",
        submit="Joindre le document",
        cancel=back,
    )
