"""A record exported, then imported where nothing is known of it: every field is equal."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from django.utils import timezone

from tests.exchange.rows import check_equal, command_line_of, receive_elsewhere, send, unsaid
from tests.exchange.samples import STRUCTURE, file_of, receive, record
from tests.factories import drafts
from tests.factories.people import welcome
from tests.factories.town import SINCE, Town, actor_of
from tests.formats.full_record import full_record
from tests.formats.official import CDA_DOCUMENT, FHIR_BUNDLE, needs_official_files
from virage.directory.actions import create_professional
from virage.directory.models import Membership
from virage.documents.actions import add_document, cancel_document, replace_document
from virage.exchange import actions
from virage.exchange.enums import ImportState
from virage.exchange.models import ReceivedItem
from virage.exchange.queries.record_in_transit import record_in_transit
from virage.formats.tddui.record import TransferRecord
from virage.foundation.access.enums import Volet
from virage.foundation.coded import Coded
from virage.foundation.content import nomenclature
from virage.foundation.errors import Refused
from virage.foundation.journal.collector import collecting_reads
from virage.foundation.journal.models import JournalEvent
from virage.persons.actions import (
    mark_sensitive,
    open_stay,
    raise_restriction,
    share_between_establishments,
)
from virage.persons.enums import InsOid
from virage.persons.models import Person, Stay
from virage.record.actions import restore_note, withdraw_note, write_note
from virage.record.models import Note
from virage.record.rules import NoteDraft

# Fields of which the whole sample says nothing, or no.
UNSAID = {
    "Document.cancelled_at": "what is taken back stays here",
    "Document.cancelled_by": "what is taken back stays here",
    "Document.cancelled_reason": "what is taken back stays here",
    "DocumentVersion": "the version in force alone goes out",
    "Document.author_structure": "a professional made it",
    "Document.plan_action_id": "a plan stays here",
    "Document.scan_tried_at": "what the antivirus of the site could not judge",
    "Document.scan_tries": "what the antivirus of the site could not judge",
    "Evaluation.authored_on": "the other way to date it",
    "Evaluation.due_on": "of an instrument of ours",
    "Evaluation.gir": "read again in the answers",
    "Evaluation.instrument": "of an instrument of ours",
    "Evaluation.instrument_version": "of an instrument of ours",
    "Evaluation.scores": "of an instrument of ours",
    "Evaluation.withdrawn_at": "the status alone says that it was entered in error",
    "Evaluation.withdrawn_by": "the status alone says that it was entered in error",
    "Evaluation.withdrawn_reason": "the status alone says that it was entered in error",
    "Event.was_confirmed_by_person": "said to be false",
    "Event.was_person_present": "said to be false",
    "Person.photo_consent_on": "the photo is no picture, and kept apart",
    "Comment": "a plan stays here",
    "Dependency": "a plan stays here",
    "Objective": "a plan stays here",
    "Plan": "a plan stays here",
    "PlanReview": "a plan stays here",
    "PlanVersion": "a plan stays here",
    "PlannedAction": "a plan stays here",
    "Signature": "a plan stays here",
    "ReceivedItem.author": "whoever imports signs nothing of it",
    "ReceivedItem.author_name": "whoever imports signs nothing of it",
    "ReceivedItem.author_profession": "whoever imports signs nothing of it",
    "ReceivedItem.is_published": "nobody publishes it",
    "ReceivedResponse": "the file stays where it was taken in; its answers go out",
    "Sheet": "not finished: what is frozen alone goes out",
    "SheetRequest": "not finished: what is frozen alone goes out",
    "SheetAnswer": "not finished: what is frozen alone goes out",
    "Stay.received_origin": "in plain words",
    "Transport.is_aseptic": "said to be false",
}
PLACES = ["Unité : Rez-de-jardin", "Chambre : 12"]


def received_here(town: Town, content: bytes) -> Person:
    received = receive(actor_of(town.command_line), content, establishment=town.ehpad)
    assert received.state == ImportState.IMPORTED
    return Person.objects.get()


def in_transit(person: Person) -> TransferRecord:
    """What goes out of a record, without what is each instance's own."""
    with collecting_reads():
        held = record_in_transit(command_line_of(person.operator), person.pk)
    held.person.key = "usager"
    for one in [*held.protections, *held.coverages]:
        one.key = ""
    for stay in held.stays:
        stay.unit_name = stay.room_name = ""
    held.structures.sort(key=lambda structure: structure.key)
    held.professionals.sort(key=lambda professional: professional.key)
    return held


def test_a_record_that_says_everything(town: Town) -> None:
    here = received_here(town, file_of(full_record()))
    assert unsaid(here) == UNSAID.keys()
    there = receive_elsewhere(send(here))
    assert check_equal(here, there) == []
    assert in_transit(there) == in_transit(here)
    assert there.subject.is_sensitive


@needs_official_files
@pytest.mark.parametrize("path", [FHIR_BUNDLE, CDA_DOCUMENT], ids=["fhir", "cda"])
def test_the_official_files(town: Town, path: Path, settings: Any) -> None:
    here = received_here(town, path.read_bytes())
    # Their INS is of a registry of production, which the test suite, a demonstration, never sends.
    assert f'"urn:oid:{InsOid.NIR}"'.encode() not in send(here)
    settings.IS_DEMO = False
    there = receive_elsewhere(send(here))
    assert check_equal(here, there) == []
    assert in_transit(there) == in_transit(here)
    assert there.birth_family_name == "DUPONT"


