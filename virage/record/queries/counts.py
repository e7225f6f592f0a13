"""How many facts a volet holds, for the professions to which the matrix opens numbers alone."""

from datetime import timedelta
from typing import Any

from django.db.models import CharField, Count, Q, QuerySet, Value

from virage.agenda.models import Event
from virage.documents.models import Document
from virage.documents.queries import confided_to
from virage.foundation.access.actor import Actor
from virage.foundation.access.enums import Cell, Volet
from virage.foundation.access.predicates import items_in_reach_of
from virage.foundation.journal.collector import saw
from virage.instruments.models import Evaluation
from virage.persons.models import Person
from virage.record.enums import FactKind, NoteStatus
from virage.record.models import Note

LABELS = {
    FactKind.NOTE: "Transmissions",
    FactKind.EVENT: "Évènements",
    FactKind.EVALUATION: "Évaluations",
    FactKind.DOCUMENT: "Documents",
}


def fact_counts(actor: Actor, person: Person, volet: Volet) -> dict[str, int]:
    """Return how many facts of each kind a volet holds, by French label, journalled.

    Nothing unless the matrix opens the numbers of the volet. What is out of the actor's reach,
    closed to him or not confided to him is not counted, nor what was withdrawn. One SQL statement.
    """
    grant = next(
        (one for one in actor.grants(volet) if one.cell == Cell.COUNT),
        None,
    )
    if grant is None:
        return {}
    counted = Q(volet=volet)
    if grant.window_hours is not None:
        counted &= Q(recorded_at__gte=actor.at - timedelta(hours=grant.window_hours))
    parts = [_number(items.filter(counted), kind) for kind, items in _items(actor, person)]
    numbers = dict(parts[0].union(*parts[1:], all=True))
    saw(actor, "record.counts", [person.subject_id], [volet])
    return {label: numbers.get(kind, 0) for kind, label in LABELS.items()}


def _items(actor: Actor, person: Person) -> list[tuple[FactKind, QuerySet[Any]]]:
    reached, of_person = items_in_reach_of(actor), Q(subject=person.subject_id)
    taking_part = Q(participations__subject=person.subject_id)
    events = Event.objects.filter(items_in_reach_of(actor, "participations__subject"), taking_part)
    notes = Note.objects.filter(reached, of_person).exclude(status=NoteStatus.WITHDRAWN)
    documents = Document.objects.filter(reached, of_person, confided_to(actor), cancelled_at=None)
    return [
        (FactKind.NOTE, notes),
        (FactKind.EVENT, events),
        (FactKind.EVALUATION, Evaluation.objects.filter(reached, of_person)),
        (FactKind.DOCUMENT, documents),
    ]


def _number(items: QuerySet[Any], kind: FactKind) -> QuerySet[Any, Any]:
    named = items.order_by().values(kind=Value(kind.value, output_field=CharField()))
    numbers: QuerySet[Any, Any] = named.annotate(number=Count("pk")).values_list("kind", "number")
    return numbers
