"""The evaluations of a record: all of them, one of them, its evolution, two side by side; and one
made in the wrong record, withdrawn.
"""

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_http_methods

from virage.foundation.access.request import Request
from virage.instruments.actions import withdraw_evaluation
from virage.instruments.forms.asking import BeginForm
from virage.instruments.queries import find_evaluation, refusal_to_touch
from virage.persons.queries import open_record
from virage.persons.views import answer_person_form
from virage.record.forms.notes import WithdrawalForm
from virage.record.queries.assessments import comparison_of, evaluation_overview, evolution_of
from virage.record.queries.items import open_evaluation
from virage.record.queries.tabs import closed_told


@require_GET
def evaluation_list(request: Request, person_id: UUID) -> HttpResponse:
    """Show what is in progress, what is due, and what may be begun."""
    record = open_record(request.actor, person_id, "evaluations")
    overview = evaluation_overview(request.actor, record.person)
    begin_form = BeginForm(themes=overview.offered) if overview.offered else None
    shown = {
        "record": record,
        "overview": overview,
        "begin_form": begin_form,
        "closed": closed_told(request.actor),
    }
    return render(request, "record/evaluations.html", shown)


@require_GET
def evolution(request: Request, person_id: UUID, evaluation_id: UUID) -> HttpResponse:
    """Show the results of the instrument of an evaluation over time."""
    record = open_record(request.actor, person_id, "evaluations")
    shown = evolution_of(request.actor, record.person, evaluation_id)
    return render(request, "record/evolution.html", {"record": record, "shown": shown})


@require_GET
def comparison(
    request: Request, person_id: UUID, evaluation_id: UUID, other_id: UUID
) -> HttpResponse:
    """Show two results of one instrument side by side."""
    record = open_record(request.actor, person_id, "evaluations")
    shown = comparison_of(request.actor, record.person, evaluation_id, other_id)
    return render(request, "record/comparison.html", {"record": record, "shown": shown})


@require_GET
def evaluation_page(request: Request, person_id: UUID, evaluation_id: UUID) -> HttpResponse:
    """Show the answers of an evaluation, with the wording they were given under."""
    record = open_record(request.actor, person_id, "evaluations", in_emergency=True)
    shown = open_evaluation(request.actor, record.person, evaluation_id)
    return render(request, "record/evaluation.html", {"record": record, "shown": shown})


@require_http_methods(["GET", "POST"])
def withdraw(request: Request, person_id: UUID, evaluation_id: UUID) -> HttpResponse:
    """Withdraw an evaluation made in the wrong record."""
    record = open_record(request.actor, person_id, "evaluations")
    evaluation = find_evaluation(request.actor, record.person.subject_id, evaluation_id)
    if refused := refusal_to_touch(request.actor, evaluation):
        raise refused
    form = WithdrawalForm(request.POST or None)

    def act() -> HttpResponse:
        withdraw_evaluation(
            request.actor, evaluation_id=evaluation_id, reason=form.cleaned_data["reason"]
        )
        messages.success(request, "L’évaluation est retirée\u00a0: elle ne compte plus.")
        return redirect("record:evaluation", person_id, evaluation_id)

    return answer_person_form(
        request,
        form,
        act,
        template="record/evaluation_withdraw.html",
        record=record,
        withdrawn=evaluation,
    )
