"""Where the actor may receive persons, and whom he may name to follow them."""

from django.db.models import Prefetch, Q, QuerySet

from virage.directory.models import Establishment, Membership, Professional, Room, Unit
from virage.foundation.access.actor import Actor
from virage.foundation.access.enums import Reach


def places_of(actor: Actor, *, with_rooms: bool = False) -> list[Establishment]:
    """Return the establishments that the actor reaches, their `units` loaded, and their `rooms`.

    A membership by units has those units alone. Two SQL statements, three with rooms.
    """
    units = Unit.objects.order_by("name", "id")
    if actor.reach == Reach.UNITS:
        units = units.filter(pk__in=actor.unit_ids)
    if with_rooms:
        units = units.prefetch_related(Prefetch("rooms", Room.objects.order_by("name", "id")))
    establishments = Establishment.objects.filter(operator=actor.operator_id)
    if actor.reach != Reach.OPERATOR:
        establishments = establishments.filter(Q(pk=actor.establishment_id))
    return list(establishments.order_by("name", "id").prefetch_related(Prefetch("units", units)))


def colleagues_of(actor: Actor) -> QuerySet[Professional]:
    """Return who may be named referent: the operator's professionals with a situation in force.

    Those of the actor's establishment alone, when he has one.
    """
    memberships = Membership.objects.active(actor.at).filter(operator=actor.operator_id)
    if actor.establishment_id:
        memberships = memberships.filter(establishment=actor.establishment_id)
    professionals = Professional.objects.filter(pk__in=memberships.values("professional"))
    return professionals.order_by("family_name", "given_name", "id")
