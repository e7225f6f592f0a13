"""Moving a thing along its workflow: one door, which the table, the log and the journal share."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any, TypeVar
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from virage.foundation.access.actor import Actor
from virage.foundation.access.enums import Volet
from virage.foundation.access.rules import is_future
from virage.foundation.content import nomenclature
from virage.foundation.errors import Conflict, Invalid, Refused
from virage.foundation.journal.writing import record
from virage.foundation.workflow.models import FollowsWorkflow, Transition
from virage.foundation.workflow.queries import last_transition
from virage.foundation.workflow.rules import Step, impossible, reason_faults, who_refusal

Moved = TypeVar("Moved", bound=FollowsWorkflow)


@transaction.atomic
def start(actor: Actor, *, item: FollowsWorkflow) -> Transition:
    """Log that a thing begins in its present state, which must be a first one: ValueError else.

    The action that creates the thing judges the right and journals it.
    """
    (begun,) = start_all(actor, items=[item])
    return begun


@transaction.atomic
def start_all(actor: Actor, *, items: Iterable[FollowsWorkflow]) -> list[Transition]:
    """Log that things begin (see `start`), in one statement for hundreds."""
    return Transition.objects.bulk_create([beginning(actor, one) for one in items], batch_size=500)


def beginning(actor: Actor, item: FollowsWorkflow) -> Transition:
    """Return the line of the log that says that a thing begins, to be inserted (see `start`)."""
    if item.state_code not in item.table.initial:
        raise ValueError(f"{item.table.id}: {item.state_code} is no first state")
    line = _line(actor, item, None, from_state="", happened_at=actor.at)
    line.recorded_at = actor.at  # as the thing itself; a step is dated under its lock
    return line


@transaction.atomic
def move(
    actor: Actor,
    *,
    item: Moved,
    verb: str,
    seen_state: str = "",
    changes: Mapping[str, Any] | None = None,
    reason_code: str = "",
    reason: str = "",
    happened_at: datetime | None = None,
    volet: Volet | None = None,
    subject_ids: Iterable[UUID] = (),
    detail: Mapping[str, Any] | None = None,
) -> Moved:
    """Take a step: judge it under a lock, change the state with `changes`, log and journal it.

    `seen_state` is the state that the actor had on screen: Conflict, which says who went first,
    when it is no longer so. Refused, with the steps that are possible, when the table has no such
    step from there, and, with those who may, when the actor may not take it. Invalid without a
    reason where one is due, or for a step said to happen in the future. The journal's word is
    `<workflow>.<verb>`; reach is judged by the room, which opened the thing.
    """
    current = type(item)._default_manager.select_for_update(no_key=True).get(pk=item.pk)
    step = _judged(actor, current, verb, seen_state, volet, reason_code, reason)
    if happened_at and is_future(happened_at, actor.at):
        raise Invalid({"happened_at": ["Une étape ne peut pas être datée dans l’avenir."]})
    from_state = current.state_code
    columns = {**(changes or {}), item.state_column: step.leads_to}
    for name, value in columns.items():
        setattr(current, name, value)
    current.save(update_fields=[*columns])
    line = _line(
        actor,
        current,
        step,
        from_state=from_state,
        happened_at=happened_at or actor.at,
        reason_code=reason_code,
        reason=reason.strip(),
    )
    line.save(force_insert=True)
    who = replace(actor, purpose=reason.strip()[:200]) if reason.strip() else actor
    record(
        who,
        f"{item.table.id}.{verb}",
        target=current,
        subject_ids=subject_ids,
        volet=volet or "",
        detail={"from": from_state, "to": step.leads_to, **(detail or {})},
    )
    return current


def _judged(
    actor: Actor,
    current: FollowsWorkflow,
    verb: str,
    seen_state: str,
    volet: Volet | None,
    reason_code: str,
    reason: str,
) -> Step:
    """Return the step that the actor may take from here, for this reason; raise what refuses it."""
    table = current.table
    step, last = table.step(verb), last_transition(current)
    if seen_state and current.state_code != seen_state:
        mine = "\u00a0: ".join(filter(None, (step.label, reason.strip())))
        raise gone_first(current, last, mine=mine, theirs=current.standing.label)
    if current.state_code not in step.leaves:
        why = impossible(table.states, table.steps, current.state_code, step)
        raise Refused("workflow_state", why)
    _require_who(actor, step, volet, last)
    listed = nomenclature.get(step.reasons).labels() if step.reasons else {}
    Invalid.raise_if(reason_faults(step, code=reason_code, text=reason, listed=listed))
    return step


def _require_who(actor: Actor, step: Step, volet: Volet | None, last: Transition | None) -> None:
    refused = who_refusal(
        step,
        rights=actor.matrix,
        profession=actor.profession,
        volet=volet,
        professional_id=actor.professional_id,
        brought_by=last.professional_id if last else None,
    )
    if refused:
        raise refused


def _line(
    actor: Actor,
    item: FollowsWorkflow,
    step: Step | None,
    *,
    from_state: str,
    happened_at: datetime,
    reason_code: str = "",
    reason: str = "",
) -> Transition:
    return Transition(
        operator_id=actor.operator_id,
        workflow=item.table.id,
        version=item.table.version,
        item_id=item.pk,
        verb=step.verb if step else "",
        from_state=from_state,
        to_state=item.state_code,
        professional_id=actor.professional_id,
        actor_name=actor.display_name,
        profession=actor.profession,
        happened_at=happened_at,
        recorded_at=timezone.now(),
        reason_code=reason_code,
        reason=reason,
    )


def gone_first(
    current: FollowsWorkflow, last: Transition | None, *, mine: str, theirs: str
) -> Conflict:
    """Return what tells the second of two people who went first, when, and where it stands now."""
    if last is None:
        told = "Quelqu’un est passé avant vous."
    else:
        at = timezone.localtime(last.recorded_at)
        moment = f"le {at:%d/%m/%Y} à {at.hour} h {at.minute:02}"
        did = f" : « {last.step.label} »" if last.step else ""
        told = f"{last.actor_name} est passé avant vous, {moment}{did}."
    now = f"L’état est maintenant « {current.standing.label} »."
    return Conflict(f"{told} {now}", mine=mine, theirs=theirs)
