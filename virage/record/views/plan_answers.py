"""Making an action of a plan out of an answer of an evaluation."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from virage.foundation.access.enums import Cell, Volet
from virage.foundation.access.request import Request
from virage.foundation.access.verdict import require
from virage.persons.queries import open_record
from virage.persons.views import answer_person_form
from virage.plans.actions.parts import add_action
from virage.plans.rules.drafts import ActionDraft, AnswerOrigin
from virage.record.forms.plans import ActionFromAnswerForm
from virage.record.queries.answers_planned import PlannedAnswer, planned_answer

NO_PLAN = "Commencez d’abord un plan avec un objectif, dans le volet «\u00a0{volet}\u00a0»."


@require_http_methods(["GET", "POST"])
def from_answer(request: Request, person_id: UUID, evaluation_id: UUID, item: str) -> HttpResponse:
    """Make an action of an answer, for an objective of a plan of the same volet."""
    actor = request.actor
    record = open_record(actor, person_id, "plans")
    answer = planned_answer(actor, record.person, evaluation_id, item)
    volet = Volet(answer.evaluation.volet)
    require(actor, Cell.WRITE, None, volet)
    if not answer.objectives:
        messages.info(request, NO_PLAN.format(volet=volet.label))
        return redirect("record:plans", person_id)
    form = ActionFromAnswerForm(
        request.POST or None, objectives=answer.choices, proposals=answer.proposals
    )

    def act() -> HttpResponse:
        chosen = form.cleaned_data["objective"]
        objective = next(one for one in answer.objectives if str(one.pk) == chosen)
        action = add_action(
            actor,
            plan_id=objective.plan_id,
            objective_id=objective.pk,
            draft=ActionDraft(title=form.cleaned_data["title"], owner_id=actor.professional_id),
            origin=_origin(answer, form.cleaned_data.get("proposed", "")),
        )
        messages.success(request, "L’action est ajoutée au plan. Précisez son échéance.")
        return redirect("record:plan_action_edit", person_id, objective.plan_id, action.pk)

    return answer_person_form(
        request,
        form,
        act,
        record=record,
        title="En faire une action",
        note=f"{answer.item.label}\u00a0: {answer.told}",
        submit="Ajouter l’action",
        cancel=reverse("record:evaluation", args=[person_id, evaluation_id]),
    )


def _origin(answer: PlannedAnswer, proposed: str) -> AnswerOrigin:
    return AnswerOrigin(
        evaluation_id=answer.evaluation.pk,
        instrument=answer.evaluation.instrument,
        item=answer.item.id,
        answer=answer.told,
        proposed=proposed,
        proposed_told=dict(answer.proposals).get(proposed, ""),
    )
