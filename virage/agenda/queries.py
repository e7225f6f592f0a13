"""Reading the agenda."""

from uuid import UUID

from django.db.models import Q, QuerySet

from virage.agenda.models import Event, Participation
from virage.foundation.access.actor import Actor
from virage.foundation.access.predicates import (
    items_in_reach_of,
    items_visible_to,
    subjects_known_to,
)
from virage.foundation.access.writing import change_refusal
from virage.foundation.errors import Refused


def events_of(actor: Actor, subject_id: UUID) -> QuerySet[Event]:
    """Return the events of one subject that the actor reads; unordered."""
    return Event.objects.filter(
        items_visible_to(actor, "participations__subject"), participations__subject=subject_id
    )


def participations_in(actor: Actor, subject_id: UUID, event_id: UUID) -> QuerySet[Participation]:
    """Return who takes part in an event of one subject, the event joined to each, in their order.

    Nothing when the actor does not read the event. Of a common event, the other subjects are
    given only if he may know of them.
    """
    known = Q(professional__isnull=False) | subjects_known_to(actor)
    events = events_of(actor, subject_id).filter(pk=event_id)
    return (
        Participation.objects.filter(known, event__in=events)
        .select_related("event__establishment", "event__received_structure", "professional")
        .order_by("position", "id")
    )


def refusal_to_report(actor: Actor, event: Event) -> Refused | None:
    """Return why the actor may not say what became of an event that he reads, or None."""
    in_reach = Event.objects.filter(
        items_in_reach_of(actor, "participations__subject"), pk=event.pk
    )
    return change_refusal(
        actor, volet=event.volet, establishment_id=event.establishment_id, in_reach=in_reach
    )
