"""What a professional has to do: for the home page, reminders and calendar feeds."""

from collections.abc import Iterator
from datetime import date, datetime
from hashlib import sha256
from uuid import UUID

from django.db.models import F, QuerySet

from virage.directory.models import Membership, Professional
from virage.foundation.access.actor import Actor
from virage.foundation.access.predicates import items_visible_to
from virage.plans.enums import TO_DO, ObjectiveState, PlanState
from virage.plans.models import CalendarFeed, Objective, Plan, PlannedAction
from virage.plans.rules.tasks import SOON


def own_actions(actor: Actor) -> QuerySet[PlannedAction]:
    """Return what the actor still has to do in the plans in force that he reads; unordered."""
    read = Plan.objects.filter(items_visible_to(actor), operator_id=actor.operator_id)
    return _to_do().filter(owner=actor.professional_id, objective__plan__in=read)


def actions_to_remind(today: date) -> QuerySet[PlannedAction]:
    """Return the actions due soon, or late, of which nobody was reminded for that date, by owner.

    For the worker alone: no rule of access applies, and nothing of them is told but their number.
    """
    due = _to_do().filter(due_on__lte=today + SOON, owner__account__is_active=True)
    new = due.exclude(reminded_due_on=F("due_on"))
    return new.select_related("owner__account").order_by("due_on", "id")


def reviews_to_remind(today: date) -> QuerySet[Plan]:
    """Return the plans in force whose review is due soon, or late, of which nobody was reminded for
    that date. For the worker alone, as `actions_to_remind`.
    """
    due = _in_force().filter(review_on__lte=today + SOON, author__account__is_active=True)
    new = due.exclude(reminded_review_on=F("review_on"))
    return new.select_related("author__account").order_by("review_on", "id")


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


def days_of(professional: Professional) -> Iterator[tuple[UUID, date, str]]:
    """Give what a professional's feed says: an id, a day and what it is, without what it is about.

    The actions that he answers for, then the objectives and the reviews of the plans he began.
    """
    actions = _to_do().filter(owner=professional).values_list("pk", "due_on")
    objectives = _pursued().filter(plan__author=professional).values_list("pk", "due_on")
    reviews = _in_force().filter(author=professional).values_list("pk", "review_on")
    for found, what in (
        (actions, "Action à échéance"),
        (objectives, "Objectif à échéance"),
        (reviews, "Bilan de plan"),
    ):
        yield from ((pk, day, what) for day, pk in sorted((day, pk) for pk, day in found if day))


def digest_of(token: str) -> str:
    """Return what is kept of a secret address: the SHA-256 of 32 random bytes cannot be undone."""
    return sha256(token.encode()).hexdigest()


def _in_force() -> QuerySet[Plan]:
    return Plan.objects.filter(state=PlanState.IN_FORCE)


def _pursued() -> QuerySet[Objective]:
    return Objective.objects.filter(state=ObjectiveState.PURSUED, plan__state=PlanState.IN_FORCE)


def _to_do() -> QuerySet[PlannedAction]:
    """Return what is to be done for objectives that are still pursued."""
    return PlannedAction.objects.filter(
        state__in=TO_DO,
        objective__state=ObjectiveState.PURSUED,
        objective__plan__state=PlanState.IN_FORCE,
    )
