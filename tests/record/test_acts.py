"""« Gestes » of a professional: the journal searched by who did it, for the direction."""

from datetime import timedelta
from typing import Any

import pytest
from django.http import QueryDict
from django.test import Client
from django.urls import reverse

from tests.factories import drafts
from tests.factories.people import welcome
from tests.factories.town import Town, actor_of, sign_in
from virage.directory.models import Membership
from virage.foundation.calendar import midnight
from virage.foundation.errors import Refused
from virage.foundation.journal.collector import collecting_reads, saw
from virage.foundation.journal.models import JournalEvent
from virage.persons.actions import raise_restriction
from virage.persons.models import Person
from virage.persons.queries import open_record
from virage.record.actions import write_note
from virage.record.queries.acts import Act, ActFilter, acts_in_records

EVERYTHING = ActFilter()


def asked_by(membership: Membership, of: Membership, wanted: ActFilter = EVERYTHING) -> list[Act]:
    """Return the first page of the gestures of a professional."""
    with collecting_reads():
        page = acts_in_records(actor_of(membership), of.professional, QueryDict(), wanted)
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
    readings = asked_by(town.diane, town.alice, ActFilter(is_write=False))
    assert [one.gesture for one in readings] == ["Identité vue"]
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


def test_the_last_month_is_told_until_another_period_is_asked(
    client: Client, town: Town, rose: Person
) -> None:
    today = actor_of(town.alice).today
    for days in (0, 30, 31):
        note = write_note(actor_of(town.alice), draft=drafts.note(rose))
        written = JournalEvent.objects.filter(target_id=note.pk)
        written.update(at=midnight(today - timedelta(days=days)))
    sign_in(client, town.diane)
    url = reverse("record:acts", args=[town.alice.professional_id])

    def told(**asked: str) -> int:
        return client.get(url, asked).text.count("Transmission écrite")

    days_ago = [f"{today - timedelta(days=days)}" for days in (0, 30, 31)]
    assert told() == told(gesture="write") == 2
    assert told(since="") == told(since="a") == 3
    assert told(since=days_ago[2], until=days_ago[1]) == 2
    assert told(since="", until=days_ago[2]) == 1


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
