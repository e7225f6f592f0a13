"""« Qui a vu » tells each person the volets that were shown of her own record, and no other."""

import pytest
from django.test import Client
from django.urls import reverse

from tests.factories import drafts
from tests.factories.people import welcome
from tests.factories.town import Town, actor_of, sign_in
from virage.agenda.actions import plan_event
from virage.documents.actions import add_document
from virage.foundation.access.enums import Volet
from virage.foundation.journal.models import JournalLine
from virage.instruments.actions import freeze_evaluations
from virage.persons.actions import add_item
from virage.persons.models import Contact, Person
from virage.record.actions import write_note


def seen_of(person: Person) -> set[str]:
    """Return the volets of her record that somebody has read."""
    lines = JournalLine.objects.filter(subject_id=person.subject_id, event__is_write=False)
    return {volet for line in lines for volet in line.volets.split(",") if volet}


@pytest.mark.parametrize("kind", ["event", "evaluation"])
def test_a_linked_document_of_another_volet_is_said(
    kind: str, client: Client, town: Town, rose: Person
) -> None:
    alice = actor_of(town.alice)
    things = {
        "event": lambda: plan_event(alice, draft=drafts.event(rose)),
        "evaluation": lambda: freeze_evaluations(alice, drafts=[drafts.evaluation(rose)])[0],
    }
    thing = things[kind]()
    linked = {"volet": Volet.MEDICAL, "establishment_id": town.ehpad.pk, f"{kind}_id": thing.pk}
    add_document(actor_of(town.command_line), draft=drafts.document(rose, **linked))
    sign_in(client, town.alice)
    shown = client.get(reverse(f"record:{kind}", args=[rose.pk, thing.pk]))
    assert "Compte rendu de consultation" in shown.text
    assert seen_of(rose) == {"care", "medical"}


def test_the_home_page_says_to_each_person_what_was_shown_of_her(
    client: Client, town: Town, rose: Person
) -> None:
    jeanne = welcome(town, "Jeanne Petit", town.ehpad, town.unit_a)
    write_note(actor_of(town.aude), draft=drafts.note(rose))
    write_note(actor_of(town.aude), draft=drafts.note(jeanne, volet=Volet.SOCIO_EDUCATIVE))
    sign_in(client, town.alice)
    assert "Petit Jeanne" in client.get(reverse("directory:home")).text
    assert (seen_of(rose), seen_of(jeanne)) == ({"care"}, {"socio_educative"})


def test_who_sees_an_identity_alone_has_read_no_volet(
    client: Client, town: Town, rose: Person
) -> None:
    sign_in(client, town.aude)
    url = reverse("persons:identity", args=[rose.pk])
    assert client.get(url).status_code == 200
    assert seen_of(rose) == set()
    phone = {"system": "phone", "value": "01 99 00 12 34", "use": ""}
    near = Contact(family_name="Lambert", is_emergency_contact=True, telecoms=[phone])
    add_item(actor_of(town.sofia), person=rose, item=near)
    assert "Lambert" in client.get(url).text
    assert seen_of(rose) == {"administrative"}
