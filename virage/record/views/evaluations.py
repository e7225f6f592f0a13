"""One evaluation, as it was answered."""

from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from virage.foundation.access.request import Request
from virage.persons.queries import open_record
from virage.record.queries.items import open_evaluation


@require_GET
def evaluation_page(request: Request, person_id: UUID, evaluation_id: UUID) -> HttpResponse:
    """Show the answers of an evaluation, with the wording they were given under."""
    record = open_record(request.actor, person_id, "timeline", in_emergency=True)
    shown = open_evaluation(request.actor, record.person, evaluation_id)
    return render(request, "record/evaluation.html", {"record": record, "shown": shown})
