"""A record shared between establishments: each reads what the other wrote, and changes its own."""

import pytest
from django.test import Client
from django.urls import reverse

from tests.factories import drafts
from tests.factories.town import SINCE, Town, actor_of, sign_in
from virage.agenda.actions import plan_event, report_event
from virage.agenda.enums import EventStatus
from virage.agenda.models import Event
from virage.agenda.rules import Outcome
from virage.directory.models import Membership
from virage.foundation.access.enums import Volet
from virage.foundation.errors import Refused
from virage.foundation.journal.models import JournalEvent
from virage.persons.actions import open_stay, share_between_establishments
from virage.persons.models import Person, Stay
from virage.record.actions import correct_note, write_note
from virage.record.models import Note

NOT_YOURS = "un autre établissement"
SOCIAL = {"volet": Volet.SOCIO_EDUCATIVE}


@pytest.fixture
def shared(town: Town, rose: Person) -> Person:
    """Return Rose, whom Bob's establishment accompanies too, and who shares her record."""
    stay = Stay(establishment=town.ime, unit=town.ime_unit, entered_on=SINCE)
    open_stay(actor_of(town.command_line), person=rose, stay=stay)
    share_between_establishments(actor_of(town.gaspard), person=rose, agreed_on=SINCE)
    return rose


@pytest.fixture
def note(town: Town, shared: Person) -> Note:
    return write_note(actor_of(town.aude), draft=drafts.note(shared, **SOCIAL))


@pytest.fixture
def event(town: Town, shared: Person) -> Event:
    return plan_event(actor_of(town.aude), draft=drafts.event(shared, **SOCIAL))


def test_a_note_of_another_establishment_is_read_and_not_changed(
    client: Client, town: Town, shared: Person, note: Note
) -> None:
    sign_in(client, town.bob)
    shown = client.get(reverse("record:note", args=[shared.pk, note.pk]))
    assert "A bien dormi." in shown.text
    assert "Corriger" not in shown.text and "Retirer" not in shown.text
    typed = {"version": "1", "text": "Autre chose.", "reason": "mauvais dossier"}
    for name in ("note_correct", "note_withdraw"):
        url = reverse(f"record:{name}", args=[shared.pk, note.pk])
        for answer in (client.get(url), client.post(url, typed)):
            assert answer.status_code == 403
            assert NOT_YOURS in answer.text and "son auteur" in answer.text
    note.refresh_from_db()
    assert (note.text, note.status) == ("A bien dormi.", "valid")


def test_an_event_of_another_establishment_is_read_and_not_reported(
    client: Client, town: Town, shared: Person, event: Event
) -> None:
    sign_in(client, town.bob)
    url = reverse("record:event", args=[shared.pk, event.pk])
    shown = client.get(url)
    assert shown.status_code == 200 and shown.context["form"] is None
    answer = client.post(url, {"status": "finished", "report": "Faite."})
    assert answer.status_code == 403 and NOT_YOURS in answer.text
    outcome = Outcome(status=EventStatus.FINISHED)
    with pytest.raises(Refused):
        report_event(
            actor_of(town.bob), subject_id=shared.subject_id, event_id=event.pk, outcome=outcome
        )


def test_the_stay_of_another_establishment_is_read_and_not_changed(
    client: Client, town: Town, shared: Person
) -> None:
    Membership.objects.filter(pk=town.bob.pk).update(profession="social_worker")
    sign_in(client, town.bob)
    stay = shared.stays.get(establishment=town.ehpad)
    typed = {"version": "1", "exited_on": "2026-01-05"}
    answer = client.post(reverse("persons:stay_close", args=[shared.pk, stay.pk]), typed)
    assert answer.status_code == 422 and "séjours de votre équipe" in answer.text
    stay.refresh_from_db()
    assert stay.exited_on is None


def test_its_own_establishment_and_the_whole_operator_change_it(
    town: Town, shared: Person, note: Note
) -> None:
    for version, who in enumerate((town.aude, town.command_line), start=1):
        text = f"Version {version + 1}."
        correct_note(actor_of(who), note_id=note.pk, expected_version=version, text=text)
    note.refresh_from_db()
    assert note.version == 3
    assert JournalEvent.objects.filter(action="note.correct").count() == 2
