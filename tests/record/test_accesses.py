"""« Qui a vu »: who may ask, and what the answer says."""

import pytest
from django.http import QueryDict
from django.test import Client
from django.urls import reverse

from tests.factories import drafts
from tests.factories.town import Town, actor_of, sign_in
from virage.directory.models import Membership
from virage.exchange.actions import export_record
from virage.foundation.errors import Refused
from virage.foundation.journal.collector import collecting_reads
from virage.foundation.journal.models import JournalEvent
from virage.persons.actions import (
    share_between_establishments,
    stop_sharing_between_establishments,
)
from virage.persons.models import Person
from virage.persons.queries import open_record
from virage.record.actions import write_note
from virage.record.queries.accesses import Access, accesses_of


def asked_by(membership: Membership, person: Person, is_write: bool | None = None) -> list[Access]:
    """Return the first page of accesses."""
    with collecting_reads():
        page = accesses_of(actor_of(membership), person, QueryDict(), is_write=is_write)
    return list(page.rows)


def test_each_gesture_says_who_as_what_when_where_and_why(town: Town, rose: Person) -> None:
    write_note(actor_of(town.alice), draft=drafts.note(rose))
    with collecting_reads():
        open_record(actor_of(town.denis, purpose="avis demandé"), rose.pk)
    read, written, *_ = asked_by(town.diane, rose)
    assert (read.name, read.profession, read.gesture) == ("Denis Fabre", "Médecin", "Identité vue")
    assert (read.purpose, read.is_write) == ("avis demandé", False)
    assert (written.name, written.gesture) == ("Alice Martel", "Transmission écrite")
    assert (written.volets, written.is_write) == ("Soins", True)


def test_asking_is_itself_seen_the_next_time(town: Town, rose: Person) -> None:
    assert all(access.name != "Diane Perrin" for access in asked_by(town.diane, rose))
    assert asked_by(town.diane, rose)[0].name == "Diane Perrin"


def test_readings_and_writings_are_told_apart(town: Town, rose: Person) -> None:
    asked_by(town.diane, rose)
    assert {access.is_write for access in asked_by(town.diane, rose, is_write=True)} == {True}
    assert {access.is_write for access in asked_by(town.diane, rose, is_write=False)} == {False}


def test_an_exchange_and_a_sharing_are_told_apart(client: Client, town: Town, rose: Person) -> None:
    """Two acts of the law: to someone in particular, or made available (CSP L1110-4)."""
    gaspard = actor_of(town.gaspard)
    share_between_establishments(gaspard, person=rose, agreed_on=gaspard.today)
    stop_sharing_between_establishments(gaspard, person=rose)
    with collecting_reads():
        export_record(gaspard, person_id=rose.pk)
    written = [one.gesture for one in asked_by(town.diane, rose, is_write=True)][:3]
    sign_in(client, town.diane)
    file = client.get(reverse("record:accesses_file", args=[rose.pk])).content.decode()
    assert [gesture.split("\u00a0:")[0] for gesture in written] == ["Échange", "Partage", "Partage"]
    assert all(gesture in file for gesture in written)


def test_who_does_not_read_the_administrative_volet_may_not_ask(
    town: Town, rose: Person, client: Client
) -> None:
    with pytest.raises(Refused):
        asked_by(town.aude, rose)
    sign_in(client, town.aude)
    url = reverse("record:accesses", args=[rose.pk])
    assert client.get(url).status_code == 403
    timeline = client.get(reverse("record:timeline", args=[rose.pk]))
    assert url not in timeline.content.decode()


@pytest.mark.parametrize("purpose", ["avis demandé", ""])
def test_a_page_without_a_purpose_has_no_column_for_it(
    town: Town, rose: Person, client: Client, purpose: str
) -> None:
    with collecting_reads():
        open_record(actor_of(town.denis, purpose=purpose), rose.pk)
    sign_in(client, town.diane)
    page = client.get(reverse("record:accesses", args=[rose.pk])).text
    assert ("Motif" in page) == bool(purpose)
    head, body = page.split("<tbody>")
    assert head.count("<th scope") == body.split("</tr>")[0].count("</td>") + 1


def test_the_whole_list_is_given_as_a_spreadsheet_that_runs_nothing(
    client: Client, town: Town, rose: Person
) -> None:
    with collecting_reads():
        open_record(actor_of(town.denis, purpose="=1+1; avis"), rose.pk)
    sign_in(client, town.diane)
    given = client.get(reverse("record:accesses_file", args=[rose.pk]))
    assert given["Content-Disposition"] == 'attachment; filename="qui-a-vu.csv"'
    lines = given.content.decode("utf-8-sig").splitlines()
    assert lines[0].startswith("Quand;Qui;Profession;")
    assert 'Denis Fabre;Médecin;EHPAD Les Tilleuls;Identité vue;Identité;"\'=1+1; avis"' in lines[1]
    latest = JournalEvent.objects.latest("id")
    assert (latest.action, latest.professional_id) == (
        "record.accesses_file",
        town.diane.professional_id,
    )
