"""What the records of the region say, typed, and how a text is fitted to a person on a day."""

import re
from dataclasses import dataclass
from datetime import time
from functools import cache
from typing import Literal

from virage.demo.people import Sourced
from virage.demo.region.plan import HERE
from virage.demo.texts import (
    CancelReason,
    EvaluationPlan,
    EventPlan,
    Moment,
    PlanPlan,
    Plans,
    Stories,
    StoryStep,
)
from virage.foundation.content.loader import read

Word = re.compile(r"\{(\w+)\}")


@dataclass(frozen=True)
class NoteGroup:
    """Texts of one volet that these professions may write at that moment, of whom they suit.

    `needs` and `unless` are traits or relatives of the person; `months` and `days` when it is told,
    `between` at which local hours, if not all those of the moment; one of `then` may follow;
    `weight` is among the other groups that suit.
    """

    volet: str
    professions: tuple[str, ...]
    moment: Moment
    texts: tuple[str, ...]
    then: tuple[str, ...] = ()
    needs: tuple[str, ...] = ()
    unless: tuple[str, ...] = ()
    months: tuple[int, ...] = ()
    days: Literal["all", "weekday", "weekend"] = "all"
    between: tuple[time, time] | None = None
    weight: int = 10


@dataclass(frozen=True)
class NoteBank(Sourced):
    """The everyday transmissions of some kinds of establishments."""

    kinds: tuple[str, ...]
    notes: tuple[NoteGroup, ...]


@dataclass(frozen=True)
class Step(StoryStep):
    """One transmission of a story, `day` days after its start, or after a return (`back`)."""

    back: bool = False


@dataclass(frozen=True)
class Story:
    """Transmissions that follow one another in one record (see `stories.yaml`)."""

    key: str
    kinds: tuple[str, ...]
    yearly: int
    steps: tuple[Step, ...]
    at: Literal["any", "entry", "exit", "birthday"] = "any"
    needs: tuple[str, ...] = ()
    unless: tuple[str, ...] = ()
    months: tuple[int, ...] = ()
    weekday: int | None = None
    away: tuple[int, int] | None = None
    alone: bool = False
    of_death: bool = False


@dataclass(frozen=True)
class Agenda(Sourced):
    """The events of every month, what is evaluated, and the ranks of autonomy, worst first."""

    events: tuple[EventPlan, ...]
    evaluations: tuple[EvaluationPlan, ...]
    cancel_reasons: tuple[CancelReason, ...]


@cache
def everyday(kind: str) -> tuple[NoteGroup, ...]:
    """Return the everyday transmissions of a kind of establishment."""
    banks = [read(path, NoteBank) for path in sorted(HERE.glob("notes_*.yaml"))]
    return tuple(group for bank in banks if kind in bank.kinds for group in bank.notes)


@cache
def stories(kind: str) -> tuple[Story, ...]:
    """Return what may befall those of a kind of establishment."""
    every = read(HERE / "stories.yaml", Stories[Story]).stories
    return tuple(story for story in every if kind in story.kinds)


@cache
def agenda() -> Agenda:
    """Return what the agenda holds and what is evaluated."""
    return read(HERE / "agenda.yaml", Agenda)


@cache
def plans(kind: str) -> tuple[PlanPlan, ...]:
    """Return the plans of a kind of establishment."""
    every = read(HERE / "plans.yaml", Plans).plans
    return tuple(plan for plan in every if plan.establishment == kind)
