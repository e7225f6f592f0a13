"""Reading where a thing stands: what may be done next, by this actor, and what was done.

The room that asks has opened the thing by its own access rule.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from django.db.models import QuerySet

from virage.foundation.access.actor import Actor
from virage.foundation.access.enums import Volet
from virage.foundation.errors import Refused
from virage.foundation.workflow.models import FollowsWorkflow, Transition
from virage.foundation.workflow.rules import State, Step, due_at, who_refusal


@dataclass(frozen=True)
class StepOffered:
    """A step that leaves the present state: where its form is, or why the actor may not."""

    step: Step
    url: str
    refused: Refused | None


@dataclass(frozen=True)
class Progress:
    """Where a thing stands: its state, since when, until when at most, the steps, the history."""

    state: State
    since: datetime | None
    due_at: datetime | None
    is_late: bool
    steps: list[StepOffered]
    history: list[Transition]


def history_of(item: FollowsWorkflow) -> QuerySet[Transition]:
    """Return the steps of a thing, the first one first."""
    return Transition.objects.filter(item_id=item.pk).order_by("recorded_at", "id")


def last_transition(item: FollowsWorkflow) -> Transition | None:
    """Return the step that brought a thing where it stands; none before there was a log."""
    return history_of(item).reverse().first()


def progress_of(
    actor: Actor, item: FollowsWorkflow, urls: Mapping[str, str], volet: Volet | None = None
) -> Progress:
    """Return where a thing stands, in one SQL statement.

    `urls` gives the address of the form of each step that the room has a screen for: the others are
    not offered. `volet` is that of the thing, where rights are judged.
    """
    history = list(history_of(item))
    last = history[-1] if history else None
    since = last.recorded_at if last else None
    due = due_at(item.standing, since) if since else None
    steps = [
        StepOffered(step, urls[step.verb], _refusal(actor, step, volet, last))
        for step in item.table.leaving(item.state_code)
        if step.verb in urls and not step.is_automatic
    ]
    is_late = due is not None and due < actor.at
    return Progress(item.standing, since, due, is_late, steps, history)


def _refusal(
    actor: Actor, step: Step, volet: Volet | None, last: Transition | None
) -> Refused | None:
    return who_refusal(
        step,
        rights=actor.matrix,
        profession=actor.profession,
        volet=volet,
        professional_id=actor.professional_id,
        brought_by=last.professional_id if last else None,
    )
