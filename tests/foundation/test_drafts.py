"""Drafts: one's own, encrypted, found again, erased; and a form that is taken once."""

import json
from datetime import timedelta
from uuid import uuid4

import pytest
from django.db import connection
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from tests.factories import drafts
from tests.factories.people import welcome
from tests.factories.town import Town, actor_of, sign_in
from tests.guards import BoundedQueries
from virage.foundation.drafts.actions import keep_draft
from virage.foundation.drafts.jobs import expire
from virage.foundation.drafts.models import Draft, SentForm
from virage.foundation.drafts.queries import own_draft
from virage.foundation.drafts.rules import MOST_CHARACTERS, MOST_DRAFTS
from virage.foundation.journal.models import JournalEvent
from virage.persons.models import Person
from virage.record.actions import correct_note, write_note
from virage.record.models import Note

WORDS = "Rougeur au talon gauche"


@pytest.fixture
def rose(town: Town) -> Person:
    return welcome(town, "Rose Lambert", town.ehpad, town.unit_a, town.room_a1)


@pytest.fixture
def nurse(client: Client, town: Town) -> Client:
    sign_in(client, town.alice)
    return client


def _notes(person: Person) -> str:
    return reverse("record:notes", args=[person.pk])


def _keep(client: Client, address: str, text: str = WORDS, **sent: object) -> int:
    entered = json.dumps({"text": [text], "volet": ["care"], "is_published": ["on"]})
    sent = {"form": address, "entered": entered, **sent}
    return client.post(reverse("drafts:keep"), sent).status_code


def test_a_draft_waits_for_its_author(nurse: Client, rose: Person) -> None:
    assert _keep(nurse, _notes(rose), "Avant") == _keep(nurse, _notes(rose)) == 204
    page = nurse.get(_notes(rose)).text
    assert "Un brouillon vous attend" in page
    assert WORDS not in page
    form = nurse.get(_notes(rose), {"draft": 1}).context["form"]
    assert (form["text"].value(), form["volet"].value()) == (WORDS, "care")
    assert "checked" in str(form["is_published"])


def test_it_is_encrypted_and_out_of_the_journal(nurse: Client, rose: Person) -> None:
    before = JournalEvent.objects.count()
    _keep(nurse, _notes(rose))
    assert JournalEvent.objects.count() == before
    with connection.cursor() as cursor:
        cursor.execute("SELECT text FROM drafts_draft")
        ((stored,),) = cursor.fetchall()
    assert "talon" not in stored


def test_nobody_else_finds_it(nurse: Client, town: Town, rose: Person) -> None:
    _keep(nurse, _notes(rose))
    other = Client()
    sign_in(other, town.aude)
    assert "Un brouillon vous attend" not in other.get(_notes(rose)).text
    assert own_draft(actor_of(town.aude), _notes(rose)) is None
    # Moved to another author in the database, it does not open.
    Draft.objects.update(account_id=town.aude.professional.account.pk, membership_id=town.aude.pk)
    assert own_draft(actor_of(town.aude), _notes(rose)) is None


def test_a_record_out_of_reach_shows_no_draft(nurse: Client, town: Town, rose: Person) -> None:
    _keep(nurse, _notes(rose))
    rose.stays.update(unit=town.unit_b, room=None)
    page = nurse.get(_notes(rose), {"draft": 1})
    assert page.status_code in (403, 404)
    assert WORDS not in page.text


def test_saving_or_erasing_removes_it(nurse: Client, rose: Person) -> None:
    _keep(nurse, _notes(rose))
    page = nurse.post(reverse("drafts:erase"), {"form": _notes(rose)})
    assert (page.url, Draft.objects.count()) == (_notes(rose), 0)
    _keep(nurse, _notes(rose))
    sent = {**_sent(), "text": ""}
    assert nurse.post(_notes(rose), sent).status_code == 422
    assert Draft.objects.count() == 1
    assert nurse.post(_notes(rose), _sent(sent["sent"])).status_code == 302
    assert Draft.objects.count() == 0
    # The network delivers the draft after the form.
    assert _keep(nurse, _notes(rose), sent=sent["sent"]) == 204
    assert Draft.objects.count() == 0


