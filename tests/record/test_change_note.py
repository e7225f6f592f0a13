"""Correcting and withdrawing transmissions: nothing is lost, nothing is overwritten in silence."""

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from tests.factories import drafts
from tests.factories.town import Town, actor_of, sign_in
from virage.directory.models import Membership
from virage.foundation.access.enums import Volet
from virage.foundation.access.models import Restriction
from virage.foundation.errors import Conflict, Invalid, Refused
from virage.foundation.journal.collector import collecting_reads
from virage.foundation.journal.models import JournalEvent
from virage.persons.models import Person
from virage.record.actions import correct_note, restore_note, withdraw_note, write_note
from virage.record.enums import NoteStatus
from virage.record.models import Note
from virage.record.queries.notes import find_note, is_text_hidden, note_to_rewrite, replacements_of
from virage.record.rules import LONGEST_TEXT


@pytest.fixture
def note(town: Town, rose: Person) -> Note:
    return write_note(actor_of(town.aude), draft=drafts.note(rose, text="Douleur à droite."))


def test_the_former_text_stays_with_both_authors(town: Town, rose: Person, note: Note) -> None:
    alice = actor_of(town.alice)
    correct_note(
        alice, note_id=note.pk, expected_version=1, text="Douleur à gauche.", reason="côté"
    )
    with collecting_reads():
        found = find_note(alice, rose.subject_id, note.pk)
    assert (found.text, found.author_name) == ("Douleur à gauche.", "Aude Lenoir")
    assert (found.status, found.version) == (NoteStatus.CORRECTED, 2)
    replacement = replacements_of(found)[0]
    assert (replacement.before, replacement.after) == ("Douleur à droite.", "Douleur à gauche.")
    assert replacement.author == "Alice Martel, Infirmière, infirmier"
    assert JournalEvent.objects.filter(action="note.correct", target_id=note.pk).exists()


def test_each_correction_is_kept_in_order(town: Town, rose: Person, note: Note) -> None:
    for version, text in enumerate(("Deux.", "Trois."), start=1):
        correct_note(actor_of(town.aude), note_id=note.pk, expected_version=version, text=text)
    with collecting_reads():
        found = find_note(actor_of(town.aude), rose.subject_id, note.pk)
    changes = [(one.before, one.after) for one in replacements_of(found)]
    assert changes == [("Deux.", "Trois."), ("Douleur à droite.", "Deux.")]


def test_what_came_long_can_be_corrected_but_not_grow(town: Town, note: Note) -> None:
    long = "a" * (LONGEST_TEXT + 1)
    alice = actor_of(town.alice)
    with pytest.raises(Invalid, match="au plus"):
        correct_note(alice, note_id=note.pk, expected_version=1, text=long)
    Note.objects.filter(pk=note.pk).update(text=long)
    correct_note(alice, note_id=note.pk, expected_version=1, text="b" * (LONGEST_TEXT + 1))


def test_a_concurrent_correction_shows_both_texts(town: Town, note: Note) -> None:
    correct_note(actor_of(town.alice), note_id=note.pk, expected_version=1, text="D’Alice.")
    with pytest.raises(Conflict) as conflict:
        correct_note(actor_of(town.aude), note_id=note.pk, expected_version=1, text="D’Aude.")
    assert (conflict.value.mine, conflict.value.theirs) == ("D’Aude.", "D’Alice.")
    today = timezone.localdate()
    said = f"Alice Martel a changé cette transmission le {today:%d/%m/%Y} à "
    assert conflict.value.message.startswith(said)
    note.refresh_from_db()
    assert note.text == "D’Alice."


def test_withdrawn_and_put_back_it_is_still_the_text_that_one_corrects(
    town: Town, note: Note
) -> None:
    withdraw_note(actor_of(town.alice), note_id=note.pk, reason="mauvais dossier")
    restore_note(actor_of(town.alice), note_id=note.pk)
    aude = actor_of(town.aude)
    assert correct_note(aude, note_id=note.pk, expected_version=1, text="D’Aude.").version == 3


def test_the_same_text_is_no_correction(
    client: Client, town: Town, rose: Person, note: Note
) -> None:
    Note.objects.update(text="Douleur à droite.\nPas de fièvre.")
    sign_in(client, town.aude)
    url = reverse("record:note_correct", args=[rose.pk, note.pk])
    page = client.post(url, {"version": "1", "text": "Douleur à droite.\r\nPas de fièvre."})
    assert page.status_code == 422
    assert "Rien n’a changé" in page.context["form"].errors["text"][0]
    assert not note.former_versions.exists()


def test_correcting_and_withdrawing_are_refused(town: Town, rose: Person, note: Note) -> None:
    medical = write_note(actor_of(town.denis), draft=drafts.note(rose, volet=Volet.MEDICAL))
    for who, pk, condition in (
        (town.basile, note.pk, "hidden"),
        (town.charlie, note.pk, "hidden"),
        (town.nina, note.pk, "matrix"),
        (town.alice, medical.pk, "matrix"),
    ):
        with pytest.raises(Refused) as refused:
            correct_note(actor_of(who), note_id=pk, expected_version=1, text="Autre.")
        assert refused.value.condition == condition
        with pytest.raises(Refused):
            withdraw_note(actor_of(who), note_id=pk, reason="mauvais dossier")


