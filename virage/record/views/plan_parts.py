"""The objectives and the actions of a plan: adding, changing, moving along, proving."""

from dataclasses import replace
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods

from virage.documents.actions import add_document
from virage.documents.rules import warning_of
from virage.foundation.access.request import Request
from virage.foundation.access.verdict import require_writable_volets
from virage.foundation.workflow.forms import StepForm
from virage.persons.queries.places import colleagues_of
from virage.persons.views import answer_person_form
from virage.plans.actions.parts import (
    add_action,
    add_objective,
    step_action,
    step_objective,
    update_action,
    update_objective,
)
from virage.plans.queries.plans import find_action, find_objective, refusal_to_add
from virage.record.forms.documents import DocumentForm
from virage.record.forms.plans import ActionForm, FinishForm, ObjectiveForm
from virage.record.queries.plan_parts import show_action
from virage.record.queries.plans import FINISH, show_plan
from virage.record.views.plans import answer_step, open_plan, open_plan_to_change


@require_http_methods(["GET", "POST"])
def objective_add(request: Request, person_id: UUID, plan_id: UUID) -> HttpResponse:
    """Add an objective to a plan."""
    record, shown = open_plan_to_change(request, person_id, plan_id)
    form = ObjectiveForm(request.POST or None)

    def act() -> HttpResponse:
        add_objective(request.actor, plan_id=plan_id, draft=form.draft())
        messages.success(request, "L’objectif est ajouté.")
        return redirect("record:plan", person_id, plan_id)

    return answer_person_form(
        request,
        form,
        act,
        record=record,
        title="Ajouter un objectif",
        submit="Ajouter l’objectif",
        cancel=shown.row.url,
    )


@require_http_methods(["GET", "POST"])
def objective_edit(
    request: Request, person_id: UUID, plan_id: UUID, objective_id: UUID
) -> HttpResponse:
    """Change an objective."""
    actor = request.actor
    record, shown = open_plan_to_change(request, person_id, plan_id)
    form = ObjectiveForm(request.POST or None, item=find_objective(shown.opened, objective_id))

    def act() -> HttpResponse:
        update_objective(
            actor,
            plan_id=plan_id,
            objective_id=objective_id,
            expected_version=form.cleaned_data["version"],
            draft=form.draft(),
        )
        messages.success(request, "L’objectif est modifié.")
        return redirect("record:plan", person_id, plan_id)

    return answer_person_form(
        request,
        form,
        act,
        current=lambda: find_objective(
            show_plan(actor, record.person, plan_id).opened, objective_id
        ),
        record=record,
        title="Modifier l’objectif",
        submit="Enregistrer l’objectif",
        cancel=shown.row.url,
    )


@require_http_methods(["GET", "POST"])
def objective_step(
    request: Request, person_id: UUID, plan_id: UUID, objective_id: UUID, verb: str
) -> HttpResponse:
    """Say what became of an objective, or take it up again."""
    record, shown = open_plan(request, person_id, plan_id)

    def act(form: StepForm) -> None:
        step_objective(
            request.actor,
            plan_id=plan_id,
            objective_id=objective_id,
            verb=verb,
            **form.cleaned_data,
        )

    return answer_step(
        request,
        record,
        shown,
        item=find_objective(shown.opened, objective_id),
        verb=verb,
        act=act,
        back=shown.row.url,
    )


@require_http_methods(["GET", "POST"])
def action_add(
    request: Request, person_id: UUID, plan_id: UUID, objective_id: UUID
) -> HttpResponse:
    """Add an action for an objective."""
    actor = request.actor
    record, shown = open_plan_to_change(request, person_id, plan_id)
    objective = find_objective(shown.opened, objective_id)
    if refused := refusal_to_add(objective):
        raise refused
    form = ActionForm(
        request.POST or None,
        colleagues=colleagues_of(actor, reading=shown.plan.volet),
        others=shown.opened.actions,
        initial={"owner_id": str(actor.professional_id)},
    )

    def act() -> HttpResponse:
        add_action(actor, plan_id=plan_id, objective_id=objective_id, draft=form.draft())
        messages.success(request, "L’action est ajoutée.")
        return redirect("record:plan", person_id, plan_id)

    return answer_person_form(
        request,
        form,
        act,
        record=record,
        title="Ajouter une action",
        note=objective.title,
        submit="Ajouter l’action",
        cancel=shown.row.url,
    )


