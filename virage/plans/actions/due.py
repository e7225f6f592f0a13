"""Telling what is due: reminders by mail, and the secret address of a calendar feed."""

import secrets
from datetime import datetime

from django.db import transaction
from django.utils import timezone

from virage.foundation.access.actor import Actor
from virage.foundation.journal.writing import record
from virage.foundation.outbox.actions import post
from virage.plans.models import CalendarFeed, Objective, Plan, PlannedAction
from virage.plans.queries.due import (
    acting,
    actions_to_remind,
    digest_of,
    objectives_to_remind,
    own_feed,
    owners_to_remind,
    reviews_to_remind,
)

REMINDER = "plans.tell_due"
TOKEN_BYTES = 32


@transaction.atomic
def remind_owners(at: datetime) -> int:
    """Post a mail to who answers for actions, or for plans whose objectives or reviews are due,
    within seven days or late; return how many.

    Of what he reads that day, once for each date, and every Monday of all that is late. The mail
    holds numbers.
    """
    today, told = timezone.localdate(at), 0
    for owner in owners_to_remind(today):
        actors = acting(owner, at)
        # In the order of the gestures on a plan: it is locked before what it holds.
        plans = list(reviews_to_remind(actors, at).select_for_update(no_key=True))
        objectives = list(objectives_to_remind(actors, at).select_for_update(no_key=True))
        actions = list(actions_to_remind(actors, at).select_for_update(no_key=True))
        if not actions and not objectives and not plans:
            continue
        for part in (*actions, *objectives):
            part.reminded_due_on = part.due_on
        for plan in plans:
            plan.reminded_review_on = plan.review_on
        PlannedAction.objects.bulk_update(actions, ["reminded_due_on"])
        Objective.objects.bulk_update(objectives, ["reminded_due_on"])
        Plan.objects.bulk_update(plans, ["reminded_review_on"])
        days = [one.due_on for one in (*actions, *objectives)] + [one.review_on for one in plans]
        counts = {"due": len(actions), "objectives": len(objectives), "reviews": len(plans)}
        post(
            REMINDER,
            key=f"{REMINDER}:{owner.pk}:{at.isoformat()}",
            operator_id=owner.operator_id,
            payload={
                "account_id": str(owner.account.pk),
                **counts,
                "late": sum(1 for day in days if day and day < today),
            },
        )
        told += 1
    return told


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