def test_an_empty_text_or_reason_is_invalid(town: Town, note: Note) -> None:
    actor = actor_of(town.aude)
    with pytest.raises(Invalid):
        correct_note(actor, note_id=note.pk, expected_version=1, text=" ")
    with pytest.raises(Invalid):
        withdraw_note(actor, note_id=note.pk, reason="non")


def test_a_withdrawn_note_leaves_its_trace_without_its_text(
    town: Town, rose: Person, note: Note
) -> None:
    withdraw_note(actor_of(town.alice), note_id=note.pk, reason="mauvais dossier")
    with collecting_reads():
        found = find_note(actor_of(town.alice), rose.subject_id, note.pk)
        assert (found.status, found.withdrawn_reason) == (NoteStatus.WITHDRAWN, "mauvais dossier")
        assert found.author == town.aude.professional
        assert found.withdrawn_by == town.alice.professional
        assert is_text_hidden(actor_of(town.alice), found)
        assert not is_text_hidden(actor_of(town.aude), found)
    with pytest.raises(Refused) as refused:
        correct_note(actor_of(town.aude), note_id=note.pk, expected_version=1, text="Encore.")
    assert refused.value.condition == "state"


@pytest.mark.parametrize("who", ["aude", "alice"])
def test_its_author_or_who_withdrew_it_puts_it_back(
    client: Client, town: Town, rose: Person, note: Note, who: str
) -> None:
    withdraw_note(actor_of(town.alice), note_id=note.pk, reason="mauvais dossier")
    sign_in(client, getattr(town, who))
    page = reverse("record:note", args=[rose.pk, note.pk])
    back = reverse("record:note_restore", args=[rose.pk, note.pk])
    assert back in client.get(page).text
    shown = client.post(back, follow=True).text
    assert "Douleur à droite." in shown
    assert "Rétablie le" in shown
    assert "par Alice Martel\u00a0: mauvais dossier." in shown
    assert "Corrigée" not in shown
    note.refresh_from_db()
    assert (note.status, note.version, note.withdrawn_by) == (NoteStatus.VALID, 2, None)
    gesture = JournalEvent.objects.get(action="note.restore", target_id=note.pk)
    assert gesture.professional_id == getattr(town, who).professional_id
    assert client.post(back).status_code == 422
    withdraw_note(actor_of(town.alice), note_id=note.pk, reason="mauvais dossier")


def test_one_that_was_corrected_comes_back_corrected(town: Town, note: Note) -> None:
    aude = actor_of(town.aude)
    correct_note(aude, note_id=note.pk, expected_version=1, text="Douleur à gauche.")
    withdraw_note(aude, note_id=note.pk, reason="mauvais dossier")
    assert restore_note(aude, note_id=note.pk).status == NoteStatus.CORRECTED


def test_nobody_else_puts_it_back(client: Client, town: Town, rose: Person, note: Note) -> None:
    withdraw_note(actor_of(town.alice), note_id=note.pk, reason="mauvais dossier")
    Membership.objects.filter(pk=town.basile.pk).update(reach="establishment")
    for who, condition in (("basile", "author"), ("nina", "matrix"), ("charlie", "hidden")):
        with pytest.raises(Refused) as refused:
            restore_note(actor_of(getattr(town, who)), note_id=note.pk)
        assert refused.value.condition == condition
    sign_in(client, town.basile)
    page = client.get(reverse("record:note", args=[rose.pk, note.pk])).text
    assert reverse("record:note_restore", args=[rose.pk, note.pk]) not in page


def test_its_author_is_told_on_the_home_page(
    client: Client, town: Town, rose: Person, note: Note
) -> None:
    told = "Vos transmissions retirées"
    sign_in(client, town.aude)
    withdraw_note(actor_of(town.aude), note_id=note.pk, reason="mauvais dossier")
    assert told not in client.get("/").text
    restore_note(actor_of(town.aude), note_id=note.pk)
    withdraw_note(actor_of(town.alice), note_id=note.pk, reason="faite trop vite")
    page = client.get("/").text
    assert told in page
    assert "par Alice Martel" in page
    assert "faite trop vite" in page
    assert "Douleur à droite." not in page
    sign_in(client, town.alice)
    assert told not in client.get("/").text
    Note.objects.update(withdrawn_at=timezone.now() - timedelta(days=16))
    sign_in(client, town.aude)
    assert told not in client.get("/").text


def test_its_author_alone_may_write_it_again(
    town: Town, rose: Person, louise: Person, note: Note
) -> None:
    aude, pk, elsewhere = actor_of(town.aude), str(note.pk), louise.subject_id
    with collecting_reads():
        assert note_to_rewrite(aude, pk, elsewhere) is None
        withdraw_note(aude, note_id=note.pk, reason="mauvais dossier")
        assert note_to_rewrite(actor_of(town.alice), pk, elsewhere) is None
        assert note_to_rewrite(actor_of(town.aude), pk, elsewhere) == note
        assert note_to_rewrite(actor_of(town.aude), pk, rose.subject_id) is None
        in_two_hours = actor_of(town.aude, at=drafts.moments_ago(-2))
        assert note_to_rewrite(in_two_hours, pk, elsewhere) is None


def test_a_restriction_closes_it_to_its_author_too(
    town: Town, rose: Person, louise: Person, note: Note
) -> None:
    aude = actor_of(town.aude)
    withdraw_note(aude, note_id=note.pk, reason="mauvais dossier")
    Restriction.objects.create(subject=rose.subject, professional_id=aude.professional_id)
    with collecting_reads():
        assert note_to_rewrite(aude, str(note.pk), louise.subject_id) is None
