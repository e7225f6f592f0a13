"""Condition (1): which subjects a membership reaches. Higher rooms say so for their own kind."""

from collections.abc import Callable
from typing import Any

from django.db.models import Q, QuerySet

from virage.foundation.access.actor import Actor
from virage.foundation.access.enums import SubjectKind

# Given an actor, the subquery of the subject ids that its membership reaches.
ReachedSubjects = Callable[[Actor], "QuerySet[Any, Any]"]

_reached: dict[SubjectKind, ReachedSubjects] = {}


def register(kind: SubjectKind, reached: ReachedSubjects) -> None:
    """Declare, once per kind and from `apps.ready()`, how subjects of that kind are reached."""
    _reached[kind] = reached


def reached_by(actor: Actor, subject: str = "subject") -> Q:
    """Return the condition « the membership reaches this subject »: nothing if nobody declared."""
    condition = Q(pk__in=[])
    for reached in _reached.values():
        condition |= Q(**{f"{subject}__in": reached(actor)})
    return condition
