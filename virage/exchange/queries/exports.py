"""What is known of the records that went out."""

from virage.foundation.access.actor import Actor
from virage.foundation.access.enums import Verb
from virage.foundation.access.verdict import require
from virage.foundation.journal.models import JournalEvent
from virage.foundation.journal.queries import accesses_to
from virage.persons.models import Person


def last_export(actor: Actor, person: Person) -> JournalEvent | None:
    """Return when a visible person's record last went out, and by whom; refused to who may not."""
    require(actor, Verb.EXPORT)
    line = accesses_to(person.subject_id).filter(event__action="record.export").first()
    return line.event if line else None
