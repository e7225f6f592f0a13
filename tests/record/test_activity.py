"""The chart of a record counts what its reader may read, week by week in Paris time."""

from datetime import datetime, timedelta

from django.test import Client
from django.urls import reverse

from tests.factories import drafts
from tests.factories.town import Town, actor_of, sign_in
from virage.foundation.access.actor import Actor
from virage.foundation.access.enums import Volet
from virage.foundation.calendar import PARIS
from virage.foundation.journal.collector import collecting_reads
from virage.foundation.ui.charts import Chart
from virage.persons.models import Person
from virage.record.actions import withdraw_note, write_note
from virage.record.queries.activity import weekly_activity


def _activity(actor: Actor, person: Person) -> Chart:
    with collecting_reads():
        return weekly_activity(actor, person)


def test_it_counts_by_week_of_paris(town: Town, rose: Person) -> None:
    alice = actor_of(town.alice)
    monday = alice.today - timedelta(days=alice.today.weekday())
    midnight = datetime(monday.year, monday.month, monday.day, tzinfo=PARIS)
    for at in (
        midnight,
        midnight - timedelta(minutes=1),
        midnight - timedelta(weeks=11, minutes=1),
    ):
        write_note(alice, draft=drafts.note(rose, happened_at=at))
    notes = _activity(alice, rose).series[0]
    assert notes.values == (0,) * 10 + (1, 1)


def test_it_counts_neither_what_is_closed_nor_what_was_withdrawn(town: Town, rose: Person) -> None:
    alice, denis = actor_of(town.alice), actor_of(town.denis)
    write_note(denis, draft=drafts.note(rose, volet=Volet.MEDICAL))
    withdrawn = write_note(alice, draft=drafts.note(rose))
    withdraw_note(alice, note_id=withdrawn.pk, reason="mauvais dossier")
    read_by_denis = sum(_activity(denis, rose).figures)
    assert (read_by_denis, sum(_activity(actor_of(town.sofia), rose).figures)) == (1, 0)


def test_the_page_shows_it_with_its_figures(client: Client, town: Town, rose: Person) -> None:
    write_note(actor_of(town.alice), draft=drafts.note(rose))
    sign_in(client, town.alice)
    page = client.get(reverse("record:timeline", args=[rose.pk])).text
    assert "Voir les chiffres" in page
    assert "<desc" in page
