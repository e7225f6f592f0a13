"""The order of what a plan holds, put by hand."""

from collections.abc import Sequence
from uuid import UUID

from django.db import transaction

from virage.foundation.access.actor import Actor
from virage.foundation.errors import Conflict, Refused
from virage.plans.actions.plans import lock_to_change, note
from virage.plans.models import Objective, PlannedAction

# The place that nothing has: two that change places go through it, for a place is held once.
NOWHERE = 0
MOVED = "L’ordre du plan a changé pendant que vous le regardiez."


@transaction.atomic
def put_before(actor: Actor, *, plan_id: UUID, part_id: UUID, other_id: UUID) -> None:
    """Let an objective of a plan, or an action of an objective, change places with the one that
    stands just before it; nothing when it is done already.

    Refused as `refusal_to_change` says, and as if they did not exist for two that have no places to
    change. Conflict, with both orders, when they do not follow each other any more.
    """
    opened = lock_to_change(actor, plan_id)
    row = opened.beside(part_id)
    places = [one.pk for one in row]
    if part_id == other_id or other_id not in places:
        raise Refused.hidden()
    after, before = places.index(part_id), places.index(other_id)
    if before == after + 1:
        return
    part, other = row[after], row[before]
    if before != after - 1:
        mine = f"«\u00a0{part.title}\u00a0» avant «\u00a0{other.title}\u00a0»"
        raise Conflict(MOVED, mine=mine, theirs=_told(row))
    upper, lower = other.position, part.position
    for one, position in ((part, NOWHERE), (other, lower), (part, upper)):
        one.position = position
        one.save(update_fields=["position"])
    note(actor, "plan.reorder", opened.plan, part, changes={"position": [lower, upper]})


def _told(row: Sequence[Objective] | Sequence[PlannedAction]) -> str:
    return "\n".join(f"{place}. {one.title}" for place, one in enumerate(row, 1))
