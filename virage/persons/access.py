"""Condition (1) of access for persons: unit of a stay, establishment, operator, or referent."""

from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet

from virage.foundation.access.actor import Actor
from virage.foundation.access.enums import Reach, SubjectKind
from virage.foundation.access.models import Subject
from virage.foundation.access.reach import NOTHING
from virage.persons.models import Referent, Stay, StayQuerySet, opens_to_unit_at


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
    return Stay.objects.filter(_reaches(actor))


def stay_is_reached(actor: Actor) -> Q:
    """Return the condition that `persons_reached_by` sets, on a stay, for a list of thousands: most
    are what reaches the person, and the others alone look elsewhere.
    """
    if actor.reach == Reach.NOBODY:
        return NOTHING
    by_another = stays_reached_by(actor).filter(subject=OuterRef("subject"))
    by_a_role = referring(actor).filter(subject=OuterRef("subject"))
    otherwise = Q(Exists(by_another)) | Q(Exists(by_a_role))
    return Q(operator=actor.operator_id) & (_reaches(actor) | otherwise)


def _reaches(actor: Actor) -> Q:
    stay = Q(operator=actor.operator_id, establishment=actor.establishment_id)
    if actor.reach == Reach.UNITS:
        stay &= Q(unit__in=actor.unit_ids) & opens_to_unit_at(actor.at)
    return stay
