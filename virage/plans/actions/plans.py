"""Making a plan, putting it in force, reviewing it: each time, a version of it is frozen."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import CharField, Model, TextField
from django.utils import timezone

from virage.directory.models import Membership
from virage.directory.queries.actors import actor_seen
from virage.directory.queries.leaving import departures_of
from virage.foundation.access.actor import Actor
from virage.foundation.access.enums import Volet
from virage.foundation.access.writing import require_entries, signature
from virage.foundation.errors import Invalid
from virage.foundation.journal.writing import record, record_writes
from virage.foundation.versions import assign, locked, save
from virage.foundation.workflow.actions import gone_first, move, start
from virage.foundation.workflow.queries import last_transition
from virage.plans.models import Comment, Plan, PlanReview, PlanVersion, Signature
from virage.plans.queries.plans import (
    OpenPlan,
    find_action,
    find_version,
    lock_plan,
    plans_of,
)
from virage.plans.queries.plans import refusal_to_change as refusal
from virage.plans.rules import drafts
from virage.plans.rules.drafts import PlanDraft, ReviewDraft, SignatureDraft
from virage.plans.rules.frozen import digest_of, to_json

NOT_OURS = "Choisissez un professionnel en poste dans l’organisme."
NOT_READ = "Ce professionnel ne peut pas ouvrir ce plan\u00a0: choisissez quelqu’un qui le lit."
NO_OBJECTIVE = (
    "Ce plan n’a pas encore d’objectif\u00a0: ajoutez-en un avant de le mettre en vigueur."
)


@transaction.atomic
def create_plan(actor: Actor, *, draft: PlanDraft) -> Plan:
    """Begin a plan about a subject.

    Refused unless the actor writes in its volet. Invalid without a title, or when its review is
    before its start.
    """
    entries = require_entries(actor, [draft], lambda one: [one.subject_id], drafts.faults_of)
    plan = Plan.objects.create(
        **signature(actor, actor.at, draft.origin, draft.establishment_id),
        subject_id=draft.subject_id,
        owner_id=actor.professional_id,
        volet=draft.volet,
        title=draft.title.strip(),
        starts_on=draft.starts_on,
        review_on=draft.review_on,
        is_published=draft.is_published,
    )
    start(actor, item=plan)
    record_writes(actor, "plan.create", entries, target=plan)
    return plan


@transaction.atomic
def update_plan(
    actor: Actor, *, plan_id: UUID, expected_version: int, changes: Mapping[str, Any]
) -> Plan:
    """Change the title, the owner, the days or the sharing of a plan.

    Refused as `refusal_to_change` says; Invalid as `create_plan` and `require_owner`. Conflict,
    with both texts, when a colleague changed it since `expected_version`.
    """
    plan = lock_to_change(actor, plan_id).plan
    after = {name: changes.get(name, getattr(plan, name)) for name in ("starts_on", "review_on")}
    Invalid.raise_if(drafts.faults_of_plan(changes.get("title", plan.title), **after))
    owner_id = changes.get("owner_id", plan.owner_id)
    if owner_id != plan.owner_id:
        require_owner(actor, plan, owner_id, after["review_on"])
    before, plan = plan, locked(plan, expected_version, changes)
    if changed := assign(plan, changes):
        told_anew = tell_anew(plan) if "owner_id" in changed else []
        save(plan, [*changed, *told_anew])
        note(actor, "plan.update", plan, **told_changes(before, plan, changed))
    return plan


@transaction.atomic
def step_plan(
    actor: Actor,
    *,
    plan_id: UUID,
    verb: str,
    seen_state: str = "",
    seen_number: int | None = None,
    reason: str = "",
) -> Plan:
    """Put a plan in force, which freezes a version of it, close it or give it up.

    Refused as `refusal_to_change` and the table of its workflow say; Conflict when it is no longer
    in `seen_state`, or when a version was frozen since `seen_number`. Invalid without a reason
    where one is due, to put in force what has no objective, or to close while one is pursued, of
    which nobody would know what became.
    """
    opened = lock_to_change(actor, plan_id)
    _require_number(opened.plan, seen_number, mine=reason)
    if verb == "close" and opened.pursued:
        named = ", ".join(f"«\u00a0{one.title}\u00a0»" for one in opened.pursued)
        raise Invalid(
            {"": [f"Dites d’abord ce que devient ce qui est encore en cours\u00a0: {named}."]}
        )
    if verb != "put_in_force":
        return _moved(actor, opened.plan, verb, seen_state, reason=reason)
    if not opened.objectives:
        raise Invalid({"": [NO_OBJECTIVE]})
    number = opened.plan.number + 1
    plan = _moved(actor, opened.plan, verb, seen_state, reason=reason, changes={"number": number})
    _freeze(actor, opened, number, reason)
    return plan


@transaction.atomic
def review_plan(
    actor: Actor, *, plan_id: UUID, draft: ReviewDraft, seen_number: int | None = None
) -> PlanReview:
    """Note the review of a plan in force: its synthesis, the next one, and a version of the whole.

    Refused and Conflict as `step_plan`; Invalid for a day to come or before the plan starts,
    without a synthesis, or when the next one is not later.
    """
    opened = lock_to_change(actor, plan_id)
    _require_number(opened.plan, seen_number, mine=draft.synthesis)
    Invalid.raise_if(drafts.faults_of_review(draft, opened.plan.starts_on, actor.today))
    number = opened.plan.number + 1
    opened.plan.review_on = draft.next_on
    changes = {"number": number, "review_on": draft.next_on}
    # The day of the next review is in the form that edits the plan: one opened before is told.
    changes["version"] = opened.plan.version + 1
    detail = {"fields": ["review_on"]}
    _moved(actor, opened.plan, "review", changes=changes, detail=detail)
    version = _freeze(actor, opened, number, f"Bilan du {draft.held_on:%d/%m/%Y}")
    return PlanReview.objects.create(
        **signed_by(actor),
        of_version=version,
        held_on=draft.held_on,
        synthesis=draft.synthesis,
        next_on=draft.next_on,
    )


@transaction.atomic
def sign_version(actor: Actor, *, plan_id: UUID, number: int, draft: SignatureDraft) -> Signature:
    """Note what someone says of a version: agreement, refusal, or why it was not collected.

    Refused as `refusal_to_change` says. Invalid without a name, for a day to come or before
    the version was frozen, or without a reason where there is no agreement.
    """
    opened = lock_to_change(actor, plan_id)
    version = find_version(opened, number)
    frozen_on = timezone.localdate(version.recorded_at)
    Invalid.raise_if(drafts.faults_of_signature(draft, frozen_on, actor.today))
    signed = Signature.objects.create(
        **signed_by(actor),
        of_version=version,
        name=draft.name.strip(),
        capacity=draft.capacity,
        agreement=draft.agreement,
        reason=draft.reason.strip(),
        signed_on=draft.signed_on,
    )
    told = {"version": number, "agreement": str(draft.agreement)}
    note(actor, "plan.sign", opened.plan, signed, **told)
    return signed


@transaction.atomic
def comment_plan(
    actor: Actor, *, plan_id: UUID, text: str, action_id: UUID | None = None
) -> Comment:
    """Leave a word on a plan, or on one of its actions; it stays as it is written.

    Refused as `refusal_to_change` says; Invalid when it is empty.
    """
    opened = lock_to_change(actor, plan_id)
    if not text.strip():
        raise Invalid({"text": ["Écrivez votre commentaire."]})
    action = find_action(opened, action_id) if action_id else None
    comment = Comment.objects.create(
        **signed_by(actor), plan=opened.plan, action=action, text=text.strip()
    )
    note(actor, "plan.comment", opened.plan, comment)
    return comment


def require_owner(actor: Actor, plan: Plan, owner_id: UUID | None, due_on: date | None) -> None:
    """Invalid unless the owner of a plan, or of what it holds, reads it in one of his situations in
    force at the operator, two SQL statements for each, at most, and stays until the day it is due.
    """
    if owner_id is None:
        return
    left = departures_of([owner_id]).get(owner_id)
    if left and left.last_day >= actor.today and (not due_on or due_on > left.last_day):
        name, day = left.professional.display_name, f"{left.last_day:%d/%m/%Y}"
        raise Invalid(
            {"owner_id": [f"{name} quitte l’organisme le {day}\u00a0: avant l’échéance."]}
        )
    at_work = Membership.objects.active(actor.at).filter(operator=actor.operator_id)
    situations = list(at_work.filter(professional=owner_id).values_list("pk", flat=True))
    if not situations:
        raise Invalid({"owner_id": [NOT_OURS]})
    found = (actor_seen(actor, situation) for situation in situations)
    # What a bris de glace opens to him closes again.
    owners = [replace(one, has_broken_glass=False) for one in found if one]
    if not any(plans_of(one, plan.subject_id).filter(pk=plan.pk).exists() for one in owners):
        raise Invalid({"owner_id": [NOT_READ]})


def tell_anew(plan: Plan) -> list[str]:
    """Forget what the former owner of a plan was reminded of, for the next one knows nothing of it;
    return the fields of the plan that are to be saved.
    """
    plan.objectives.update(reminded_due_on=None)
    return assign(plan, {"reminded_review_on": None})


def lock_to_change(actor: Actor, plan_id: UUID) -> OpenPlan:
    """Return a plan that the actor may change, locked until the transaction ends."""
    opened = lock_plan(actor, plan_id)
    if refused := refusal(actor, opened.plan):
        raise refused
    return opened


def signed_by(actor: Actor) -> dict[str, Any]:
    """Return the columns that say who wrote a row that never changes."""
    return {
        "operator_id": actor.operator_id,
        "author_id": actor.professional_id,
        "author_name": actor.display_name,
        "author_profession": actor.profession,
        "recorded_at": actor.at,
    }


def note(actor: Actor, gesture: str, plan: Plan, part: Model | None = None, **detail: Any) -> None:
    """Journal a write on a plan, or on the part of it that was touched."""
    record(
        actor,
        gesture,
        target=part or plan,
        subject_ids=[plan.subject_id],
        volet=plan.volet,
        detail=detail,
    )


def _require_number(plan: Plan, seen_number: int | None, *, mine: str) -> None:
    """Raise Conflict when a version was frozen since the one on screen."""
    if seen_number not in (None, plan.number):
        frozen = f"Version {plan.number}"
        raise gone_first(plan, last_transition(plan), mine=mine, theirs=frozen)


def told_changes(before: Model, after: Model, changed: list[str]) -> dict[str, Any]:
    """Return what the journal keeps of a change: its fields, and from what to what for those that
    hold no text of a person.
    """
    short = [name for name in changed if not _is_text(after, name)]
    return {
        "fields": changed,
        "changes": {name: [_plain(before, name), _plain(after, name)] for name in short},
    }


def _is_text(item: Model, name: str) -> bool:
    field = item._meta.get_field(name)
    return isinstance(field, (CharField, TextField)) and not field.choices


def _plain(item: Model, name: str) -> Any:
    value = getattr(item, name)
    return value if value is None or isinstance(value, int) else str(value)


def _moved(
    actor: Actor,
    plan: Plan,
    verb: str,
    seen_state: str = "",
    *,
    reason: str = "",
    changes: Mapping[str, Any] | None = None,
    detail: Mapping[str, Any] | None = None,
) -> Plan:
    return move(
        actor,
        item=plan,
        verb=verb,
        seen_state=seen_state,
        reason=reason,
        changes=changes,
        detail=detail,
        volet=Volet(plan.volet),
        subject_ids=[plan.subject_id],
    )


def _freeze(actor: Actor, opened: OpenPlan, number: int, reason: str) -> PlanVersion:
    version = PlanVersion(
        **signed_by(actor),
        plan=opened.plan,
        number=number,
        content=to_json(opened.frozen()),
        reason=reason.strip()[:200],
    )
    version.digest = digest_of(version)
    version.save(force_insert=True)
    return version
