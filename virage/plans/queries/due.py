"""What a professional has to do: for the home page, reminders and calendar feeds."""

from datetime import date, datetime
from hashlib import sha256

from django.db.models import F, QuerySet

from virage.directory.models import Membership, Professional
from virage.foundation.access.actor import Actor
from virage.foundation.access.predicates import items_visible_to
from virage.plans.enums import TO_DO, PlanState
from virage.plans.models import CalendarFeed, Plan, PlannedAction
from virage.plans.rules.tasks import SOON


def own_actions(actor: Actor) -> QuerySet[PlannedAction]:
    """Return what the actor still has to do in the plans in force that he reads; unordered."""
    read = Plan.objects.filter(
        items_visible_to(actor), operator_id=actor.operator_id, state=PlanState.IN_FORCE
    )
    return PlannedAction.objects.filter(
        owner=actor.professional_id, state__in=TO_DO, objective__plan__in=read
    )


def actions_to_remind(today: date) -> QuerySet[PlannedAction]:
    """Return the actions due soon, or late, of which nobody was reminded for that date, by owner.

    For the worker alone: no rule of access applies, and nothing of them is told but their number.
    """
    due = _in_force().filter(due_on__lte=today + SOON, owner__account__is_active=True)
    new = due.exclude(reminded_due_on=F("due_on"))
    return new.select_related("owner__account").order_by("owner_id", "due_on", "id")


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


def dated_actions(professional: Professional) -> QuerySet[PlannedAction]:
    """Return what a professional has to do on a date, for his feed, which says nothing of it."""
    dated = _in_force().filter(owner=professional, due_on__isnull=False)
    return dated.order_by("due_on", "id")


def digest_of(token: str) -> str:
    """Return what is kept of a secret address: the SHA-256 of 32 random bytes cannot be undone."""
    return sha256(token.encode()).hexdigest()


def _in_force() -> QuerySet[PlannedAction]:
    in_force = PlanState.IN_FORCE
    return PlannedAction.objects.filter(state__in=TO_DO, objective__plan__state=in_force)
