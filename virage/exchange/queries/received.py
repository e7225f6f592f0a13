"""« Reçu, non repris »: what came in a file and has no field of ours yet."""

from uuid import UUID

from django.db.models import QuerySet

from virage.exchange.models import ReceivedItem
from virage.foundation.access.actor import Actor
from virage.foundation.access.predicates import items_visible_to
from virage.foundation.errors import Refused
from virage.foundation.journal.collector import saw
from virage.persons.models import Person


def received_items(actor: Actor, person: Person) -> QuerySet[ReceivedItem]:
    """Return what the actor may read of it for a person, by volet then in the file's order."""
    items = ReceivedItem.objects.filter(items_visible_to(actor), subject=person.subject_id)
    volets = set(items.order_by().values_list("volet", flat=True).distinct())
    if volets:
        saw(actor, "received.list", [person.subject_id], volets)
    return items.select_related("of_import").order_by("volet", "id")


def find_received_item(actor: Actor, person: Person, item_id: UUID) -> ReceivedItem:
    """Return one of them; Refused, as not existing, for what the actor may not read."""
    items = ReceivedItem.objects.filter(items_visible_to(actor), subject=person.subject_id)
    item = items.select_related("of_import").filter(pk=item_id).first()
    if item is None:
        raise Refused("hidden", "Cet élément n’existe pas.", is_hidden=True)
    saw(actor, "received.read", [person.subject_id], [item.volet])
    return item
