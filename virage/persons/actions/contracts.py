"""What the end of a contract closes, by itself, every night."""

from django.db import transaction

from virage.foundation.access.actor import Actor
from virage.foundation.journal.writing import record
from virage.persons.queries.contracts import EXPIRED, ended_unseen, roles_left


@transaction.atomic
def close_ended_contracts(actor: Actor) -> int:
    """Note each situation of the operator that has ended, once, and end what it leaves behind.

    The rights themselves ended with its last day, whether this runs or not: the access rule judges
    the dates. Roles of referent end when their professional has no situation left. Returns how many
    situations were noted; done again, it changes nothing.
    """
    ended = ended_unseen(actor)
    for membership in ended:
        detail = {"ends_on": str(membership.ends_on)}
        record(actor, EXPIRED, target=membership, detail=detail)
        for role in roles_left(actor, membership):
            role.ends_on = max(role.starts_on, membership.ends_on or actor.today)
            role.save(update_fields=["ends_on"])
            record(actor, "referent.end", target=role, subject_ids=[role.subject_id])
    return len(ended)
