"""Telling what is due: reminders by mail, and the secret address of a calendar feed."""

import secrets
from collections import Counter
from datetime import date, datetime

from django.db import transaction
from django.utils import timezone

from virage.directory.models import Professional
from virage.foundation.access.actor import Actor
from virage.foundation.journal.writing import record
from virage.foundation.outbox.actions import post
from virage.plans.models import CalendarFeed, Plan, PlannedAction
from virage.plans.queries.due import (
    actions_to_remind,
    digest_of,
    own_feed,
    reviews_to_remind,
)

REMINDER = "plans.tell_due"
TOKEN_BYTES = 32


@transaction.atomic
def remind_owners(at: datetime) -> int:
    """Post a mail to each owner of actions, and author of plans to be reviewed, within seven days
    or late; return how many.

    Once for each date: what is put off is told again. The mail holds numbers.
    """
    today = timezone.localdate(at)
    told: dict[Professional, Counter[str]] = {}
    actions = list(actions_to_remind(today).select_for_update(of=("self",), no_key=True))
    for action in actions:
        action.reminded_due_on = action.due_on
        _count(told, action.owner, "due", action.due_on, today)
    PlannedAction.objects.bulk_update(actions, ["reminded_due_on"])
    plans = list(reviews_to_remind(today).select_for_update(of=("self",), no_key=True))
    for plan in plans:
        plan.reminded_review_on = plan.review_on
        _count(told, plan.author, "reviews", plan.review_on, today)
    Plan.objects.bulk_update(plans, ["reminded_review_on"])
    for one, counts in told.items():
        post(
            REMINDER,
            key=f"{REMINDER}:{one.pk}:{at.isoformat()}",
            operator_id=one.operator_id,
            payload={"account_id": str(one.account.pk), **counts},
        )
    return len(told)


@transaction.atomic
def renew_feed(actor: Actor) -> str:
    """Make the secret address of the actor's own calendar; return its token, kept nowhere.

    The former one, if any, opens nothing any more. Refused under « Voir comme ».
    """
    token = secrets.token_urlsafe(TOKEN_BYTES)
    feed, _ = CalendarFeed.objects.update_or_create(
        professional_id=actor.professional_id,
        defaults={
            "operator_id": actor.operator_id,
            "token_digest": digest_of(token),
            "made_at": actor.at,
        },
    )
    record(actor, "calendar_feed.renew", target=feed)
    return token


@transaction.atomic
def revoke_feed(actor: Actor) -> None:
    """Close the secret address of the actor's own calendar, if there is one."""
    feed = own_feed(actor)
    if feed:
        record(actor, "calendar_feed.revoke", target=feed)
        feed.delete()


def _count(
    told: dict[Professional, Counter[str]],
    one: Professional | None,
    what: str,
    day: date | None,
    today: date,
) -> None:
    """Count one more thing to tell someone, and whether it is late."""
    if one and day:
        told.setdefault(one, Counter())[what] += 1
        told[one]["late"] += day < today
