"""Reading one's own draft."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import QuerySet

from virage.foundation.access.actor import Actor
from virage.foundation.drafts.models import Draft
from virage.foundation.drafts.rules import Entered, read_entered
from virage.foundation.encryption.master import KeyUnavailable
from virage.foundation.encryption.values import decrypt


@dataclass(frozen=True)
class Begun:
    """What was begun, and when it was last kept."""

    entered: Entered
    saved_at: datetime


def own_drafts(actor: Actor) -> QuerySet[Draft]:
    """Return the drafts of the actor's account in this situation; none without an account."""
    if actor.account_id is None:
        return Draft.objects.none()
    return Draft.objects.filter(account_id=actor.account_id, membership_id=actor.membership_id)


def own_draft(actor: Actor, address: str) -> Begun | None:
    """Return what the actor has begun to write at this address, in this very situation.

    Asked by the page of the form alone, which has judged that the actor still reaches what it is
    about. One SQL statement, and one more for a key that the process does not know yet. Nothing
    for a text that its key no longer opens: a draft stops no page.
    """
    draft = own_drafts(actor).filter(address=address).first()
    if draft is None:
        return None
    try:
        entered = read_entered(decrypt(draft.text, purpose_of(draft.account_id, draft)))
    except (ValueError, KeyUnavailable):
        return None
    return Begun(entered, draft.saved_at) if entered else None


def purpose_of(account_id: UUID, draft: Draft) -> str:
    """Return what the text is encrypted for: moved to another author or form, it does not open."""
    return f"draft {account_id} {draft.membership_id} {draft.address}"
