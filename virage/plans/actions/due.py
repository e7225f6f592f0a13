"""Telling what is due: reminders by mail, and the secret address of a calendar feed."""

import secrets
from datetime import datetime
from itertools import groupby

from django.db import transaction
from django.utils import timezone

from virage.foundation.access.actor import Actor
from virage.foundation.journal.writing import record
from virage.foundation.outbox.actions import post
from virage.plans.models import CalendarFeed, PlannedAction
from virage.plans.queries.due import actions_to_remind, digest_of, own_feed

REMINDER = "plans.tell_due"
TOKEN_BYTES = 32


@transaction.atomic
def remind_owners(at: datetime) -> int:
    """Post a mail to each owner of actions due within seven days, or late; return how many.

    Once for each date of an action: one that is put off is told again. The mail holds numbers.
    """
    today = timezone.localdate(at)
    told = 0
    due = actions_to_remind(today).select_for_update(of=("self",), no_key=True)
    for owner, actions in groupby(due, key=lambda one: one.owner):
        owned = list(actions)
        if owner is None:
            continue
        for action in owned:
            action.reminded_due_on = action.due_on
        PlannedAction.objects.bulk_update(owned, ["reminded_due_on"])
        late = sum(bool(one.due_on and one.due_on < today) for one in owned)
        post(
            REMINDER,
            key=f"{REMINDER}:{owner.pk}:{at.isoformat()}",
            operator_id=owner.operator_id,
            payload={"account_id": str(owner.account.pk), "due": len(owned), "late": late},
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
