"""The plans of a record: all of them, one as a list, a board or a month, and its steps."""

from collections.abc import Callable
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods

from virage.foundation.access.request import Request
from virage.foundation.access.verdict import require_writable_volets
from virage.foundation.errors import Refused
from virage.foundation.workflow.forms import StepForm
from virage.foundation.workflow.models import FollowsWorkflow
from virage.persons.queries import OpenRecord, open_record
from virage.persons.queries.places import colleagues_of
from virage.persons.views import answer_person_form
from virage.plans.actions.plans import comment_plan, create_plan, step_plan, update_plan
from virage.plans.queries.plans import find_action
from virage.record.forms.plans import (
    ActionFilterForm,
    CommentForm,
    MonthForm,
    PlanEditForm,
    PlanForm,
    PlanStepForm,
)
from virage.record.queries.due_actions import own_action_list
from virage.record.queries.plan_follow_up import follow_up
from virage.record.queries.plan_parts import month_of
from virage.record.queries.plans import (
    PLAN_COLUMNS,
    PlanShown,
    objective_rows,
    plan_rows,
    show_plan,
)
from virage.record.queries.tabs import closed_told

TAB = "plans"
STEP_NOTES = {
    "put_in_force": "Une version du plan est figée\u00a0: elle pourra être signée et comparée.",
    "close": "Un plan clos ne change plus.",
    "give_up": "Un plan abandonné ne change plus, et garde pourquoi.",
}


@require_GET
def plan_list(request: Request, person_id: UUID) -> HttpResponse:
    """List the plans that the actor reads, those in force first."""
    record = open_record(request.actor, person_id, TAB)
    shown = {
        "record": record,
        "rows": plan_rows(request.actor, record.person),
        "columns": PLAN_COLUMNS,
        "may_write": bool(request.actor.writable_volets),
        "closed": closed_told(request.actor),
    }
    return render(request, "record/plans.html", shown)


@require_GET
def own_actions(request: Request) -> HttpResponse:
    """List what the actor has to do, whomever it is for."""
    shown = {"paging": own_action_list(request.actor, request.GET)}
    return render(request, "record/own_actions.html", shown)


@require_http_methods(["GET", "POST"])
def create(request: Request, person_id: UUID) -> HttpResponse:
    """Begin a plan."""
    actor = request.actor
    record = open_record(actor, person_id, TAB)
    form = PlanForm(
        request.POST or None,
        rights=actor.matrix,
        volets=require_writable_volets(actor),
        initial={"starts_on": actor.today, "volet": "project"},
    )

    def act() -> HttpResponse:
        plan = create_plan(actor, draft=form.draft(record))
        messages.success(request, "Le plan est commencé. Ajoutez son premier objectif.")
        return redirect("record:plan", person_id, plan.pk)

    return answer_person_form(
        request,
        form,
        act,
        record=record,
        title="Commencer un plan",
        note="Le volet décide de qui lira le plan, et tout ce qu’il contient.",
        submit="Commencer le plan",
        cancel=reverse("record:plans", args=[person_id]),
    )


@require_GET
def plan_page(request: Request, person_id: UUID, plan_id: UUID) -> HttpResponse:
    """Show a plan objective by objective."""
    record, shown = open_plan(request, person_id, plan_id)
    filters = ActionFilterForm(request.GET, owners=shown.owners)
    context = {
        "record": record,
        "shown": shown,
        "filters": filters,
        "objectives": objective_rows(shown, request.actor.today, **filters.wanted()),
    }
    return render(request, "record/plan.html", context)


@require_GET
def follow_up_page(request: Request, person_id: UUID, plan_id: UUID) -> HttpResponse:
    """Show all that happened to a plan and what was said of it."""
    record, shown = open_plan(request, person_id, plan_id, "plan_follow_up")
    context = {"record": record, "shown": shown, "entries": follow_up(request.actor, shown)}
    return render(request, "record/plan_follow_up.html", context)


@require_http_methods(["GET", "POST"])
def comment(
    request: Request, person_id: UUID, plan_id: UUID, action_id: UUID | None = None
) -> HttpResponse:
    """Add a word on a plan, or on one of its actions."""
    record, shown = open_plan_to_change(request, person_id, plan_id)
    back = reverse("record:plan_follow_up", args=[person_id, plan_id])
    about = shown.plan.title
    if action_id:
        about = find_action(shown.opened, action_id).title
        back = shown.actions[action_id].url
    form = CommentForm(request.POST or None)

    def act() -> HttpResponse:
        text = form.cleaned_data["text"]
        comment_plan(request.actor, plan_id=plan_id, action_id=action_id, text=text)
        messages.success(request, "Le commentaire est ajouté.")
        return redirect(back)

    return answer_person_form(
        request,
        form,
        act,
        record=record,
        title="Commenter",
        note=about,
        submit="Ajouter le commentaire",
        cancel=back,
    )


