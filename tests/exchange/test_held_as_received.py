"""What a file says of an object is what is held of it, what its page shows and what goes out."""

from dataclasses import replace

from django.test import Client
from django.urls import reverse

from tests.exchange.rows import command_line_of
from tests.exchange.samples import file_of, person, receive, record
from tests.factories.town import Town, actor_of, sign_in
from virage.agenda.models import Event
from virage.documents.models import Document
from virage.exchange.queries.record_in_transit import record_in_transit
from virage.formats.tddui.record import BusinessIdentifier
from virage.foundation.journal.collector import collecting_reads
from virage.persons.models import Person


def test_the_few_words_that_no_form_asks_for(town: Town, client: Client) -> None:
    sample = record()
    sample.contacts[0] = replace(sample.contacts[0], description="Fâché avec la famille")
    sample.events[0] = replace(sample.events[0], was_confirmed_by_person=True)
    sample.documents[0] = replace(sample.documents[0], language="oc")
    receive(actor_of(town.sofia), file_of(sample))
    person_id, event = Person.objects.get().pk, Event.objects.get()
    assert Document.objects.get().language == "oc"
    sign_in(client, town.denis)
    assert "Fâché avec la famille" in page(client, "persons:surroundings", person_id)
    assert "Confirmé par la personne" in page(client, "record:event", person_id, event.pk)


def page(client: Client, name: str, *arguments: object) -> str:
    """Open a page and return its text."""
    return client.get(reverse(name, args=arguments)).content.decode()


def test_numbers_keep_the_rank_that_their_file_gives_them(town: Town) -> None:
    local = person().identifiers[0]
    mdph, former = (BusinessIdentifier(value=value, system="urn:x") for value in ("M7", "F3"))
    for numbers in ([local, former], [mdph, local, former]):
        receive(actor_of(town.sofia), file_of(record(person=person(identifiers=numbers))))
    held = Person.objects.get()
    with collecting_reads():
        sent = record_in_transit(command_line_of(held.operator), held.pk).person.identifiers
    assert [one.value for one in sent] == [local.value, "F3", "M7"]
