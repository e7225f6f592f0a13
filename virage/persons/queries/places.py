"""Where the actor may receive persons, and whom he may name to follow them."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from uuid import UUID

from django.db.models import Exists, FilteredRelation, OuterRef, QuerySet

from virage.directory.models import Establishment, Membership, Professional, Room, Unit
from virage.directory.queries import establishments_of_situation, units_of_situation
from virage.foundation.access.actor import Actor
from virage.foundation.access.enums import Reach
from virage.persons.models import Person
from virage.persons.queries.people import stays_visible_to


@dataclass(frozen=True, kw_only=True)
class Place:
    """An establishment, its units in the order of their names and, if asked for, their rooms.

    In a room of `taken_room_ids` another person stays today: it may still be shared.
    """

    establishment: Establishment
    rooms_by_unit: dict[Unit, list[Room]] = field(default_factory=dict)
    taken_room_ids: set[UUID] = field(default_factory=set)


def places_of(
    actor: Actor,
    *,
    with_rooms: bool = False,
    person: Person | None = None,
    among: Iterable[Establishment] | None = None,
) -> list[Place]:
    """Return the establishments of the actor's situation, or those given `among` them, with their
    units; two SQL statements.

    A membership by units has those units alone. Rooms are taken as far as the actor may know, and
    never by the `person` to be placed.
    """
    among = establishments_of_situation(actor) if among is None else among
    places = {one.pk: Place(establishment=one) for one in among}
    units = units_of_situation(actor).filter(establishment__in=list(places))
    if actor.reach == Reach.UNITS:
        units = units.filter(pk__in=actor.unit_ids)
    if with_rooms:
        # One row for each room, and one for a unit without any.
        joined = units.annotate(room=FilteredRelation("rooms"))
        joined = joined.select_related("room")  # type: ignore[misc]  # the plugin ignores it
        others = stays_visible_to(actor).present_at(actor.at).filter(room=OuterRef("room__pk"))
        if person:
            others = others.exclude(person=person)
        joined = joined.annotate(is_taken=Exists(others))
        units = joined.order_by("name", "id", "room__name", "room__id")
    for unit in units:
        place = places[unit.establishment_id]
        rooms = place.rooms_by_unit.setdefault(unit, [])
        if room := getattr(unit, "room", None):
            rooms.append(room)
            if getattr(unit, "is_taken", False):
                place.taken_room_ids.add(room.pk)
    return list(places.values())


def colleagues_of(actor: Actor, *, reading: str = "") -> QuerySet[Professional]:
    """Return who works with the actor: the operator's professionals with a situation in force.

    Those of the actor's establishment alone, when he has one; himself among them. Those alone, too,
    whose profession is `reading` a volet.
    """
    memberships = Membership.objects.active(actor.at).filter(operator=actor.operator_id)
    if actor.establishment_id:
        memberships = memberships.filter(establishment=actor.establishment_id)
    if reading:
        readers = actor.matrix.reading_in(reading)
        memberships = memberships.filter(profession__in=readers)
    professionals = Professional.objects.filter(pk__in=memberships.values("professional"))
    return professionals.order_by("family_name", "given_name", "id")


def referents_to_name(actor: Actor) -> QuerySet[Professional]:
    """Return whom the actor may name referent: his colleagues, for nobody names himself."""
    return colleagues_of(actor).exclude(pk=actor.professional_id)
