"""What we hold of the objects that a file brings again, in the form in which they travel."""

from collections.abc import Collection
from dataclasses import replace

from virage.agenda.models import Event
from virage.documents.models import Document
from virage.exchange.queries.cast import Cast
from virage.exchange.queries.documents_in_transit import documents_in_transit, notes_in_transit
from virage.exchange.queries.items_in_transit import Composer
from virage.exchange.queries.keys import Keys, keys_for
from virage.exchange.queries.person_in_transit import (
    contacts_in_transit,
    coverages_in_transit,
    person_in_transit,
    protections_in_transit,
)
from virage.formats.tddui.record import Contact, Item
from virage.instruments.models import Evaluation
from virage.persons.models import Person
from virage.record.models import Note


def held_again(person: Person, keys: Collection[str]) -> dict[str, Item]:
    """Return by key the person, what surrounds her and the items received under these keys.

    For an import alone, which shows nothing of it: no actor, and all establishments.
    """
    maker, cast = keys_for(person, ""), Cast()
    composer = Composer(maker, cast)
    subject = person.subject_id
    events = Event.objects.filter(participations__subject=subject)
    evaluations = Evaluation.objects.filter(subject=subject)
    stay_keys = dict(person.stays.values_list("pk", "received_identifier"))
    event_keys = dict(events.values_list("pk", "received_identifier"))
    evaluation_keys = dict(evaluations.values_list("pk", "received_identifier"))
    again = {"received_identifier__in": keys}
    documents = Document.objects.filter(subject=subject, **again)
    notes = Note.objects.filter(subject=subject, **again)
    held: list[Item] = [
        # What goes out is the status that we claim; what came in is kept apart.
        replace(person_in_transit(person, maker), claimed_status=person.claimed_status),
        *composer.stays(person.stays.filter(**again)),
        *composer.events(events.filter(**again), stay_keys),
        *composer.evaluations(evaluations.filter(**again), stay_keys, event_keys),
        *documents_in_transit(documents, cast, event_keys, evaluation_keys),
        *notes_in_transit(notes, cast, stay_keys),
        *_contacts(person, maker),
        *protections_in_transit(person, maker),
        *coverages_in_transit(person),
    ]
    return {item.key: item for item in held}


def _contacts(person: Person, maker: Keys) -> list[Contact]:
    """Return the contacts with their links as they came: one may go out as another."""
    rows = person.contacts.order_by("id")
    return [
        replace(sent, relation=row.relation, protection_role=row.protection_role)
        for sent, row in zip(contacts_in_transit(person, maker), rows, strict=True)
    ]
