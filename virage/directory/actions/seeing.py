"""« Voir comme »: looking at what a colleague's situation sees, and coming back."""

from uuid import UUID

from django.db import transaction

from virage.directory.models import Membership
from virage.directory.queries import seeing_as
from virage.foundation.access.actor import Actor
from virage.foundation.journal.writing import record


@transaction.atomic
def look_as(actor: Actor, *, membership_id: UUID) -> Actor:
    """Return who looks as this situation does, journalled in the actor's own name.

    Refused as `queries.seeing_as`.
    """
    looking = seeing_as(actor, membership_id)
    seen = Membership.objects.get(pk=membership_id)
    record(actor, "membership.look_as", target=seen, detail={"profession": seen.profession})
    return looking


@transaction.atomic
def come_back(looking: Actor) -> None:
    """Journal that whoever looked as someone is back in his own place."""
    seen, actor = looking.sides
    membership = Membership.objects.get(pk=seen.membership_id)
    record(actor, "membership.look_back", target=membership)
