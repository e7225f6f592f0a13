"""A number names one object in its registry: the same number of another registry is another's."""

import json
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest
from django.db.models import QuerySet

from tests.exchange.rows import receive_elsewhere, send
from tests.exchange.samples import document, event, file_of, receive, record
from tests.factories.town import Town, actor_of
from virage.agenda.models import Event
from virage.documents.models import Document
from virage.exchange.models import ReceivedItem
from virage.formats.tddui.record import BusinessIdentifier, Contact, TransferRecord
from virage.persons.models import Person

HERE, THERE = "urn:oid:1.2.3", "urn:oid:9.9.9"
SOME_DAY = datetime(2026, 2, 20, 9, tzinfo=UTC)


def numbered(system: str) -> bytes:
    """Return a file whose event, document and contact have the number 17 of this registry."""
    number = BusinessIdentifier(value="17", system=system)
    fall = replace(
        event(), key="17", identifier=number, label=f"Chute {system}", starts_at=SOME_DAY
    )
    letter = replace(document(), key="doc", identifier=number, content=f"%PDF {system}".encode())
    events = [replace(fall, transports=[])]
    niece = Contact(key="niece", identifier=number, family_name="Roux")
    return without_complement(
        record(events=events, documents=[letter], contacts=[niece], evaluations=[])
    )


def without_complement(sample: TransferRecord) -> bytes:
    """Return the Bundle of a record as another software writes it."""
    bundle = json.loads(file_of(sample))
    bundle["entry"] = [one for one in bundle["entry"] if "virage-complement" not in json.dumps(one)]
    return json.dumps(bundle).encode()


@pytest.mark.parametrize(
    ("second", "events"), [(HERE, 1), (THERE, 2), ("", 1)], ids=("same", "other", "none said")
)
def test_a_number_is_compared_with_its_registry(town: Town, second: str, events: int) -> None:
    receive(actor_of(town.sofia), numbered(HERE), unit=town.unit_a)
    receive(actor_of(town.sofia), numbered(second), unit=town.unit_a)
    assert Event.objects.count() == events
    # Other bytes make one more document in any case.
    assert Document.objects.count() == (1 if second == HERE else 2)


def test_documents_under_one_number_are_known_by_their_bytes(town: Town) -> None:
    number = document().identifier
    letters = [
        replace(document(), key=f"d{rank}", identifier=number, content=f"%PDF {rank}".encode())
        for rank in range(3)
    ]
    content = without_complement(record(documents=letters))
    for _ in range(2):
        receive(actor_of(town.sofia), content + b"\n" * Document.objects.count(), unit=town.unit_a)
        assert Document.objects.count() == 3


def test_one_number_in_two_registries_goes_out_and_comes_back(town: Town) -> None:
    for system in (HERE, THERE):
        receive(actor_of(town.sofia), numbered(system), unit=town.unit_a)
    here = Person.objects.get()
    sent = send(here)
    there = receive_elsewhere(sent, "Rez-de-jardin")
    receive(actor_of(town.sofia), send(there), unit=town.unit_a)
    for record_of in (here, there):
        assert held_by(Event.objects.filter(participations__subject=record_of.subject_id))
        assert held_by(Document.objects.filter(subject=record_of.subject_id))
    assert not ReceivedItem.objects.filter(subject=here.subject_id, kind="differing").exists()


def held_by(rows: QuerySet[Any]) -> bool:
    """Whether there is one object for each registry, under the same number."""
    numbers = rows.values_list("received_identifier", "received_system").order_by("received_system")
    return list(numbers) == [("17", HERE), ("17", THERE)]


def test_a_registry_that_changed_its_name_is_the_same(town: Town) -> None:
    for host in ("cnsa.fr", "esante.gouv.fr"):
        content = numbered(f"https://identifiant-medicosocial-evenement.{host}")
        receive(actor_of(town.sofia), content, unit=town.unit_a)
    assert Event.objects.count() == 1


def related(*names: str) -> bytes:
    """Return a file whose contacts share one number, as when a household has one."""
    number = BusinessIdentifier(value="F17", system=HERE)
    contacts = [
        Contact(key=f"urn:uuid:{name}", identifier=number, family_name=name) for name in names
    ]
    return without_complement(record(contacts=contacts))


def test_contacts_who_share_a_number_are_told_apart_by_their_names(town: Town) -> None:
    for names in (("Pere", "Mere"), ("Mere", "Pere")):
        receive(actor_of(town.sofia), related(*names), unit=town.unit_a)
    contacts = Person.objects.get().contacts.order_by("family_name")
    held = contacts.values_list("family_name", "received_identifier", "received_system")
    assert list(held) == [("Mere", "F17", HERE), ("Pere", "F17", HERE)]
    assert not ReceivedItem.objects.filter(kind="differing").exists()


def test_the_name_of_who_alone_has_a_number_may_have_been_corrected(town: Town) -> None:
    for name in ("Roux", "Roux-Dupont"):
        receive(actor_of(town.sofia), related(name), unit=town.unit_a)
    assert Person.objects.get().contacts.get().family_name == "Roux"
    assert ReceivedItem.objects.get(kind="differing").title == "Contact\u00a0: reçu autrement"
