"""Reading structures: everyone sees those of the operator, and no other's."""

from uuid import UUID

from django.db.models import Count, Prefetch, QuerySet

from virage.directory.models import Establishment, Operator, Room, Unit
from virage.foundation.access.actor import Actor
from virage.foundation.access.enums import Reach, Volet
from virage.foundation.errors import Refused


def operator_of(actor: Actor) -> Operator:
    """Return the actor's operator."""
    return Operator.objects.get(pk=actor.operator_id)


def establishments_of(actor: Actor) -> QuerySet[Establishment]:
    """Return the establishments of the actor's operator by name, with `unit_count`."""
    return (
        Establishment.objects.filter(operator=actor.operator_id)
        .annotate(unit_count=Count("units"))
        .order_by("name", "id")
    )


def establishments_of_situation(actor: Actor) -> QuerySet[Establishment]:
    """Return the establishment of the actor's situation, or all when it is in the whole operator.

    Where his gestures may be about; what his profession may do there is judged elsewhere.
    """
    every = establishments_of(actor)
    return every.filter(pk=actor.establishment_id) if actor.establishment_id else every


def establishment_of(actor: Actor, establishment_id: UUID) -> Establishment:
    """Return an establishment of the operator; Refused, as not existing, for any other."""
    establishment = establishments_of(actor).filter(pk=establishment_id).first()
    if establishment is None:
        raise Refused.hidden()
    return establishment


def units_with_rooms(establishment: Establishment) -> QuerySet[Unit]:
    """Return the units of an establishment by name, their rooms loaded; two SQL statements."""
    rooms = Prefetch("rooms", Room.objects.order_by("name", "id"))
    return establishment.units.prefetch_related(rooms).order_by("name", "id")


def gmp_unit_ids(actor: Actor, establishment: Establishment) -> set[UUID]:
    """Return the units of an establishment whose GMP the actor may see; one SQL statement, none
    where dependency is not followed, or for who does not count the care volet.
    """
    if not (establishment.has_gmp and actor.counts(Volet.CARE)):
        return set()
    return set(
        units_of_situation(actor).filter(establishment=establishment).values_list("pk", flat=True)
    )


def unit_of(actor: Actor, unit_id: UUID) -> Unit:
    """Return a unit of the operator with its establishment; Refused, as hidden, for any other."""
    units = Unit.objects.select_related("establishment")
    unit = units.filter(pk=unit_id, establishment__operator=actor.operator_id).first()
    if unit is None:
        raise Refused.hidden()
    return unit


def room_of(actor: Actor, room_id: UUID) -> Room:
    """Return a room of the operator with its unit; Refused, as hidden, for any other."""
    rooms = Room.objects.select_related("unit__establishment")
    room = rooms.filter(pk=room_id, unit__establishment__operator=actor.operator_id).first()
    if room is None:
        raise Refused.hidden()
    return room


def units_of(establishment: Establishment | None) -> QuerySet[Unit]:
    """Return the units of an establishment by name; none without an establishment."""
    units = establishment.units.all() if establishment else Unit.objects.none()
    return units.order_by("name", "id")


def units_of_situation(actor: Actor) -> QuerySet[Unit]:
    """Return the units of those establishments (`establishments_of_situation`), by both names; only
    his own for who is in units.
    """
    units = Unit.objects.filter(establishment__operator=actor.operator_id)
    if actor.establishment_id:
        units = units.filter(establishment=actor.establishment_id)
    if actor.reach == Reach.UNITS:
        units = units.filter(pk__in=actor.unit_ids)
    return units.select_related("establishment").order_by("establishment__name", "name", "id")
