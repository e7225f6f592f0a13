"""A version of a plan: the whole of it as it stood, sealed by a digest, and told line by line."""

import json
from collections.abc import Iterator, Mapping
from datetime import UTC, date, datetime
from hashlib import sha256
from typing import Any, Protocol
from uuid import UUID

import msgspec

from virage.plans.enums import UNDER_WAY, ActionState, Effort, ObjectiveState, Priority


class FrozenAction(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """An action as it stood; `needs` are the titles of those that come first."""

    title: str
    state: str
    priority: int
    effort: str
    percent: int = 0
    description: str = ""
    owner: str = ""
    starts_on: date | None = None
    due_on: date | None = None
    why: str = ""
    needs: tuple[str, ...] = ()


class FrozenObjective(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """An objective as it stood, with its actions."""

    title: str
    state: str
    description: str = ""
    expected_result: str = ""
    due_on: date | None = None
    why: str = ""
    actions: tuple[FrozenAction, ...] = ()


class FrozenPlan(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A plan as it stood, with its objectives."""

    title: str
    starts_on: date
    review_on: date | None = None
    objectives: tuple[FrozenObjective, ...] = ()


def to_json(frozen: FrozenPlan) -> dict[str, Any]:
    """Return a version as its column keeps it."""
    stored: dict[str, Any] = msgspec.to_builtins(frozen)
    return stored


def from_json(stored: Mapping[str, Any]) -> FrozenPlan:
    """Return a version as it was before `to_json`."""
    return msgspec.convert(stored, FrozenPlan)


class Sealed(Protocol):
    """What the digest of a version holds together."""

    plan_id: UUID
    number: int
    reason: str
    author_name: str
    author_profession: str
    recorded_at: datetime
    content: dict[str, Any]


def digest_of(version: Sealed) -> str:
    """Return the SHA-256 of a version: which one of which plan it is, who froze it, when and why,
    and all it says; whatever the order in which a database gives the keys.
    """
    sealed = {
        "plan": str(version.plan_id),
        "number": version.number,
        "reason": version.reason,
        "author": [version.author_name, version.author_profession],
        "at": version.recorded_at.astimezone(UTC).isoformat(),
        "content": version.content,
    }
    text = json.dumps(sealed, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return sha256(text.encode()).hexdigest()


def told(frozen: FrozenPlan) -> str:
    """Tell a version in French, a fact a line, so that two are compared as texts are."""
    return "\n".join(_lines(frozen))


def _lines(frozen: FrozenPlan) -> Iterator[str]:
    yield f"Plan\u00a0: {frozen.title}"
    yield from _days(("Début", frozen.starts_on), ("Bilan prévu", frozen.review_on))
    for number, objective in enumerate(frozen.objectives, 1):
        yield f"Objectif {number}\u00a0: {objective.title}"
        yield f"État\u00a0: {_state(ObjectiveState(objective.state).label, objective.why)}"
        yield from _said(
            ("Description", objective.description), ("Résultat attendu", objective.expected_result)
        )
        yield from _days(("Échéance", objective.due_on))
        for place, action in enumerate(objective.actions, 1):
            yield from _action_lines(f"Action {number}.{place}", action)


def _action_lines(name: str, action: FrozenAction) -> Iterator[str]:
    yield f"{name}\u00a0: {action.title}"
    state = ActionState(action.state)
    come = f" ({action.percent}\u00a0%)" if state in UNDER_WAY and action.percent else ""
    yield f"État\u00a0: {_state(state.label + come, action.why)}"
    yield f"Priorité\u00a0: {Priority(action.priority).label}"
    yield f"Effort\u00a0: {Effort(action.effort).label.lower()}"
    yield from _said(("Description", action.description), ("Responsable", action.owner))
    yield from _days(("Début", action.starts_on), ("Échéance", action.due_on))
    yield from _said(("Après", "\u00a0; ".join(action.needs)))


def _state(label: str, why: str) -> str:
    return f"{label}, parce que\u00a0: {why}" if why else label


def _said(*pairs: tuple[str, str]) -> Iterator[str]:
    return (f"{label}\u00a0: {text}" for label, text in pairs if text)


def _days(*pairs: tuple[str, date | None]) -> Iterator[str]:
    return (f"{label}\u00a0: {day:%d/%m/%Y}" for label, day in pairs if day)
