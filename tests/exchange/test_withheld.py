"""An infected document, or one taken back, leaves by no door; what leaves says what is missing."""

import pytest
from django.test import Client
from django.urls import reverse

from tests.exchange.rows import receive_elsewhere
from tests.exchange.samples import file_of, receive
from tests.factories import drafts
from tests.factories.town import Town, actor_of, sign_in
from tests.formats.full_record import full_record
from virage.documents.actions import add_document, cancel_document, note_verdict, replace_document
from virage.documents.enums import Confidentiality
from virage.documents.models import Document
from virage.exchange.actions.exporting import export_record
from virage.exchange.models import Import, ReceivedItem
from virage.exchange.queries.imports import original_file
from virage.foundation.access.enums import Volet
from virage.foundation.errors import Refused
from virage.foundation.journal.collector import collecting_reads
from virage.foundation.storage import files
from virage.foundation.storage.antivirus import Verdict
from virage.persons.models import Person

WORM = Verdict(threat="Worm", signatures="1")
HARMFUL = b"%PDF-1.4 dangereux"


@pytest.fixture
def received(town: Town) -> Import:
    """A record with one document, which another software sent."""
    return receive(actor_of(town.command_line), file_of(full_record()), establishment=town.ehpad)


def add_infected(town: Town, person: Person) -> Document:
    added = add_document(
        actor_of(town.command_line),
        draft=drafts.document(
            person, title="Bilan", content=HARMFUL, establishment_id=town.ehpad.pk
        ),
    )
    note_verdict(actor_of(town.command_line), file=added, verdict=WORM)
    return added


def test_an_export_leaves_an_infected_document_and_names_it(town: Town, received: Import) -> None:
    person = Person.objects.get()
    add_infected(town, person)
    with collecting_reads():
        sent = export_record(actor_of(town.diane), person_id=person.pk)
    assert HARMFUL.hex() not in sent.hex() and b"JVBERi0xLjQgZGFuZ2VyZXV4" not in sent
    receive_elsewhere(sent)
    told = ReceivedItem.objects.get(title="Document non transmis\u00a0: Bilan")
    assert told.operator_id != person.operator_id
    assert "une menace" in told.content
    assert told.volet == Volet.CARE


def test_the_page_of_the_export_warns_of_it(town: Town, received: Import, client: Client) -> None:
    person = Person.objects.get()
    sign_in(client, town.diane)
    address = reverse("exchange:export", args=[person.pk])
    assert "infecté" not in client.get(address).text
    add_infected(town, person)
    assert "Un document infecté ne sort pas" in client.get(address).text


@pytest.mark.parametrize("why", ["infected", "infected before", "taken back"])
def test_the_original_file_stays_with_what_it_may_hold(
    why: str, town: Town, received: Import
) -> None:
    office, diane = actor_of(town.command_line), actor_of(town.diane)
    with collecting_reads():
        add_infected(town, Person.objects.get())
        assert original_file(diane, received.pk)[1] == files.get(received.digest)
    Document.objects.update(
        confidentiality=Confidentiality.NORMAL, author_id=office.professional_id
    )
    document = Document.objects.exclude(received_identifier="").get(title="Bilan de novembre")
    if why == "taken back":
        cancel_document(
            office, document_id=document.pk, expected_version=1, reason="mauvais dossier"
        )
    elif why == "infected":
        note_verdict(office, file=document, verdict=WORM)
    else:
        replace_document(office, document=document, expected_version=1, draft=drafts.version())
        note_verdict(office, file=document.former_versions.get(), verdict=WORM)
    with pytest.raises(Refused) as refused, collecting_reads():
        original_file(diane, received.pk)
    assert refused.value.condition == "withheld"
