"""Exporting a whole record: a right of its own, journalled as such."""

from dataclasses import replace
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from virage.exchange.queries.record_in_transit import record_in_transit
from virage.formats.tddui.to_fhir import build
from virage.foundation.access.actor import Actor
from virage.foundation.access.enums import Volet
from virage.foundation.journal.writing import record_writes
from virage.persons.models import Person


def export_record(actor: Actor, *, person_id: UUID, recipient: str = "") -> bytes:
    """Return the TDDUI 2.3.0 transaction Bundle of a person's record, as JSON.

    The journal keeps to whom it goes, for the person to know (GDPR, art. 15, 1, c).
    Refused without the export verb, or out of reach.
    """
    record = record_in_transit(actor, person_id)
    person = Person.objects.get(pk=person_id)
    if recipient:
        actor = replace(actor, purpose=f"Destinataire\u00a0: {recipient}")
    with transaction.atomic():
        volets = {person.subject_id: set(Volet.values)}
        record_writes(actor, "record.export", volets)
    return build(record, made_at=timezone.now())
