"""Our own export read back: what was written here is recognised, and nothing is made twice."""

from dataclasses import replace

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from tests.exchange.rows import command_line_of, receive_elsewhere, send
from tests.exchange.samples import (
    NURSE,
    STRUCTURE,
    event,
    file_of,
    identifier,
    person,
    receive,
    record,
    stay,
    surroundings,
)
from tests.factories.town import Town, actor_of
from virage.agenda.actions import plan_events
from virage.agenda.enums import Traveller
from virage.agenda.models import Event
from virage.agenda.rules import EventDraft, TransportDraft
from virage.directory.models import Professional, ReceivedStructure
from virage.documents.actions import add_documents
from virage.documents.models import Document
from virage.documents.rules import DocumentDraft
from virage.exchange.enums import ImportState, LineLevel
from virage.exchange.models import ReceivedItem
from virage.formats.tddui.record import Telecom
from virage.foundation.access.enums import Volet
from virage.instruments.models import Evaluation
from virage.persons.actions import add_item
from virage.persons.models import Contact, LegalProtection, Person, Stay
from virage.record.actions import write_note
from virage.record.models import Note
from virage.record.rules import NoteDraft


@pytest.fixture
def written_in(town: Town) -> Person:
    """A record received with a local number, in which the team then writes."""
    receive(actor_of(town.sofia), file_of(record()), unit=town.unit_a)
    here = Person.objects.get()
    alice, current = actor_of(town.alice), here.stays.get()
    told = {
        "volet": Volet.CARE,
        "happened_at": timezone.now(),
        "is_published": True,
    }
    text = "A marché jusqu’au jardin."
    write_note(
        alice,
        draft=NoteDraft(subject_id=here.subject_id, text=text, stay_id=current.pk, **told),
    )
    journey = TransportDraft(traveller=Traveller.USAGER)
    plan_events(
        alice,
        drafts=[
            EventDraft(
                subject_ids=[here.subject_id],
                label="Sortie au marché",
                stay_id=current.pk,
                professional_ids=[alice.professional_id],
                transports=[journey],
                **told,
            )
        ],
    )
    outing = Event.objects.get(label="Sortie au marché")
    add_documents(
        alice,
        drafts=[
            DocumentDraft(
                subject_id=here.subject_id,
                title="Photo du marché",
                content=b"%PDF-1.4 sortie",
                content_type="application/pdf",
                event_id=outing.pk,
                **told,
            )
        ],
    )
    niece = Contact(family_name="Briand", given_name="Zoé")
    add_item(actor_of(town.sofia), person=here, item=niece)
    return here


def counts(who: Person) -> dict[str, int]:
    subject = who.subject
    return {
        "stays": who.stays.count(),
        "contacts": who.contacts.count(),
        "numbers": who.identifiers.count(),
        "protections": who.protections.count(),
        "coverages": who.coverages.count(),
        "events": Event.objects.filter(participations__subject=subject).distinct().count(),
        "evaluations": Evaluation.objects.filter(subject=subject).count(),
        "documents": Document.objects.filter(subject=subject).count(),
        "notes": Note.objects.filter(subject=subject).count(),
        "apart": ReceivedItem.objects.filter(subject=subject).count(),
        "professionals": Professional.objects.filter(operator=who.operator).count(),
    }


def read_back(who: Person, content: bytes) -> list[tuple[str, str]]:
    """Receive a file where it came from, which settles by itself; return what it brought."""
    home = who.stays.get().establishment
    back = receive(command_line_of(who.operator), content, establishment=home)
    assert (back.state, back.subject_id) == (ImportState.IMPORTED, who.subject_id)
    brought = back.lines.filter(level__in=[LineLevel.CREATED, LineLevel.KEPT])
    return list(brought.values_list("label", "code"))


def test_our_own_export_brings_nothing(written_in: Person) -> None:
    before = counts(written_in)
    assert (before["notes"], before["events"]) == (2, 2)
    for _ in range(2):
        assert read_back(written_in, send(written_in)) == []
    assert counts(written_in) == before


def test_what_comes_back_from_elsewhere_is_not_made_twice(written_in: Person) -> None:
    before = counts(written_in)
    there = receive_elsewhere(send(written_in), "Rez-de-jardin")
    read_back(written_in, send(there))
    # The other software knows an author without a national number under an id of its own.
    brought = {name for name, number in counts(written_in).items() if number != before[name]}
    assert brought == {"apart", "professionals"}


@pytest.mark.parametrize("claimed", ["VALI", "PROV"])
def test_our_own_claim_on_an_identity_is_no_news(written_in: Person, claimed: str) -> None:
    Person.objects.update(claimed_status=claimed)
    add_item(command_line_of(written_in.operator), person=written_in, item=LegalProtection(kind=""))
    before = counts(written_in)
    read_back(written_in, send(written_in))
    assert counts(written_in) == before


def test_the_number_that_we_gave_proves_a_person_entered_here(written_in: Person) -> None:
    written_in.identifiers.all().delete()
    before = counts(written_in)
    assert read_back(written_in, send(written_in)) == []
    after = counts(written_in)
    assert after.pop("numbers") == 1
    assert after == {name: number for name, number in before.items() if name != "numbers"}


def test_the_statements_of_an_import_do_not_follow_what_it_brings(town: Town) -> None:
    there = replace(STRUCTURE, key="1990000200", number="1990000200", name="IME La Clairière")

    def statements(number: int) -> int:
        """Count those of a file with this many events of another establishment of ours, stays,
        contacts and telephones, structures, and professionals with a number or all of one name.
        """
        named = [identifier("EVN", f"{number}x{rank}") for rank in range(number)]
        events = [
            replace(event(), key=one.value, identifier=one, structure=there.key, transports=[])
            for one in named
        ]
        stays = [
            replace(stay(), key=one.value, identifier=one)
            for one in (identifier("SEJOUR", f"{number}x{rank}") for rank in range(number))
        ]
        contacts = [
            replace(contact, key=f"urn:x:{number}:{rank}", identifier=None, given_name=f"{rank}")
            for contact in surroundings()["contacts"][:1]
            for rank in range(number)
        ]
        telecoms = [Telecom(system="phone", value=f"01 99 {number} {n}") for n in range(number)]
        structures = [replace(there, key=f"9{n}", number=f"9{n}") for n in range(number)]
        numbered = [replace(NURSE, key=f"8{n}", number=f"8{n}") for n in range(number)]
        martins = [
            replace(NURSE, key=f"urn:x:{n}", number="", family_name="Martin") for n in range(number)
        ]
        sample = record(
            person=person(telecoms=telecoms),
            structures=[STRUCTURE, there, *structures],
            professionals=[NURSE, *numbered, *martins],
            stays=stays,
            events=events,
            evaluations=[],
            contacts=contacts,
            protections=[],
        )
        with CaptureQueriesContext(connection) as asked:
            receive(
                actor_of(town.command_line),
                file_of(sample),
                establishment=town.ehpad,
                unit=town.unit_a,
            )
        return len(asked)

    statements(1)
    assert statements(2) == statements(12)
    assert Stay.objects.filter(received_identifier__contains="-SEJOUR-12x").count() == 12
    assert Event.objects.filter(establishment=town.ime).count() == 15
    strangers = Professional.objects.filter(is_external=True)
    assert strangers.filter(rpps__startswith="8").count() == 12
    assert strangers.filter(family_name="Martin").count() == 12
    assert ReceivedStructure.objects.filter(number__startswith="9").count() == 12
