"""The objectives and the actions of a plan: adding them, changing them, taking a step."""

from collections.abc import Collection
from dataclasses import asdict
from datetime import date
from typing import Any
from uuid import UUID

from django.db import transaction

from virage.foundation.access.actor import Actor
from virage.foundation.access.enums import Volet
from virage.foundation.calendar import midnight
from virage.foundation.errors import Conflict, Invalid
from virage.foundation.versions import assign, locked, meanwhile, save
from virage.foundation.workflow.actions import move, start
from virage.plans.actions.plans import lock_to_change, note, require_owner, told_changes
from virage.plans.enums import TO_DO, ActionState
from virage.plans.models import Dependency, Objective, Plan, PlannedAction
from virage.plans.queries.plans import (
    OpenPlan,
    find_action,
    find_objective,
    refusal_to_add,
)
from virage.plans.rules.drafts import (
    ActionDraft,
    AnswerOrigin,
    ObjectiveDraft,
    faults_of_action,
    faults_of_objective,
)
from virage.plans.rules.graph import circle_in, told_circle


@transaction.atomic
def add_objective(actor: Actor, *, plan_id: UUID, draft: ObjectiveDraft) -> Objective:
    """Add an objective to a plan, after the others.

    Refused as `refusal_to_change` says; Invalid without a title.
    """
    opened = lock_to_change(actor, plan_id)
    Invalid.raise_if(faults_of_objective(draft))
    objective = Objective.objects.create(
        operator_id=actor.operator_id,
        plan=opened.plan,
        position=len(opened.objectives) + 1,
        **asdict(draft),
    )
    start(actor, item=objective)
    note(actor, "objective.add", opened.plan, objective)
    return objective


@transaction.atomic
def update_objective(
    actor: Actor, *, plan_id: UUID, objective_id: UUID, expected_version: int, draft: ObjectiveDraft
) -> Objective:
    """Change an objective. Refused and Invalid as `add_objective`; Conflict, with both texts, when
    a colleague changed it since `expected_version`.
    """
    opened = lock_to_change(actor, plan_id)
    Invalid.raise_if(faults_of_objective(draft))
    found = find_objective(opened, objective_id)
    objective = locked(found, expected_version, asdict(draft))
    if changed := assign(objective, asdict(draft)):
        save(objective, changed)
        told = told_changes(found, objective, changed)
        note(actor, "objective.update", opened.plan, objective, **told)
    return objective


@transaction.atomic
def step_objective(
    actor: Actor,
    *,
    plan_id: UUID,
    objective_id: UUID,
    verb: str,
    seen_state: str = "",
    reason: str = "",
) -> Objective:
    """Say what became of an objective, or take it up again.

    Refused as `refusal_to_change` and the table of its workflow say; Conflict when it is no longer
    in `seen_state`; Invalid without a reason where one is due.
    """
    opened = lock_to_change(actor, plan_id)
    objective = find_objective(opened, objective_id)
    return move(
        actor,
        item=objective,
        verb=verb,
        seen_state=seen_state,
        reason=reason,
        changes={"why": reason.strip()},
        **_of(opened.plan),
    )


@transaction.atomic
def add_action(
    actor: Actor,
    *,
    plan_id: UUID,
    objective_id: UUID,
    draft: ActionDraft,
    origin: AnswerOrigin | None = None,
) -> PlannedAction:
    """Add an action for an objective, after the others; it may come from an answer.

    Refused as `refusal_to_change` and `refusal_to_add` say. Invalid without a title, when it ends
    before it starts, for someone who does not work at the operator or does not read the plan, or
    when actions would wait for each other in a circle.
    """
    opened = lock_to_change(actor, plan_id)
    Invalid.raise_if(faults_of_action(draft))
    objective = find_objective(opened, objective_id)
    if refused := refusal_to_add(objective):
        raise refused
    require_owner(actor, opened.plan, draft.owner_id, draft.due_on)
    action = PlannedAction.objects.create(
        operator_id=actor.operator_id,
        objective=objective,
        position=len(opened.of(objective)) + 1,
        **_columns(draft),
        **_origin_columns(origin),
    )
    _write_needs(actor, opened, action, draft.needs)
    start(actor, item=action)
    note(actor, "plan_action.add", opened.plan, action)
    return action


