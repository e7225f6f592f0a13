"""Where an actor may import."""

from django.db.models import QuerySet

from virage.directory.models import Establishment, Unit
from virage.foundation.access.actor import Actor


def establishments_for_import(actor: Actor) -> QuerySet[Establishment]:
    """Return the actor's establishment, or all of the operator's when the situation covers it."""
    establishments = Establishment.objects.filter(operator=actor.operator_id)
    if actor.establishment_id:
        establishments = establishments.filter(pk=actor.establishment_id)
    return establishments.order_by("name")


def units_for_import(actor: Actor) -> QuerySet[Unit]:
    """Return the units of those establishments."""
    return (
        Unit.objects.filter(establishment__in=establishments_for_import(actor))
        .select_related("establishment")
        .order_by("establishment__name", "name")
    )
