"""What evaluations stand on: the documents attached to them that are no longer valid."""

from collections.abc import Collection
from datetime import date
from uuid import UUID

from virage.documents.queries import documents_of
from virage.foundation.access.actor import Actor
from virage.foundation.journal.collector import saw
from virage.persons.models import Person


def expired_evidence(
    actor: Actor, person: Person, evaluation_ids: Collection[UUID], action: str
) -> dict[UUID, date]:
    """Return until when the evidence of these evaluations was valid, of those where some no longer
    is, by evaluation; the first day where several are past. Journalled; one SQL statement.
    """
    past = documents_of(actor, person.subject_id).filter(
        evaluation_id__isnull=False, valid_until__lt=actor.today
    )
    documents = [one for one in past if one.evaluation_id in evaluation_ids]
    saw(actor, action, [person.subject_id], {one.volet for one in documents})
    expired: dict[UUID, date] = {}
    for one in documents:
        if one.evaluation_id and one.valid_until:
            first = expired.setdefault(one.evaluation_id, one.valid_until)
            expired[one.evaluation_id] = min(first, one.valid_until)
    return expired
