"""What we hold of the objects that a file brings again, in the form in which they travel."""

from collections.abc import Collection, Mapping
from dataclasses import replace
from itertools import chain
from uuid import UUID

from django.db.models import Model

from virage.agenda.models import Event
from virage.directory.models import Establishment, Professional
from virage.documents.models import Document
from virage.exchange.queries.cast import Cast, professional_in_transit
from virage.exchange.queries.documents_in_transit import (
    documents_in_transit,
    in_order,
    notes_in_transit,
)
from virage.exchange.queries.items_in_transit import Composer
from virage.exchange.queries.keys import keys_for
from virage.exchange.queries.person_in_transit import (
    contacts_in_transit,
    coverages_in_transit,
    person_in_transit,
    protections_in_transit,
)
from virage.formats.tddui.record import EMPTY, Contact, Item
from virage.instruments.models import Evaluation
from virage.persons.models import Person, Stay
from virage.record.models import Note


def held_again(person: Person, ids: Collection[UUID], keys: Mapping[UUID, str]) -> dict[UUID, Item]:
    """Return by id the person, what surrounds her, those of her items that a file brings again, and
    the professionals that it names.

    `keys` are those of the file, under which our stays, events and evaluations are named. For an
    import alone, which shows nothing of it: no actor, and all establishments; bytes are known by
    their digest, and left where they are.
    """
    maker, cast = keys_for(person), Cast()
    composer = Composer(maker, cast)
    contacts = contacts_in_transit(person, maker, cast)
    again = {"pk__in": ids}
    of_subject = again | {"subject": person.subject_id}
    stays = person.stays.filter(**again)
    events = Event.objects.filter(participations__subject=person.subject_id, **again)
    evaluations = Evaluation.objects.filter(**of_subject)
    documents = in_order(Document.objects.filter(**of_subject))
    notes = Note.objects.filter(**of_subject)
    # What goes out is the status that we claim; what came in is kept apart.
    traits = replace(
        person_in_transit(person, maker, _unread), claimed_status=person.claimed_status
    )
    return {
        person.pk: traits,
        **{one.pk: professional_in_transit(one) for one in Professional.objects.filter(**again)},
        **composer.stays(stays),
        **composer.events(events, keys),
        **composer.evaluations(evaluations, keys, keys),
        **documents_in_transit(documents, cast, keys, keys, _unread),
        **notes_in_transit(notes, cast, keys),
        **{contact_id: _with_its_links(contact) for contact_id, contact in contacts.items()},
        **protections_in_transit(person, contacts),
        **coverages_in_transit(person),
    }


def _unread(_of: Document | str) -> bytes:
    return b""


def are_closed_to(establishment: Establishment, person: Person, ids: Collection[UUID]) -> bool:
    """Whether some of these stays and items are another establishment's, and not shared with it."""
    if person.subject.is_shared_between_establishments:
        return False
    models = (Stay, Event, Evaluation, Document, Note)
    held = (model._default_manager.filter(pk__in=ids) for model in models)
    return any(rows.exclude(establishment=establishment).exists() for rows in held)


def volets_held(ids: Collection[UUID]) -> dict[UUID, str]:
    """Return the volet of each of these that has one: events, evaluations, documents, notes."""
    kinds: tuple[type[Model], ...] = (Event, Evaluation, Document, Note)
    rows = (one._default_manager.filter(pk__in=ids).values_list("pk", "volet") for one in kinds)
    return dict(chain.from_iterable(rows))


def _with_its_links(contact: Contact) -> Contact:
    """Return a contact with its links as they came: it may go out as another."""
    if contact.held_relation == EMPTY:
        return contact
    return replace(contact, relation=contact.held_relation, protection_role=contact.held_role)