@require_GET
def action_page(request: Request, person_id: UUID, plan_id: UUID, action_id: UUID) -> HttpResponse:
    """Show an action: what it waits for, what may be done, its proofs and what was said of it."""
    record, shown = open_plan(request, person_id, plan_id)
    one = show_action(request.actor, shown, action_id)
    context = {"record": record, "shown": shown, "one": one}
    return render(request, "record/plan_action.html", context)


@require_http_methods(["GET", "POST"])
def action_edit(request: Request, person_id: UUID, plan_id: UUID, action_id: UUID) -> HttpResponse:
    """Change an action."""
    actor = request.actor
    record, shown = open_plan_to_change(request, person_id, plan_id)
    action = find_action(shown.opened, action_id)
    form = ActionForm(
        request.POST or None,
        item=action,
        colleagues=colleagues_of(actor, reading=shown.plan.volet),
        others=[one for one in shown.opened.actions if one.pk != action_id],
        needed=shown.opened.needed_by(action),
    )

    def act() -> HttpResponse:
        update_action(
            actor,
            plan_id=plan_id,
            action_id=action_id,
            expected_version=form.cleaned_data["version"],
            draft=form.draft(),
        )
        messages.success(request, "L’action est modifiée.")
        return redirect("record:plan_action", person_id, plan_id, action_id)

    return answer_person_form(
        request,
        form,
        act,
        current=lambda: find_action(show_plan(actor, record.person, plan_id).opened, action_id),
        record=record,
        title="Modifier l’action",
        submit="Enregistrer l’action",
        cancel=shown.actions[action_id].url,
    )


@require_http_methods(["GET", "POST"])
def action_step(
    request: Request, person_id: UUID, plan_id: UUID, action_id: UUID, verb: str
) -> HttpResponse:
    """Move an action along; asked from the board, one goes back to the board."""
    record, shown = open_plan(request, person_id, plan_id)
    action = find_action(shown.opened, action_id)
    # Back to the card itself, whatever the column it is in now.
    board = f"{reverse('record:plan_board', args=[person_id, plan_id])}#action-{action_id}"

    def act(form: StepForm) -> None:
        step_action(
            request.actor, plan_id=plan_id, action_id=action_id, verb=verb, **form.cleaned_data
        )

    return answer_step(
        request,
        record,
        shown,
        FinishForm if verb == FINISH else StepForm,
        item=action,
        verb=verb,
        act=act,
        back=board if request.GET.get("view") == "board" else shown.actions[action_id].url,
    )


@require_http_methods(["GET", "POST"])
def action_proof(request: Request, person_id: UUID, plan_id: UUID, action_id: UUID) -> HttpResponse:
    """Add a document of the record that proves what was done."""
    actor = request.actor
    record, shown = open_plan_to_change(request, person_id, plan_id)
    action = find_action(shown.opened, action_id)
    form = DocumentForm(
        request.POST or None,
        request.FILES or None,
        rights=actor.matrix,
        volets=require_writable_volets(actor),
        birth_on=record.person.birth_on,
        initial={"made_on": actor.today, "volet": shown.plan.volet},
    )

    def act() -> HttpResponse:
        draft = replace(form.draft(record), plan_action_id=action.pk)
        add_document(actor, draft=draft)
        messages.success(request, "La preuve est ajoutée au dossier.")
        if warning := warning_of(draft.content, draft.content_type):
            messages.warning(request, warning)
        return redirect("record:plan_action", person_id, plan_id, action_id)

    return answer_person_form(
        request,
        form,
        act,
        record=record,
        title="Ajouter une preuve",
        note=action.title,
        submit="Ajouter la preuve",
        cancel=shown.actions[action_id].url,
    )