@pytest.fixture
def lived_in(town: Town) -> Person:
    """A record received, then written in: notes published, withdrawn or put back, closed doors."""
    home = replace(STRUCTURE, kind=Coded(nomenclature.get("essms_category").system, "500", "EHPAD"))
    person = received_here(town, file_of(record(structures=[home])))
    alice, diane = actor_of(town.alice), actor_of(town.diane)
    draft = NoteDraft(
        subject_id=person.subject_id,
        volet=Volet.CARE,
        text="A marché jusqu’au jardin.",
        happened_at=timezone.now(),
        is_published=True,
    )
    note = write_note(alice, draft=draft)
    slip = write_note(alice, draft=replace(draft, is_published=False))
    back = write_note(alice, draft=replace(draft, is_published=False))
    for one in (slip, back):
        withdraw_note(alice, note_id=one.pk, reason="Mauvaise personne")
    restore_note(alice, note_id=back.pk)
    mark_sensitive(diane, person=person, is_sensitive=True)
    raise_restriction(
        diane, person=person, professional=town.bob.professional, reason="Est son cousin."
    )
    raise_restriction(
        diane, person=person, profession="educator", item_id=note.pk, reason="Elle le demande."
    )
    person.subject.refresh_from_db()
    return person


def test_what_a_team_wrote(lived_in: Person) -> None:
    there = receive_elsewhere(send(lived_in))
    apart = check_equal(lived_in, there)
    assert apart[2:] == PLACES
    note = Note.objects.get(subject=there.subject, is_published=True)
    assert (note.stay, note.author_name) == (there.stays.get(), "Alice Martel")
    assert str(note.received_structure) == "EHPAD Les Tilleuls"
    assert there.subject.is_sensitive


def test_two_of_our_staff_of_one_name_sign_each_her_own(town: Town, lived_in: Person) -> None:
    twin = create_professional(
        actor_of(town.command_line), family_name="Martel", given_name="Alice"
    )
    Note.objects.filter(subject=lived_in.subject, is_published=True).update(author=twin)
    there = receive_elsewhere(send(lived_in))
    authors = Note.objects.filter(subject=there.subject, author__family_name="Martel")
    assert authors.values("author").distinct().count() == 2


def test_restrictions_go_to_the_direction_in_words(lived_in: Person) -> None:
    there = receive_elsewhere(send(lived_in))
    assert not there.subject.restrictions.exists()
    items = ReceivedItem.objects.filter(subject=there.subject, title__startswith="Restriction")
    assert [item.volet for item in items] == [Volet.ADMINISTRATIVE] * 2
    whole, one = items.order_by("id")
    assert whole.title == "Restriction d’accès : Bob Garnier"
    assert "tout le dossier" in whole.content
    assert "Motif : Est son cousin." in whole.content
    note = Note.objects.get(subject=there.subject, is_published=True)
    assert note.received_identifier in one.content


def test_what_is_kept_apart_goes_out_again(lived_in: Person) -> None:
    second = receive_elsewhere(send(lived_in))
    third = receive_elsewhere(send(second), "Accueil")
    assert check_equal(second, third) == ["Unité : À répartir"]
    assert set(PLACES) <= {
        item.title for item in ReceivedItem.objects.filter(subject=third.subject)
    }


def test_a_mark_received_is_set_on_a_record_known_before(town: Town) -> None:
    person = received_here(town, file_of(record()))
    sample = record()
    sample.person.is_sensitive = True
    receive(actor_of(town.sofia), file_of(sample))
    person.subject.refresh_from_db()
    assert person.subject.is_sensitive
    again = record(sender_structure="")
    receive(actor_of(town.sofia), file_of(again))
    person.subject.refresh_from_db()
    assert person.subject.is_sensitive


def test_exporting_is_a_right_of_its_own_and_is_journalled(town: Town) -> None:
    receive(actor_of(town.sofia), file_of(record()))
    person = Person.objects.get()
    with collecting_reads():
        for membership in (town.sofia, town.alice, town.charlie):
            with pytest.raises(Refused):
                actions.export_record(actor_of(membership), person_id=person.pk)
        actions.export_record(actor_of(town.diane), person_id=person.pk)
    event = JournalEvent.objects.get(action="record.export")
    assert event.lines.get().subject_id == person.subject_id
    assert event.membership_id == town.diane.pk


def test_an_establishment_sends_its_own_stays_unless_they_are_shared(town: Town) -> None:
    rose = welcome(town, "Rose Lambert", town.ehpad, town.unit_a)
    elsewhere = Stay(establishment=town.ime, unit=town.ime_unit, entered_on=SINCE)
    open_stay(actor_of(town.command_line), person=rose, stay=elsewhere)

    def sent_by(membership: Membership) -> list[str]:
        with collecting_reads():
            stays = record_in_transit(actor_of(membership), rose.pk).stays
        return [stay.structure.removeprefix("1") for stay in stays]

    both = [town.ehpad.finess, town.ime.finess]
    assert sent_by(town.diane) == [town.ehpad.finess]
    assert sent_by(town.gaspard) == both
    share_between_establishments(actor_of(town.gaspard), person=rose, agreed_on=SINCE)
    assert sent_by(town.diane) == both


def test_the_version_in_force_leaves_and_what_is_taken_back_stays(town: Town) -> None:
    here = received_here(town, file_of(full_record()))
    office = actor_of(town.command_line)
    where = {"establishment_id": town.ehpad.pk}
    kept, wrong = (
        add_document(office, draft=drafts.document(here, title=title, **where))
        for title in ("Gardé", "Retiré")
    )
    replace_document(office, document=kept, expected_version=1, draft=drafts.version())
    cancel_document(office, document_id=wrong.pk, expected_version=1, reason="mauvais dossier")
    sent = {one.title: one.content for one in in_transit(here).documents}
    assert "Retiré" not in sent
    assert sent["Gardé"] == drafts.version().content
