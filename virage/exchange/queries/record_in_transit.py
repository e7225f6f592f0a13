"""A whole record, as it goes out: the one read behind every export."""

from collections.abc import Mapping
from dataclasses import replace
from typing import TypeVar
from uuid import UUID

from django.conf import settings
from django.db.models import Exists, OuterRef, Q, QuerySet

from virage.agenda.models import Event
from virage.documents.models import Document
from virage.exchange.models import ReceivedItem
from virage.exchange.queries.cast import Cast
from virage.exchange.queries.documents_in_transit import (
    documents_in_transit,
    in_order,
    infected_in_transit,
    leftovers_in_transit,
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
from virage.exchange.queries.received import ITSELF_AND_OWNER
from virage.exchange.queries.restrictions_in_transit import restrictions_in_transit
from virage.exchange.rules.arrival import REAL_INS
from virage.formats.tddui import record as transit
from virage.formats.tddui.record import Item, TransferRecord
from virage.foundation.access.actor import Actor
from virage.foundation.access.enums import Verb, Volet
from virage.foundation.access.predicates import items_in_reach_of
from virage.foundation.access.verdict import require
from virage.foundation.journal.collector import saw
from virage.instruments.models import Evaluation
from virage.persons.models import Person, Stay
from virage.persons.queries import find_person, stays_visible_to
from virage.record.models import Note

Sent = TypeVar("Sent", bound=Item)


def record_in_transit(actor: Actor, person_id: UUID) -> TransferRecord:
    """Return everything that the actor's establishment holds of a person.

    Refused without the export verb, or out of reach. Objections, restrictions and the partition
    between establishments apply; volets do not: exporting a record is a right on the whole of it.
    """
    person = _exportable(actor, person_id)
    saw(actor, "exchange.export", [person.subject_id], Volet.values)
    stays = stays_visible_to(actor).filter(person=person)
    first = stays.select_related("establishment").order_by("id").first()
    keys = keys_for(person)
    cast = Cast()
    contacts = contacts_in_transit(person, keys, cast)
    record = TransferRecord(
        person=_without_real_ins(person_in_transit(person, keys)),
        contacts=list(contacts.values()),
        protections=list(protections_in_transit(person, contacts).values()),
        coverages=list(coverages_in_transit(person).values()),
        sender_structure=cast.establishment(first.establishment) if first else "",
    )
    _add_items(record, actor, person, stays, Composer(keys, cast))
    record.structures = list(cast.structures.values())
    record.professionals = list(cast.professionals.values())
    return record


def _without_real_ins(person: transit.Person) -> transit.Person:
    """Return an identity as it may leave: a demonstration, all invented, sends no real INS."""
    if not settings.IS_DEMO:
        return person
    sent = [one for one in person.identifiers if one.system not in REAL_INS]
    return replace(person, identifiers=sent)


def _add_items(
    record: TransferRecord,
    actor: Actor,
    person: Person,
    stays: QuerySet[Stay],
    composer: Composer,
) -> None:
    """Add what the record holds, each kind after those that it refers to."""
    subject = person.subject_id
    events = Event.objects.filter(
        items_in_reach_of(actor, "participations__subject"), participations__subject=subject
    )
    evaluations = Evaluation.objects.filter(items_in_reach_of(actor), subject=subject)
    documents = in_order(documents_in_reach(actor, subject))
    sent = [one for one in documents if not one.threat]
    notes = Note.objects.filter(items_in_reach_of(actor), subject=subject)
    reached = items_in_reach_of(actor, closed_with=ITSELF_AND_OWNER)
    withheld = Document.objects.filter(Q(cancelled_at__isnull=False) | ~Q(threat=""))
    beside_withheld = withheld.filter(subject=subject, pk=OuterRef("owner_id"))
    received = ReceivedItem.objects.filter(reached, ~Exists(beside_withheld), subject=subject)
    stay_keys = _list(record.stays, composer.stays(stays))
    event_keys = _list(record.events, composer.events(events, stay_keys))
    evaluation_keys = _list(
        record.evaluations, composer.evaluations(evaluations, stay_keys, event_keys)
    )
    keys = stay_keys | event_keys | evaluation_keys
    keys |= _list(
        record.documents,
        documents_in_transit(sent, composer.cast, event_keys, evaluation_keys),
    )
    keys |= _list(record.notes, notes_in_transit(notes, composer.cast, stay_keys))
    keys |= _list(record.leftovers, leftovers_in_transit(received))
    record.leftovers += infected_in_transit(one for one in documents if one.threat)
    record.leftovers += restrictions_in_transit(actor, person, keys)


def documents_in_reach(actor: Actor, subject_id: UUID) -> QuerySet[Document]:
    """Return the documents of a record that an export is about, the infected ones among them."""
    held = Document.objects.filter(subject=subject_id, cancelled_at=None)
    return held.filter(items_in_reach_of(actor))


def _exportable(actor: Actor, person_id: UUID) -> Person:
    """Return a person whose record the actor may export; refused otherwise."""
    person = find_person(actor, person_id)
    require(actor, Verb.EXPORT, person.subject)
    return person


def _list(listed: list[Sent], items: Mapping[UUID, Sent]) -> dict[UUID, str]:
    """List items in a record; return by id the key under which each goes out."""
    listed += items.values()
    return {item_id: item.key for item_id, item in items.items()}
