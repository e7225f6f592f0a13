"""What is known of the records that went out."""

from django.conf import settings

from virage.exchange.queries.record_in_transit import documents_in_reach
from virage.exchange.rules.arrival import REAL_INS
from virage.foundation.access.actor import Actor
from virage.foundation.access.enums import Verb
from virage.foundation.access.verdict import require
from virage.foundation.journal.models import JournalEvent
from virage.foundation.journal.queries import accesses_to
from virage.persons.enums import PRODUCTION_OIDS
from virage.persons.models import Person


def keeps_real_ins(person: Person) -> bool:
    """Whether an INS of this person stays here: a demonstration sends no real one."""
    if not settings.IS_DEMO:
        return False
    is_hers = person.ins_oid in PRODUCTION_OIDS
    return is_hers or person.identifiers.filter(system__in=REAL_INS).exists()


def count_infected(actor: Actor, person: Person) -> int:
    """Return how many documents an export leaves here, for what the antivirus found in them."""
    return documents_in_reach(actor, person.subject_id).exclude(threat="").count()


def last_export(actor: Actor, person: Person) -> JournalEvent | None:
    """Return when a visible person's record last went out, and by whom; refused to who may not."""
    require(actor, Verb.EXPORT)
    line = accesses_to(person.subject_id).filter(event__action="record.export").first()
    return line.event if line else None
