"""Condition (1): which subjects a membership reaches. Higher rooms say so for their own kind."""

from collections.abc import Callable
from functools import lru_cache
from typing import Any

from django.core.exceptions import EmptyResultSet
from django.db.models import Q, QuerySet
from django.db.models.expressions import RawSQL

from virage.foundation.access.actor import Actor
from virage.foundation.access.enums import SubjectKind
from virage.foundation.access.looking import opened_by_both

# Given an actor, the subquery of the subject ids that its membership reaches.
ReachedSubjects = Callable[[Actor], "QuerySet[Any, Any]"]

NOTHING = Q(pk__in=[])

_reached: dict[SubjectKind, ReachedSubjects] = {}


def register(kind: SubjectKind, reached: ReachedSubjects) -> None:
    """Declare, once per kind and from `apps.ready()`, how subjects of that kind are reached."""
    _reached[kind] = reached


@opened_by_both
def reached_by(actor: Actor, subject: str = "subject") -> Q:
    """Return the condition « the membership reaches this subject »: nothing if nobody declared."""
    condition = NOTHING
    for reached in _reached.values():
        if subjects := _compiled(reached, actor):
            condition |= Q(**{f"{subject}__in": subjects})
    return condition


@lru_cache(maxsize=64)
def _compiled(reached: ReachedSubjects, actor: Actor) -> RawSQL | None:
    """Compile the subquery once for an actor, that is once for a request; None when it is empty.

    A page of a record filters with it up to ten times, and this was most of its time.
    """
    try:
        sql, parameters = reached(actor).query.sql_with_params()
    except EmptyResultSet:
        return None
    return RawSQL(sql, parameters)  # noqa: S611  # Django's own, with its parameters apart
