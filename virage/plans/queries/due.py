"""What a professional has to do: for the home page, reminders and calendar feeds."""

from calendar import MONDAY
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from datetime import date, datetime
from functools import reduce
from hashlib import sha256
from operator import or_
from typing import Any, TypeVar
from uuid import UUID

from django.db.models import F, Model, Q, QuerySet
from django.utils.timezone import localdate

from virage.directory.models import Membership, Professional
from virage.directory.queries import actor_of
from virage.foundation.access.actor import Actor
from virage.foundation.access.predicates import items_visible_to
from virage.plans.enums import TO_DO, ObjectiveState, PlanState
from virage.plans.models import CalendarFeed, Objective, Plan, PlannedAction
from virage.plans.rules.tasks import SOON

Kind = TypeVar("Kind", bound=Model)


def own_actions(actor: Actor) -> QuerySet[PlannedAction]:
    """Return what the actor still has to do in the plans in force that he reads; unordered.

    Nothing of someone who has died.
    """
    return PlannedAction.objects.filter(
        owner=actor.professional_id,
        state__in=TO_DO,
        objective__state=ObjectiveState.PURSUED,
        objective__plan__in=_in_force(actor),
    )


def own_objectives(actor: Actor) -> QuerySet[Objective]:
    """Return the objectives pursued of the plans in force that the actor answers for, and reads."""
    plans = own_plans(actor)
    return Objective.objects.filter(state=ObjectiveState.PURSUED, plan__in=plans)


def own_plans(actor: Actor) -> QuerySet[Plan]:
    """Return the plans in force that the actor answers for, and reads."""
    return _in_force(actor).filter(owner=actor.professional_id)


def acting(professional: Professional, at: datetime) -> list[Actor]:
    """Return who a professional is in each of his situations in force; a bris de glace aside."""
    situations = Membership.objects.active(at).filter(professional=professional)
    actors = (actor_of(one, at) for one in situations.order_by("starts_on", "id"))
    return [replace(actor, has_broken_glass=False) for actor in actors]


def owners_to_remind(today: date) -> QuerySet[Professional]:
    """Return whose actions, or objectives or reviews of plans, are due soon or late, whatever they
    read.
    """
    soon = today + SOON
    actions = PlannedAction.objects.filter(state__in=TO_DO, due_on__lte=soon).values("owner")
    plans = Plan.objects.filter(state=PlanState.IN_FORCE, review_on__lte=soon).values("owner")
    objectives = Objective.objects.filter(state=ObjectiveState.PURSUED, due_on__lte=soon)
    of_plans = Q(pk__in=plans) | Q(pk__in=objectives.values("plan__owner"))
    owners = Professional.objects.filter(Q(pk__in=actions) | of_plans)
    return owners.filter(account__is_active=True).select_related("account").order_by("pk")


def actions_to_remind(actors: Sequence[Actor], at: datetime) -> QuerySet[PlannedAction]:
    """Return the actions due soon, or late, of which their owner was not told for that date; on a
    Monday, all that are late. They are his in one of these situations.
    """
    return _to_tell(PlannedAction, own_actions, actors, at, "due_on", "reminded_due_on")


def objectives_to_remind(actors: Sequence[Actor], at: datetime) -> QuerySet[Objective]:
    """Return the objectives of his plans that are due soon, or late, as `actions_to_remind`."""
    return _to_tell(Objective, own_objectives, actors, at, "due_on", "reminded_due_on")


def reviews_to_remind(actors: Sequence[Actor], at: datetime) -> QuerySet[Plan]:
    """Return the plans whose review is due soon, or late, as `actions_to_remind`."""
    return _to_tell(Plan, own_plans, actors, at, "review_on", "reminded_review_on")


def feed_of_token(token: str, at: datetime) -> CalendarFeed | None:
    """Return the feed that a secret address opens; None for an unknown one.

    None too once its owner has no situation in force any more, or his account is closed.
    """
    at_work = Membership.objects.active(at).values("professional")
    feeds = CalendarFeed.objects.filter(token_digest=digest_of(token), professional__in=at_work)
    return feeds.filter(professional__account__is_active=True).first()


def own_feed(actor: Actor) -> CalendarFeed | None:
    """Return the feed of the actor himself, if he has one."""
    return CalendarFeed.objects.filter(professional=actor.itself.professional_id).first()


def days_of(actors: Sequence[Actor]) -> Iterator[tuple[UUID, date, str]]:
    """Give what the feed of who is all these actors says: an id, a day and what it is, without what
    it is about.

    The actions that he answers for, then the objectives and the reviews of his plans.
    """
    for kind, own, day, what in (
        (PlannedAction, own_actions, "due_on", "Action à échéance"),
        (Objective, own_objectives, "due_on", "Objectif à échéance"),
        (Plan, own_plans, "review_on", "Bilan de plan"),
    ):
        dated = kind._default_manager.filter(_own(own, actors), **{f"{day}__isnull": False})
        rows = dated.order_by(day, "pk").values_list("pk", day)
        yield from ((pk, on, what) for pk, on in rows)


def digest_of(token: str) -> str:
    """Return what is kept of a secret address: the SHA-256 of 32 random bytes cannot be undone."""
    return sha256(token.encode()).hexdigest()


def _in_force(actor: Actor) -> QuerySet[Plan]:
    """Return the plans in force that the actor reads, of those who live."""
    read = Plan.objects.filter(items_visible_to(actor), operator_id=actor.operator_id)
    return read.filter(state=PlanState.IN_FORCE, subject__person__died_at=None)


def _own(own: Callable[[Actor], QuerySet[Any]], actors: Sequence[Actor]) -> Q:
    found = (Q(pk__in=own(actor).values("pk")) for actor in actors)
    return reduce(or_, found, Q(pk__in=()))


def _to_tell(
    kind: type[Kind],
    own: Callable[[Actor], QuerySet[Any]],
    actors: Sequence[Actor],
    at: datetime,
    day: str,
    told: str,
) -> QuerySet[Kind]:
    today = localdate(at)
    new = Q(**{told: None}) | ~Q(**{told: F(day)})
    if today.weekday() == MONDAY:
        new |= Q(**{f"{day}__lt": today})
    due = kind._default_manager.filter(_own(own, actors), new, **{f"{day}__lte": today + SOON})
    return due.order_by(day, "pk")
