"""Placing a whole record, in the caller's transaction."""

from django.db import transaction

from virage.exchange.actions.placing.context import Placing
from virage.exchange.actions.placing.identity import place_person
from virage.exchange.actions.placing.items import is_portrait, place_items
from virage.exchange.models import Import, ImportLine
from virage.formats.tddui.record import Reading
from virage.foundation.access.actor import Actor
from virage.persons import actions
from virage.persons.models import Person


@transaction.atomic
def place_record(
    actor: Actor, received: Import, reading: Reading, person: Person | None
) -> tuple[Person, list[ImportLine]]:
    """Write a record received in a person's, or in a new one; return the person and the report.

    Each object of the file is recognised by its business identifier: a second file adds only what
    is new. Refused without the import verb.
    """
    placing = Placing(
        actor=actor,
        establishment=received.establishment,
        unit=received.unit,
        record=reading.record,
    )
    placing.place_cast()
    person = place_person(placing, person)
    place_items(placing, person.subject_id, received)
    received_person = reading.record.person
    if is_portrait(placing) and received_person.photo_consent_on and not person.photo_digest:
        actions.set_photo(
            actor,
            person=person,
            content=received_person.photo,
            consent_on=received_person.photo_consent_on,
            is_received=True,
        )
    return person, placing.lines
