"""Structures and professionals that a received file names, kept as received."""

from collections import defaultdict, deque
from collections.abc import Sequence
from uuid import UUID

from django.db import transaction
from django.db.models import Q

from virage.directory.actions.professionals import search_text_of
from virage.directory.models import Professional, ReceivedStructure
from virage.foundation.access.actor import Actor
from virage.foundation.access.enums import Verb
from virage.foundation.access.verdict import require
from virage.foundation.national_numbers import is_rpps_valid

# A professional, unsaved, and our own id when the file gives one back.
Named = tuple[Professional, UUID | None]


@transaction.atomic
def receive_structures(
    actor: Actor, *, structures: Sequence[ReceivedStructure]
) -> list[tuple[ReceivedStructure, bool]]:
    """Keep the structures that a file names, unsaved until then, and say of each whether it is new.

    None is made twice. `number` is the national number as received. Refused without the import
    verb. Imports of an operator are written one at a time, so that looking first is enough. Few
    statements whatever their number.
    """
    require(actor, Verb.IMPORT)
    met = ReceivedStructure.objects.filter(
        operator=actor.operator_id, number__in={one.number for one in structures}
    )
    held = {(one.number, one.name, one.kind): one for one in met.order_by("-id")}
    kept = []
    for one in structures:
        one.operator_id = actor.operator_id
        ours = held.setdefault((one.number, one.name, one.kind), one)
        kept.append((ours, ours is one))
    new = [one for one, is_new in kept if is_new]
    ReceivedStructure.objects.bulk_create(new, batch_size=500)
    return kept


@transaction.atomic
def receive_professionals(
    actor: Actor, *, professionals: Sequence[Named]
) -> list[tuple[Professional, bool]]:
    """Keep the professionals that a file names, and say of each whether it is new.

    `rpps` is the national number as received. Refused without the import verb. Few statements
    whatever their number.
    """
    require(actor, Verb.IMPORT)
    held = KnownProfessionals(actor, professionals)
    kept = []
    for one, our_id in professionals:
        one.operator_id, one.is_external = actor.operator_id, True
        ours = held.take(one, our_id)
        kept.append((ours, ours is one))
    new = [one for one, is_new in kept if is_new]
    for one in new:
        one.search_text = search_text_of(one)
    Professional.objects.bulk_create(new, batch_size=500)
    return kept


class KnownProfessionals:
    """The professionals of an operator, found by what a file says of each.

    One is of the house only if the RPPS, its key right, or our own id come back says so: a like
    name alone never makes a stranger one of the house, for authors read what they wrote. A stranger
    met before is known again by the number and the name; without a number by the name, the civility
    and the profession together, and is none of those whom the same file named before it.
    """

    def __init__(self, actor: Actor, professionals: Sequence[Named]) -> None:
        ours = Professional.objects.filter(operator=actor.operator_id)
        named = [one for one, _ in professionals]
        names = {one.family_name for one in named if not one.rpps}
        met = ours.filter(
            ~Q(rpps="") | Q(is_external=True, family_name__in=names),
            rpps__in={one.rpps for one in named},
        )
        self._by_id = ours.in_bulk({our_id for _, our_id in professionals if our_id})
        self._by_rpps: dict[str, Professional] = {}
        self._strangers: dict[tuple[str, ...], deque[Professional]] = defaultdict(deque)
        self._taken: set[UUID] = set()
        for one in met.order_by("id"):
            if one.is_external:
                self._strangers[_told(one)].append(one)
            else:
                self._by_rpps[one.rpps] = one

    def take(self, named: Professional, our_id: UUID | None) -> Professional:
        """Return the professional of ours that this one is; itself, when it is new."""
        if is_rpps_valid(named.rpps):
            found = self._by_rpps.get(named.rpps)
        else:
            found = self._by_id.get(our_id) if our_id else None
        found = found or self._stranger(named)
        self._taken.add(found.pk)
        return found

    def _stranger(self, named: Professional) -> Professional:
        met = self._strangers[_told(named)]
        if named.rpps:
            if not met:
                met.append(named)
            return met[0]
        while met:
            if (found := met.popleft()).pk not in self._taken:
                return found
        return named


def _told(one: Professional) -> tuple[str, ...]:
    """Return what makes two strangers the same."""
    named = (one.rpps, one.family_name, one.given_name)
    return named if one.rpps else (*named, one.civility, one.profession_name)