@transaction.atomic
def update_action(
    actor: Actor, *, plan_id: UUID, action_id: UUID, expected_version: int, draft: ActionDraft
) -> PlannedAction:
    """Change an action. Refused and Invalid as `add_action`; Conflict, with both texts, when a
    colleague changed it since `expected_version`.
    """
    opened = lock_to_change(actor, plan_id)
    Invalid.raise_if(faults_of_action(draft))
    found = find_action(opened, action_id)
    if (draft.owner_id, draft.due_on) != (found.owner_id, found.due_on):
        require_owner(actor, opened.plan, draft.owner_id, draft.due_on)
    action = locked(found, expected_version, _columns(draft))
    changed = assign(action, _columns(draft))
    if "owner_id" in changed:  # whoever receives it was told nothing yet
        changed += assign(action, {"reminded_due_on": None})
    are_needs_changed = set(draft.needs) != set(opened.needs.get(action.pk, ()))
    if are_needs_changed:
        _require_seen(opened, action, expected_version, draft.needs)
        _write_needs(actor, opened, action, draft.needs)
    if changed or are_needs_changed:
        save(action, changed or ["version"])
        told = told_changes(found, action, changed)
        if are_needs_changed:
            told["fields"] = [*changed, "needs"]
        note(actor, "plan_action.update", opened.plan, action, **told)
    return action


@transaction.atomic
def step_action(
    actor: Actor,
    *,
    plan_id: UUID,
    action_id: UUID,
    verb: str,
    seen_state: str = "",
    reason: str = "",
    done_on: date | None = None,
) -> PlannedAction:
    """Move an action along: begun, blocked, done, not carried out, given up, taken up again.

    `done_on` is the day when it was done, now without it: Invalid for a day to come. What it waits
    for is told on its page and never stops it. Refused as `refusal_to_change` and the
    table of its workflow say; Conflict when it is no longer in `seen_state`; Invalid without a
    reason where one is due.
    """
    opened = lock_to_change(actor, plan_id)
    action = find_action(opened, action_id)
    reached = action.table.step(verb).leads_to
    if done_on and done_on > actor.today:
        raise Invalid({"done_on": ["Ce qui est fait l’est déjà\u00a0: pas de jour à venir."]})
    ended_at = midnight(done_on) if done_on and done_on < actor.today else actor.at
    changes: dict[str, Any] = {
        "why": reason.strip(),
        "ended_at": None if reached in TO_DO else ended_at,
    }
    if reached == ActionState.TODO:  # as before it was begun
        changes["percent"] = 0
    return move(
        actor,
        item=action,
        verb=verb,
        seen_state=seen_state,
        reason=reason,
        changes=changes,
        happened_at=ended_at,
        **_of(opened.plan),
    )


def _of(plan: Plan) -> dict[str, Any]:
    return {"volet": Volet(plan.volet), "subject_ids": [plan.subject_id]}


def _columns(draft: ActionDraft) -> dict[str, Any]:
    return {name: value for name, value in asdict(draft).items() if name != "needs"}


def _origin_columns(origin: AnswerOrigin | None) -> dict[str, Any]:
    if origin is None:
        return {}
    return {
        "origin_evaluation_id": origin.evaluation_id,
        "origin_instrument": origin.instrument,
        "origin_item": origin.item,
        "origin_answer": origin.answer,
        "proposed_answer": origin.proposed,
        "proposed_told": origin.proposed_told,
    }


def _require_seen(
    opened: OpenPlan, action: PlannedAction, expected_version: int, needed: Collection[UUID]
) -> None:
    """Raise Conflict, with both lists, when a colleague changed the action meanwhile."""
    if action.version == expected_version:
        return
    mine = [find_action(opened, pk).title for pk in needed]
    theirs = [one.title for one in opened.needed_by(action)]
    raise Conflict(
        meanwhile(action.pk, "a modifié cette action", "pendant que vous la modifiiez"),
        mine=f"Après\u00a0: {', '.join(mine) or '(rien)'}",
        theirs=f"Après\u00a0: {', '.join(theirs) or '(rien)'}",
    )


def _write_needs(
    actor: Actor, opened: OpenPlan, action: PlannedAction, needed: Collection[UUID]
) -> None:
    """Replace what an action needs first; Invalid for a circle, told by its titles."""
    known = {**opened.by_id, action.pk: action}
    for pk in needed:
        find_action(opened, pk)
    circle = circle_in({**opened.needs, action.pk: list(needed)})
    if circle:
        raise Invalid({"needs": [told_circle([known[pk].title for pk in circle])]})
    Dependency.objects.filter(action=action).exclude(needs__in=needed).delete()
    held = set(opened.needs.get(action.pk, ()))
    Dependency.objects.bulk_create(
        Dependency(operator_id=actor.operator_id, action=action, needs_id=pk)
        for pk in dict.fromkeys(needed)
        if pk not in held
    )
