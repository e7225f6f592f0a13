"""Contracts that have ended: what is still to be closed after them."""

from datetime import datetime, timedelta

from virage.directory.models import Membership
from virage.directory.queries import actor_of
from virage.directory.rules import SYSTEM
from virage.foundation.access.actor import Actor
from virage.foundation.journal.models import JournalEvent
from virage.persons.models import Referent

EXPIRED = "membership.expire"
# A worker stopped longer than this closes nothing of before: the rights had ended anyway.
LOOKS_BACK = timedelta(days=60)


def command_lines(at: datetime) -> list[Actor]:
    """Return in whose name the site acts by itself: the command line of each operator."""
    memberships = Membership.objects.filter(profession=SYSTEM).order_by("pk")
    return [actor_of(one, at, "Fin de contrat") for one in memberships]


def ended_unseen(actor: Actor) -> list[Membership]:
    """Return the situations of the operator that ended lately and whose end no job has noted."""
    since = actor.today - LOOKS_BACK
    ended = Membership.objects.ended(actor.at).filter(
        operator=actor.operator_id, ends_on__gte=since
    )
    memberships = list(ended.order_by("ends_on", "pk"))
    noted = JournalEvent.objects.filter(
        action=EXPIRED, target_id__in=[one.pk for one in memberships]
    ).values_list("target_id", "detail__ends_on")
    seen = set(noted)
    return [one for one in memberships if (one.pk, str(one.ends_on)) not in seen]


def roles_left(actor: Actor, membership: Membership) -> list[Referent]:
    """Return the roles of referent that go on though their professional has no situation left."""
    of_his = Membership.objects.not_ended(actor.at).filter(professional=membership.professional_id)
    if of_his.exists():
        return []
    roles = Referent.objects.filter(professional=membership.professional_id)
    return list(
        roles.exclude(ends_on__lt=actor.today)
        .select_for_update(of=("self",), no_key=True)
        .order_by("pk")
    )
