"""What every change of this room begins with: the right."""

from virage.foundation.access.actor import Actor
from virage.foundation.access.enums import Cell, Verb, Volet
from virage.foundation.access.models import Subject
from virage.foundation.access.verdict import require
from virage.foundation.errors import Refused


def require_write(actor: Actor, subject: Subject | None, *, is_received: bool = False) -> None:
    """Raise `Refused` unless the actor may write identities, or import when it is received.

    An import reaches every person of the operator: it may be what brings her to the actor's team.
    """
    if is_received:
        require(actor, Verb.IMPORT)
        if subject and subject.operator_id != actor.operator_id:
            raise Refused.hidden()
    else:
        require(actor, Cell.WRITE, subject, Volet.ADMINISTRATIVE)