@pytest.mark.parametrize(
    ("address", "entered"),
    [
        ("/nulle-part/", '{"text": ["a"]}'),
        ("//ailleurs.example/", '{"text": ["a"]}'),
        ("", '{"text": ["a"]}'),
        ("/", "rien"),
        ("/", '{"text": "a"}'),
        ("/", '{"text": [" "]}'),
        ("/", json.dumps({"text": ["a" * MOST_CHARACTERS]})),
    ],
)
def test_what_is_no_draft_is_refused(nurse: Client, address: str, entered: str) -> None:
    sent = {"form": address, "entered": entered}
    assert nurse.post(reverse("drafts:keep"), sent).status_code == 422
    assert Draft.objects.count() == 0


def test_they_are_few_and_expire(town: Town) -> None:
    alice = actor_of(town.alice)
    for number in range(MOST_DRAFTS + 2):
        keep_draft(alice, address=f"/{number}/", entered={"text": ["a"]})
    assert Draft.objects.count() == MOST_DRAFTS
    assert own_draft(alice, "/0/") is None
    Draft.objects.update(saved_at=timezone.now() - timedelta(days=8))
    SentForm.objects.create(
        token=uuid4(), account_id=uuid4(), sent_at=timezone.now() - timedelta(days=3)
    )
    expire({})
    assert not Draft.objects.exists() and not SentForm.objects.exists()


def test_a_draft_resumed_after_a_change_shows_both_texts(
    nurse: Client, town: Town, rose: Person
) -> None:
    note = write_note(actor_of(town.alice), draft=drafts.note(rose))
    address = reverse("record:note_correct", args=[rose.pk, note.pk])
    entered = json.dumps({"text": [WORDS], "version": [str(note.version)]})
    nurse.post(reverse("drafts:keep"), {"form": address, "entered": entered})
    correct_note(
        actor_of(town.alice), note_id=note.pk, expected_version=note.version, text="B", reason=""
    )
    form = nurse.get(address, {"draft": 1}).context["form"]
    sent = {"text": form["text"].value(), "version": form["version"].value()}
    assert nurse.post(address, sent).status_code == 409


def _sent(token: object = None) -> dict[str, str]:
    return {
        "volet": "care",
        "text": WORDS,
        "happened_at": timezone.localtime().strftime("%Y-%m-%dT%H:%M"),
        "sent": str(token or uuid4()),
    }


def test_a_form_sent_twice_writes_once(nurse: Client, rose: Person) -> None:
    sent = _sent()
    first, second = (nurse.post(_notes(rose), sent) for _ in range(2))
    assert (first.status_code, second.url) == (302, first.url)
    assert Note.objects.count() == 1
    assert "C’était déjà enregistré" in nurse.get(_notes(rose)).text
    assert nurse.post(_notes(rose), _sent()).status_code == 302
    assert Note.objects.count() == 2


def test_a_form_refused_can_be_sent_again(nurse: Client, rose: Person) -> None:
    sent = _sent()
    ahead = (timezone.now() + timedelta(days=2)).strftime("%Y-%m-%dT%H:%M")
    assert nurse.post(_notes(rose), {**sent, "happened_at": ahead}).status_code == 422
    assert nurse.post(_notes(rose), sent).status_code == 302
    assert Note.objects.count() == 1


def test_the_token_of_another_leads_nowhere(nurse: Client, town: Town, rose: Person) -> None:
    sent = _sent()
    nurse.post(_notes(rose), sent)
    other = Client()
    sign_in(other, town.aude)
    assert other.post(_notes(rose), sent).url == _notes(rose)
    assert Note.objects.count() == 1


def test_the_page_of_a_form_keeps_to_its_bound(
    nurse: Client, rose: Person, queries: BoundedQueries
) -> None:
    _keep(nurse, _notes(rose))
    with queries(at_most=12):
        assert nurse.get(_notes(rose)).status_code == 200
