"""« Reçu, non repris »: what came in a file and has no field of ours yet."""

from uuid import UUID

from django.db.models import Exists, OuterRef, Q, QuerySet

from virage.documents.models import Document
from virage.documents.queries import confided_to
from virage.exchange.models import ReceivedItem
from virage.foundation.access.actor import Actor
from virage.foundation.access.predicates import items_visible_to
from virage.foundation.errors import Refused
from virage.foundation.journal.collector import saw
from virage.persons.models import Person
from virage.record.models import Note
from virage.record.queries.notes import text_hidden_from

# The columns of a `ReceivedItem` that name what a restriction closes it with.
ITSELF_AND_OWNER = ("pk", "owner_id")


def received_visible_to(actor: Actor) -> QuerySet[ReceivedItem]:
    """Return what the actor reads of it, of all persons; unordered.

    What stands beside an object of ours is closed with it: by a restriction, as a document is
    confided to few or taken
    back, as the text of a withdrawn transmission is hidden.
    """
    hidden = ~confided_to(actor) | Q(cancelled_at__isnull=False)
    beside = {"pk": OuterRef("owner_id")}
    return ReceivedItem.objects.filter(
        items_visible_to(actor, closed_with=ITSELF_AND_OWNER),
        ~Exists(Document.objects.filter(hidden, **beside)),
        ~Exists(Note.objects.filter(text_hidden_from(actor), **beside)),
    )


def received_items(actor: Actor, person: Person) -> QuerySet[ReceivedItem]:
    """Return what the actor may read of it for a person, by volet then in the file's order."""
    items = received_visible_to(actor).filter(subject=person.subject_id)
    volets = set(items.order_by().values_list("volet", flat=True).distinct())
    if volets:
        saw(actor, "received.list", [person.subject_id], volets)
    return items.select_related("of_import").order_by("volet", "id")


def find_received_item(actor: Actor, person: Person, item_id: UUID) -> ReceivedItem:
    """Return one of them; Refused, as not existing, for what the actor may not read."""
    items = received_visible_to(actor).filter(subject=person.subject_id)
    item = items.select_related("of_import").filter(pk=item_id).first()
    if item is None:
        raise Refused.hidden()
    saw(actor, "received.read", [person.subject_id], [item.volet])
    return item
