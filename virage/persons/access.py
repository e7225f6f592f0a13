"""Condition (1) of access for persons: unit of a stay, establishment, operator, or referent."""

from typing import Any

from django.db.models import Q, QuerySet
from django.utils import timezone

from virage.foundation.access.actor import Actor
from virage.foundation.access.enums import Reach, SubjectKind
from virage.foundation.access.models import Subject
from virage.persons.models import Referent, Stay


def persons_reached_by(actor: Actor) -> QuerySet[Any, Any]:
    """Return the ids of the subjects of persons that the actor's membership reaches.

    A unit reaches its current stays; an establishment reaches its past stays too, because the
    office answers for closed records; a referent reaches the person between two dates.
    """
    persons = Subject.objects.filter(operator_id=actor.operator_id, kind=SubjectKind.PERSON)
    if actor.reach == Reach.OPERATOR:
        return persons.values("id")
    if actor.reach == Reach.NOBODY:
        return persons.none().values("id")
    day = timezone.localdate(actor.at)
    referred = Referent.objects.filter(
        Q(ends_on=None) | Q(ends_on__gte=day),
        professional=actor.professional_id,
        starts_on__lte=day,
    ).values("subject")
    return persons.filter(Q(id__in=_stays_reached_by(actor)) | Q(id__in=referred)).values("id")


def _stays_reached_by(actor: Actor) -> QuerySet[Any, Any]:
    stays = Stay.objects.filter(establishment=actor.establishment_id)
    if actor.reach == Reach.UNITS:
        stays = stays.open_at(actor.at).filter(unit__in=actor.unit_ids)
    return stays.values("subject")
