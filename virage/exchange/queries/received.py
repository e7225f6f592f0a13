"""« Reçu, non repris »: what came in a file and has no field of ours yet."""

from typing import Any
from uuid import UUID

from django.db.models import Exists, OuterRef, Q, QuerySet

from virage.agenda.queries import events_of
from virage.documents.queries import documents_of
from virage.exchange.models import ReceivedItem
from virage.foundation.access.actor import Actor
from virage.foundation.access.predicates import items_visible_to
from virage.foundation.errors import Refused
from virage.foundation.journal.collector import saw
from virage.instruments.queries import evaluations_of
from virage.persons.models import Person
from virage.persons.queries import stays_visible_to
from virage.record.queries.notes import notes_visible_to, text_hidden_from


def received_items(actor: Actor, person: Person) -> QuerySet[ReceivedItem]:
    """Return what the actor may read of it for a person, by volet then in the file's order."""
    items = _read_by(actor).filter(subject=person.subject_id)
    volets = set(items.order_by().values_list("volet", flat=True).distinct())
    if volets:
        saw(actor, "received.list", [person.subject_id], volets)
    return items.select_related("of_import").order_by("volet", "id")


def find_received_item(actor: Actor, person: Person, item_id: UUID) -> ReceivedItem:
    """Return one of them; Refused, as not existing, for what the actor may not read."""
    items = _read_by(actor).filter(subject=person.subject_id)
    item = items.select_related("of_import").filter(pk=item_id).first()
    if item is None:
        raise Refused.hidden()
    saw(actor, "received.read", [person.subject_id], [item.volet])
    return item


def beside(*shown: QuerySet[Any]) -> Q:
    """Return the condition under which an item stands beside one of these rows, or beside nothing
    that may be closed to someone: what is shown beside an object tells of it.
    """
    condition = Q(owner_id=None)
    for rows in shown:
        condition |= Q(Exists(rows.filter(pk=OuterRef("owner_id"))))
    return condition


def _read_by(actor: Actor) -> QuerySet[ReceivedItem]:
    """Return what the actor reads, of all persons: as any item, and beside what he reads alone."""
    subject = OuterRef("subject")
    readable = beside(
        stays_visible_to(actor),
        events_of(actor, subject),
        evaluations_of(actor, subject),
        documents_of(actor, subject),
        notes_visible_to(actor).exclude(text_hidden_from(actor)),
    )
    return ReceivedItem.objects.filter(items_visible_to(actor), readable)
