"""Placing a whole record, in the caller's transaction."""

from django.db import transaction

from virage.exchange.actions.placing.context import Placing
from virage.exchange.actions.placing.differences import differences
from virage.exchange.actions.placing.documents import place_documents
from virage.exchange.actions.placing.identity import place_person
from virage.exchange.actions.placing.items import place_items
from virage.exchange.actions.placing.leftovers import place_leftovers
from virage.exchange.actions.placing.surroundings import place_surroundings
from virage.exchange.enums import LineLevel
from virage.exchange.models import Import, ImportLine
from virage.exchange.queries.held import are_closed_to
from virage.exchange.rules.shelving import shelves_of
from virage.formats.tddui.record import Reading
from virage.foundation.access.actor import Actor
from virage.persons.actions import mark_sensitive
from virage.persons.models import Person
from virage.persons.rules.photo import Portrait


@transaction.atomic
def place_record(
    actor: Actor,
    received: Import,
    reading: Reading,
    person: Person | None,
    photo: Portrait | None,
) -> tuple[Person, list[ImportLine]]:
    """Write a record received in a person's, or in a new one; return the person and the report.

    Each object of the file is recognised by its business identifier: a second file adds only what
    is new, and what it says otherwise of what we hold is kept apart. Refused without the import
    verb.
    """
    placing = Placing(
        actor=actor,
        establishment=received.establishment,
        unit=received.unit,
        record=reading.record,
    )
    placing.place_cast()
    person = place_person(placing, person)
    place_surroundings(placing, person)
    place_items(placing, person.subject_id)
    shelves = shelves_of(reading.record)
    place_documents(placing, person, shelves, photo)
    leftovers = [*reading.record.leftovers, *placing.apart, *differences(placing, person)]
    place_leftovers(placing, person, received, leftovers, shelves)
    if reading.record.person.is_sensitive and not person.subject.is_sensitive:
        mark_sensitive(actor, person=person, is_sensitive=True, is_received=True)
        placing.report(LineLevel.CREATED, "Marque « dossier sensible »", reading.record.person.path)
    if are_closed_to(placing.establishment, person, {our_id for _, our_id in placing.again}):
        placing.report(LineLevel.WARNING, "", "", "held_elsewhere")
    return person, placing.lines
