"""« Gestes » of a professional: the journal searched by who did it, for the direction."""

from typing import Any

import pytest
from django.http import QueryDict
from django.test import Client
from django.urls import reverse

from tests.factories import drafts
from tests.factories.people import welcome
from tests.factories.town import Town, actor_of, sign_in
from virage.directory.models import Membership
from virage.foundation.errors import Refused
from virage.foundation.journal.collector import collecting_reads, saw
from virage.foundation.journal.models import JournalEvent
from virage.persons.actions import raise_restriction
from virage.persons.models import Person
from virage.persons.queries import open_record
from virage.record.actions import write_note
from virage.record.queries.acts import Act, acts_in_records


def asked_by(membership: Membership, of: Membership, is_write: bool | None = None) -> list[Act]:
    """Return the first page of the gestures of a professional."""
    with collecting_reads():
        page = acts_in_records(
            actor_of(membership), of.professional, QueryDict(), is_write=is_write
        )
    return list(page.rows)


def test_each_gesture_says_in_whose_record_what_and_why(town: Town, rose: Person) -> None:
    write_note(actor_of(town.alice), draft=drafts.note(rose))
    with collecting_reads():
        open_record(actor_of(town.alice, purpose="avis demandé"), rose.pk)
    read, written = asked_by(town.diane, town.alice)
    assert (list(read.people), read.gesture, read.purpose) == (
        [rose],
        "Identité vue",
        "avis demandé",
    )
    assert (written.gesture, written.volets) == ("Transmission écrite", "Soins")
    assert [one.gesture for one in asked_by(town.diane, town.alice, is_write=False)] == [
        "Identité vue"
    ]
    asked = JournalEvent.objects.filter(action="professional.acts").first()
    assert asked and asked.lines.get().subject_id == rose.subject_id


def test_of_a_list_the_first_records_are_named(town: Town) -> None:
    names = ("Rose", "Louise", "Jeanne", "Marthe", "Odile")
    people = [welcome(town, f"{one} Lambert", town.ehpad, town.unit_a) for one in names]
    with collecting_reads():
        saw(actor_of(town.alice), "person.list", [one.subject_id for one in people])
    (listed,) = asked_by(town.diane, town.alice)
    assert (len(listed.people), listed.others, listed.gesture) == (3, 2, "Vu dans une liste")


def test_records_out_of_reach_are_neither_named_nor_counted(
    town: Town, rose: Person, ines: Person
) -> None:
    with collecting_reads():
        saw(actor_of(town.gaspard), "person.list", [rose.subject_id, ines.subject_id])
    with collecting_reads():
        open_record(actor_of(town.gaspard), ines.pk)
    (listed,) = asked_by(town.diane, town.gaspard)
    assert (list(listed.people), listed.others) == ([rose], 0)
    raise_restriction(
        actor_of(town.gaspard), person=rose, professional=town.diane.professional, reason="Non."
    )
    assert not asked_by(town.diane, town.gaspard)


@pytest.mark.parametrize("who", ["alice", "denis", "sofia", "tom"])
def test_the_direction_alone_is_told(client: Client, town: Town, who: str) -> None:
    with pytest.raises(Refused):
        asked_by(getattr(town, who), town.basile)
    sign_in(client, getattr(town, who))
    url = reverse("record:acts", args=[town.basile.professional_id])
    card = client.get(reverse("directory:professional", args=[town.basile.professional_id]))
    assert url not in card.text and client.get(url).status_code == 403


def test_the_page_costs_the_same_for_many(
    client: Client, town: Town, rose: Person, queries: Any
) -> None:
    sign_in(client, town.diane)
    card = reverse("directory:professional", args=[town.alice.professional_id])
    url = reverse("record:acts", args=[town.alice.professional_id])
    assert url in client.get(card).text
    for count in (1, 30):
        for _ in range(count):
            write_note(actor_of(town.alice), draft=drafts.note(rose))
        with queries(at_most=12):
            page = client.get(url)
        assert "Transmission écrite" in page.text and "Lambert" in page.text
