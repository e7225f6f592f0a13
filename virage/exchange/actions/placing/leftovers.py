"""Placing what has no field of ours, and what came again otherwise than we hold it."""

from collections.abc import Collection, Mapping
from uuid import UUID

from virage.exchange.actions.placing.context import DIFFERS, Placing
from virage.exchange.enums import LineLevel
from virage.exchange.models import Import, ReceivedItem
from virage.exchange.queries.held import volets_held
from virage.exchange.rules.shelving import kind_of, volet_of_leftover
from virage.formats.tddui import record as transit
from virage.foundation.access.enums import Volet
from virage.foundation.access.rules import Origin
from virage.foundation.access.writing import signature
from virage.foundation.encryption.values import keyed_hash
from virage.persons.models import Person


def place_leftovers(
    placing: Placing,
    person: Person,
    of_import: Import,
    leftovers: Collection[transit.Leftover],
    shelves: Mapping[str, Volet],
) -> None:
    """Keep verbatim what we do not hold yet of these, under a key of its own, and report it all.

    What stands beside an object of ours is shelved with it. The report names kinds of things only:
    whoever imports does not read every volet.
    """
    held = ReceivedItem.objects.filter(subject=person.subject_id)
    keys, contents = set(), set()
    for key, owner, content in held.values_list("key", "owner_key", "content"):
        keys.add(key)
        contents.add((owner, content))
    # Our own decisions, come back in words: they are in force here.
    decided = {one.urn for one in person.subject.restrictions.values_list("pk", flat=True)}
    received_here = Origin(establishment_id=placing.establishment.pk)
    signed = signature(placing.actor, of_import.received_at, received_here)
    ours = placing.closable()
    owners = {one.owner: ours[one.owner] for one in leftovers if one.owner in ours}
    volets = volets_held(owners.values())
    kept = []
    for one in leftovers:
        owner, owner_id = placing.lasting_key(one.owner), owners.get(one.owner)
        if (owner, one.content) in contents or one.key in decided:
            placing.report(LineLevel.KNOWN, kind_of(one.title), one.path)
            continue
        if one.kind == "differing":
            # A file may name a professional many times over.
            contents.add((owner, one.content))
        differs = one.kind == "differing" or one.key in keys
        placing.report(LineLevel.KEPT, kind_of(one.title), one.path, DIFFERS if differs else "")
        kept.append(
            ReceivedItem(
                **signed,
                subject_id=person.subject_id,
                of_import=of_import,
                volet=(volets[owner_id] if owner_id in volets else volet_of_leftover(one, shelves)),
                kind=one.kind,
                title=one.title[:255],
                profile=one.profile,
                path=one.path,
                key=_key_of_version(one, person.operator_id) if differs else one.key[:500],
                owner_key=owner[:500],
                owner_id=owner_id,
                content=one.content,
            )
        )
    ReceivedItem.objects.bulk_create(kept, batch_size=500)


def _key_of_version(leftover: transit.Leftover, operator_id: UUID) -> str:
    """Return a key for one more content of what came before: a key names one object only."""
    digest = keyed_hash(leftover.content, "received_item.key", operator_id)
    return f"{leftover.key[:480]}#{digest[:12]}"
