"""Condition (1) of access for persons: unit of a stay, establishment, operator, or referent."""

from typing import Any

from django.db.models import Q, QuerySet

from virage.foundation.access.actor import Actor
from virage.foundation.access.enums import Reach, SubjectKind
from virage.foundation.access.models import Subject
from virage.persons.models import Referent, Stay, StayQuerySet


def persons_reached_by(actor: Actor) -> QuerySet[Any, Any]:
    """Return the ids of the subjects of persons that the actor's membership reaches.

    A unit reaches its current stays, and those that begin within days; an establishment reaches
    all its stays, because the office admits and answers for closed records; a referent reaches the
    person between two dates.
    """
    if actor.reach == Reach.OPERATOR:
        persons = Subject.objects.filter(operator_id=actor.operator_id, kind=SubjectKind.PERSON)
        return persons.values("id")
    if actor.reach == Reach.NOBODY:
        return Subject.objects.none().values("id")
    return stays_reached_by(actor).values("subject").union(referring(actor).values("subject"))


def referring(actor: Actor) -> QuerySet[Referent]:
    """Return the roles of referent by which the actor reaches persons today."""
    day = actor.today
    return Referent.objects.filter(
        Q(ends_on=None) | Q(ends_on__gte=day),
        professional=actor.professional_id,
        starts_on__lte=day,
        subject__operator_id=actor.operator_id,
    )


def stays_reached_by(actor: Actor) -> StayQuerySet:
    """Return the stays by which a membership of some units or of an establishment reaches."""
    stays = Stay.objects.filter(operator=actor.operator_id, establishment=actor.establishment_id)
    if actor.reach == Reach.UNITS:
        stays = stays.open_to_unit_at(actor.at).filter(unit__in=actor.unit_ids)
    return stays
