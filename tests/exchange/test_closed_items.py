"""An item closed to someone leaves in no file of hers, and comes back to her by no other door."""

import json
from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from django.utils import timezone

from tests.exchange.samples import document, file_of, note, receive, record
from tests.exchange.test_who_reads_what import read_by
from tests.factories.town import Town, actor_of
from virage.agenda.models import Event
from virage.directory.models import Membership
from virage.documents.enums import Confidentiality
from virage.documents.models import Document
from virage.exchange import actions
from virage.exchange.models import ReceivedItem
from virage.exchange.queries.reading import read_file
from virage.formats.fhir.names import CONFIDENTIALITY
from virage.formats.tddui.record import TransferRecord
from virage.foundation.access.enums import Volet
from virage.foundation.access.models import Restriction
from virage.foundation.coded import Coded
from virage.foundation.journal.collector import collecting_reads
from virage.instruments.models import Evaluation
from virage.persons.actions import lift_restriction, raise_restriction
from virage.persons.models import Person, Stay
from virage.record.actions import withdraw_note, write_note
from virage.record.models import Note
from virage.record.rules import NoteDraft

REASON = "Plainte contre la directrice"


@pytest.fixture
def odette(town: Town) -> Person:
    receive(actor_of(town.sofia), file_of(record()), unit=town.unit_a)
    return Person.objects.get()


def closed_to(town: Town, whom: Membership, item: object) -> Restriction:
    """Close an item of the one record to someone, as the direction of the operator."""
    return raise_restriction(
        actor_of(town.gaspard),
        person=Person.objects.get(),
        professional=whom.professional,
        item_id=item.pk,  # type: ignore[attr-defined]
        reason=REASON,
    )


def exported_by(membership: Membership) -> TransferRecord:
    with collecting_reads():
        content = actions.export_record(actor_of(membership), person_id=Person.objects.get().pk)
    return read_file(content).record


def told(sent: TransferRecord) -> list[str]:
    return [one.content for one in sent.leftovers if REASON in one.content]


def test_nobody_learns_from_an_export_what_is_closed_to_him(town: Town, odette: Person) -> None:
    restriction = closed_to(town, town.diane, Note.objects.get())
    by_diane = exported_by(town.diane)
    assert (by_diane.notes, told(by_diane)) == ([], [])
    by_gaspard = exported_by(town.gaspard)
    assert len(by_gaspard.notes) == len(told(by_gaspard)) == 1
    lift_restriction(actor_of(town.gaspard), restriction=restriction)
    by_diane = exported_by(town.diane)
    assert (len(by_diane.notes), told(by_diane)) == (1, [])


def test_nor_why_an_item_that_does_not_leave_is_closed_to_others(
    town: Town, odette: Person
) -> None:
    event = Event.objects.get()
    closed_to(town, town.alice, event)
    assert told(exported_by(town.diane))
    closed_to(town, town.diane, event)
    assert not told(exported_by(town.diane))


def test_a_stay_closed_to_the_exporter_does_not_leave(town: Town, odette: Person) -> None:
    closed_to(town, town.diane, odette.stays.get())
    sent = exported_by(town.diane)
    assert sent.stays == []
    assert [one.stay for one in sent.events] == [""]
    assert len(exported_by(town.gaspard).stays) == 1


def test_our_own_decisions_come_back_as_known(town: Town, odette: Person) -> None:
    closed_to(town, town.diane, Note.objects.get())
    with collecting_reads():
        ours = actions.export_record(actor_of(town.gaspard), person_id=odette.pk)
    receive(actor_of(town.sofia), ours, unit=town.unit_a)
    assert not ReceivedItem.objects.filter(content__contains=REASON).exists()


def otherwise() -> bytes:
    """Return the file of the record, in which every item that may be closed says otherwise."""
    sample = record()
    sample.stays[0] = replace(sample.stays[0], exited_on=date(2026, 2, 28))
    journey = replace(sample.events[0].transports[0], planned_minutes=40)
    sample.events[0] = replace(sample.events[0], report="Secret", transports=[journey])
    sample.evaluations[0] = replace(sample.evaluations[0], comment="Secret")
    sample.documents[0] = replace(sample.documents[0], title="Secret")
    sample.notes[0] = replace(sample.notes[0], text="Secret")
    return with_parts(file_of(sample))


def with_parts(content: bytes) -> bytes:
    """Return a Bundle in which the journey and the document have a part without field."""
    bundle: dict[str, Any] = json.loads(content)
    for entry in bundle["entry"]:
        resource = entry["resource"]
        if resource["resourceType"] == "Task":
            resource["note"] = [{"text": "Secret"}]
        elif resource.get("masterIdentifier", {}).get("value") == document().key:
            resource["description"] = "Secret"
    return json.dumps(bundle).encode()


@pytest.mark.parametrize(
    ("kind", "beside"),
    [
        (Stay, {"Séjour\u00a0: reçu autrement"}),
        (Event, {"Évènement\u00a0: reçu autrement", "Action\u00a0: note"}),
        (Evaluation, {"Évaluation\u00a0: reçu autrement"}),
        (Document, {"Document\u00a0: reçu autrement", "Document\u00a0: description"}),
        (Note, {"Transmission\u00a0: reçu autrement"}),
    ],
)
def test_what_stands_beside_an_item_is_closed_with_it(
    town: Town, odette: Person, kind: Any, beside: set[str]
) -> None:
    receive(actor_of(town.sofia), otherwise(), unit=town.unit_a)
    everyone = (town.alice, town.denis, town.sofia)
    before = {who.pk: read_by(who) for who in everyone}
    assert beside <= set().union(*before.values())
    for who in (*everyone, town.diane):
        closed_to(town, who, kind.objects.get())
    for who in everyone:
        assert read_by(who) == before[who.pk] - beside
    leaving = {one.title for one in exported_by(town.diane).leftovers}
    assert not beside & leaving
    assert beside <= {one.title for one in exported_by(town.gaspard).leftovers}


def test_what_stands_beside_a_very_restricted_document_is_confided_as_it_is(town: Town) -> None:
    level = Coded(CONFIDENTIALITY, Confidentiality.VERY_RESTRICTED)
    sample = record(documents=[replace(document(), confidentiality=level)])
    receive(actor_of(town.sofia), with_parts(file_of(sample)), unit=town.unit_a)
    assert "Document\u00a0: description" in read_by(town.denis)
    assert "Document\u00a0: description" not in read_by(town.alice)


def test_another_text_of_a_withdrawn_transmission_is_for_its_author(
    town: Town, odette: Person
) -> None:
    draft = NoteDraft(
        subject_id=odette.subject_id,
        volet=Volet.CARE,
        text="Sérologie faite.",
        happened_at=timezone.now(),
    )
    slip = write_note(actor_of(town.alice), draft=draft)
    withdraw_note(actor_of(town.alice), note_id=slip.pk, reason="Mauvaise personne")
    another = replace(note(), key=slip.pk.urn, text="Sérologie positive.")
    receive(actor_of(town.sofia), file_of(record(notes=[another])), unit=town.unit_a)
    title = "Transmission\u00a0: reçu autrement"
    assert title in read_by(town.alice)
    assert title not in read_by(town.aude) | read_by(town.denis)