@require_GET
def board(request: Request, person_id: UUID, plan_id: UUID) -> HttpResponse:
    """Show the actions of a plan state by state, each with the steps that move it."""
    record, shown = open_plan(request, person_id, plan_id, "plan_board")
    return render(request, "record/plan_board.html", {"record": record, "shown": shown})


@require_GET
def calendar(request: Request, person_id: UUID, plan_id: UUID) -> HttpResponse:
    """Show what is due in a month."""
    record, shown = open_plan(request, person_id, plan_id, "plan_calendar")
    first = MonthForm(request.GET).first_day(request.actor.today)
    month = month_of(shown, first, request.actor.today)
    context = {"record": record, "shown": shown, "month": month}
    return render(request, "record/plan_calendar.html", context)


@require_http_methods(["GET", "POST"])
def edit(request: Request, person_id: UUID, plan_id: UUID) -> HttpResponse:
    """Change the title, the days or the sharing of a plan."""
    actor = request.actor
    record, shown = open_plan_to_change(request, person_id, plan_id)
    form = PlanEditForm(
        request.POST or None,
        item=shown.plan,
        colleagues=colleagues_of(actor, reading=shown.plan.volet),
    )

    def act() -> HttpResponse:
        update_plan(
            actor,
            plan_id=plan_id,
            expected_version=form.cleaned_data["version"],
            changes=form.changes(),
        )
        messages.success(request, "Le plan est modifié.")
        return redirect("record:plan", person_id, plan_id)

    return answer_person_form(
        request,
        form,
        act,
        current=lambda: show_plan(actor, record.person, plan_id).plan,
        record=record,
        title="Modifier le plan",
        submit="Enregistrer le plan",
        cancel=shown.row.url,
    )


@require_http_methods(["GET", "POST"])
def step(request: Request, person_id: UUID, plan_id: UUID, verb: str) -> HttpResponse:
    """Put a plan in force, close it or give it up."""
    record, shown = open_plan(request, person_id, plan_id)
    if verb == "review":
        return redirect("record:plan_review", person_id, plan_id)

    def act(form: StepForm) -> None:
        step_plan(request.actor, plan_id=plan_id, verb=verb, **form.cleaned_data)

    return answer_step(
        request,
        record,
        shown,
        PlanStepForm,
        item=shown.plan,
        verb=verb,
        act=act,
        back=shown.row.url,
        note=STEP_NOTES.get(verb, ""),
    )


def open_plan(
    request: Request, person_id: UUID, plan_id: UUID, view: str = "plan"
) -> tuple[OpenRecord, PlanShown]:
    """Open a record on one of its plans, seen as one of its views."""
    record = open_record(request.actor, person_id, TAB)
    return record, show_plan(request.actor, record.person, plan_id, view)


def open_plan_to_change(
    request: Request, person_id: UUID, plan_id: UUID
) -> tuple[OpenRecord, PlanShown]:
    """Open it to change it: raises why the actor may not, if he may not."""
    record, shown = open_plan(request, person_id, plan_id)
    require_change(shown)
    return record, shown


def require_change(shown: PlanShown) -> None:
    """Raise why the actor may not change the plan, if he may not."""
    if shown.refused:
        raise shown.refused


def answer_step(
    request: Request,
    record: OpenRecord,
    shown: PlanShown,
    form_type: Callable[..., StepForm] = StepForm,
    *,
    item: FollowsWorkflow,
    verb: str,
    act: Callable[[StepForm], None],
    back: str,
    note: str = "",
) -> HttpResponse:
    """Ask what a step of a plan, of an objective or of an action needs, take it and go back.

    Refused as if it did not exist for a verb of no table.
    """
    require_change(shown)
    taken = next((one for one in item.table.steps if one.verb == verb), None)
    if taken is None:
        raise Refused.hidden()
    form = form_type(request.POST or None, item=item, step=taken)

    def take() -> HttpResponse:
        act(form)
        state = item.table.state(taken.leads_to).label
        messages.success(request, f"C’est noté\u00a0: {state.lower()}.")
        return redirect(back)

    return answer_person_form(
        request,
        form,
        take,
        record=record,
        title=taken.label,
        note=" · ".join(filter(None, (str(item), note))),
        submit=taken.label,
        cancel=back,
    )
