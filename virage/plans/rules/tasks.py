"""Actions of a plan: how far they have come, what is due, what to do first. Pure."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from fractions import Fraction
from typing import Protocol, TypeVar
from uuid import UUID

from virage.plans.enums import TO_DO, UNDER_WAY, ActionState, Due, Effort
from virage.plans.rules.graph import in_order

# Told so many days before it is due.
SOON = timedelta(days=7)
# What an action counts for in the progress of its plan.
WEIGHTS = {Effort.SMALL: 1, Effort.MEDIUM: 2, Effort.LARGE: 3}


class Task(Protocol):
    """What these rules read of an action; `percent` is how far someone says it has come."""

    id: UUID
    state: str
    percent: int
    priority: int
    effort: str
    due_on: date | None


T = TypeVar("T", bound=Task)


@dataclass(frozen=True)
class Progress:
    """How far several actions have come, exactly; `left_out` are those given up."""

    share: Fraction
    done: int
    counted: int
    left_out: int = 0

    @property
    def percent(self) -> int:
        """In whole percents, rounded down: 100 says that all is done."""
        return int(self.share * 100)

    @property
    def told(self) -> str:
        """How the figure is made, in French."""
        actions = "action faite" if self.done < 2 else "actions faites"
        parts = [f"{self.done}\u00a0{actions} sur {self.counted}, chacune comptée selon son effort"]
        if self.left_out == 1:
            parts.append("1\u00a0abandonnée, qui ne compte pas")
        elif self.left_out:
            parts.append(f"{self.left_out}\u00a0abandonnées, qui ne comptent pas")
        return "\u00a0; ".join(parts) + "."


def progress_of(tasks: Iterable[Task]) -> Progress | None:
    """Return the mean progress of actions, weighted by effort (1, 2 or 3); None without any.

    One done counts whole, one to do or not carried out for nothing, one under way for the percents
    said of it, 99 at most; those given up are left out.
    """
    every = list(tasks)
    counted = [one for one in every if one.state != ActionState.GIVEN_UP]
    if not counted:
        return None
    weights = [WEIGHTS[Effort(one.effort)] for one in counted]
    come = [_share(one) * weight for one, weight in zip(counted, weights, strict=True)]
    return Progress(
        share=sum(come, Fraction(0)) / sum(weights),
        done=sum(one.state == ActionState.DONE for one in counted),
        counted=len(counted),
        left_out=len(every) - len(counted),
    )


def due_of(task: Task, today: date) -> Due | None:
    """Return where an action stands towards its date; None without one, or once it is over."""
    return towards(task.due_on, today) if task.state in TO_DO else None


def towards(day: date | None, today: date) -> Due | None:
    """Return where what is to be done stands towards its day; None without one."""
    if day is None:
        return None
    if day < today:
        return Due.LATE
    return Due.SOON if day <= today + SOON else Due.LATER


def first_to_do(tasks: Sequence[T], needs: Mapping[UUID, Collection[UUID]]) -> list[T]:
    """Return what is still to be done, what to do first first.

    By priority, then date, then the smaller effort; what another one needs takes the place of that
    other when it is the better one, and always comes before it.
    """
    left = {one.id: one for one in tasks if one.state in TO_DO}
    asked = {pk: [need for need in needs.get(pk, ()) if need in left] for pk in left}
    order = in_order(list(left), asked)
    rank = {pk: _rank(one) for pk, one in left.items()}
    for pk in reversed(order):
        for need in asked[pk]:
            rank[need] = min(rank[need], rank[pk])
    return [left[pk] for pk in sorted(order, key=lambda pk: (rank[pk], order.index(pk)))]


def _share(task: Task) -> Fraction:
    if task.state == ActionState.DONE:
        return Fraction(1)
    return Fraction(min(task.percent, 99), 100) if task.state in UNDER_WAY else Fraction(0)


def _rank(task: Task) -> tuple[int, date, int]:
    return (task.priority, task.due_on or date.max, WEIGHTS[Effort(task.effort)])
