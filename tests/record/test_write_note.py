"""Writing transmissions: who signs, who may, what is refused, and at what cost."""

from datetime import timedelta

import pytest

from tests.factories import drafts
from tests.factories.town import Town, actor_of
from tests.guards import BoundedQueries
from virage.directory.models import Membership
from virage.foundation.access.enums import Volet
from virage.foundation.access.models import Restriction
from virage.foundation.access.rules import Origin, is_late_entry
from virage.foundation.errors import Invalid, Refused
from virage.foundation.journal.models import JournalEvent
from virage.persons.models import Person
from virage.record.actions import write_note, write_notes
from virage.record.enums import NoteStatus
from virage.record.models import Note
from virage.record.rules import Correction


def test_a_note_keeps_its_author_its_stay_and_both_times(town: Town, rose: Person) -> None:
    actor = actor_of(town.alice)
    happened_at = drafts.moments_ago(3)
    note = write_note(actor, draft=drafts.note(rose, happened_at=happened_at))
    note.refresh_from_db()
    assert (note.author_name, note.author_profession) == ("Alice Martel", "nurse")
    assert (note.happened_at, note.recorded_at) == (happened_at, actor.at)
    assert note.establishment == town.ehpad
    assert note.stay == rose.stays.get()
    event = JournalEvent.objects.get(action="note.write")
    assert (event.is_write, event.lines.get().volets) == (True, "care")


@pytest.mark.parametrize(
    ("who", "volet", "condition"),
    [
        ("aude", Volet.MEDICAL, "matrix"),
        ("basile", Volet.CARE, "care_team"),
        ("charlie", Volet.CARE, "hidden"),
        ("tom", Volet.ADMINISTRATIVE, "matrix"),
        ("sofia", Volet.CARE, "matrix"),
    ],
)
def test_writing_is_refused(
    who: str, volet: Volet, condition: str, town: Town, rose: Person
) -> None:
    membership: Membership = getattr(town, who)
    with pytest.raises(Refused) as refused:
        write_note(actor_of(membership), draft=drafts.note(rose, volet=volet))
    assert refused.value.condition == condition
    assert not Note.objects.exists()


def test_an_objection_closes_the_record_to_writing(town: Town, rose: Person) -> None:
    Restriction.objects.create(subject=rose.subject, profession="nurse", reason="opposition")
    with pytest.raises(Refused) as refused:
        write_note(actor_of(town.alice), draft=drafts.note(rose))
    assert refused.value.condition == "restriction"


def test_what_does_not_hold_is_invalid(town: Town, rose: Person) -> None:
    in_six_minutes = drafts.moments_ago(-0.1)
    with pytest.raises(Invalid) as invalid:
        write_note(
            actor_of(town.alice), draft=drafts.note(rose, text="  ", happened_at=in_six_minutes)
        )
    assert list(invalid.value.errors) == ["text", "happened_at"]


def test_two_clocks_may_differ_by_a_few_minutes(town: Town, rose: Person) -> None:
    write_note(actor_of(town.alice), draft=drafts.note(rose, happened_at=drafts.moments_ago(-0.05)))


def test_an_entry_is_late_after_a_shift() -> None:
    now = drafts.moments_ago(0)
    assert not is_late_entry(now - timedelta(hours=12), now)
    assert is_late_entry(now - timedelta(hours=12, minutes=1), now)


def test_a_director_of_the_whole_operator_writes_in_the_stay(town: Town, rose: Person) -> None:
    actor = actor_of(town.command_line)
    assert actor.establishment_id is None
    assert write_note(actor, draft=drafts.note(rose)).establishment_id == town.ehpad.pk


def test_anyone_else_writes_for_the_establishment_of_his_situation(
    town: Town, rose: Person
) -> None:
    named_otherwise = drafts.note(rose, establishment_id=town.ime.pk)
    assert write_note(actor_of(town.alice), draft=named_otherwise).establishment == town.ehpad


def test_the_journal_tells_what_is_shared_from_what_is_only_written(
    town: Town, rose: Person
) -> None:
    shared = [drafts.note(rose, is_published=is_published) for is_published in (True, False)]
    write_notes(actor_of(town.alice), drafts=shared)
    assert JournalEvent.objects.get(action="note.write").detail == {"count": 2, "shared": 1}


def test_many_notes_cost_what_one_does(town: Town, rose: Person, queries: BoundedQueries) -> None:
    actor = actor_of(town.alice)
    costs = []
    for count in (1, 30):
        with queries(at_most=6) as seen:
            write_notes(actor, drafts=[drafts.note(rose) for _ in range(count)])
        costs.append(len(seen))
    assert costs[0] == costs[1]


def test_one_refusal_keeps_everything_out(town: Town, rose: Person, louise: Person) -> None:
    note = drafts.note(rose)
    social = drafts.note(rose, volet=Volet.SOCIO_EDUCATIVE)
    received = drafts.note(rose, origin=Origin(establishment_id=town.ehpad.pk))
    for who, together in (
        (town.alice, [note, drafts.note(louise)]),
        (town.alice, [note, social]),
        (town.alice, [note, received]),
        (town.sofia, [received, note]),
    ):
        with pytest.raises(Refused):
            write_notes(actor_of(who), drafts=together)
    assert not Note.objects.exists()


def test_a_received_note_keeps_what_its_sender_says(town: Town, rose: Person) -> None:
    written_at = drafts.moments_ago(500)
    origin = Origin(
        establishment_id=town.ehpad.pk,
        author_name="Odile Renard",
        author_profession="Infirmière libérale",
        recorded_at=written_at,
        identifier="3990000103/7-T-1",
    )
    correction = Correction(
        text="Premier texte.",
        author_name="Odile Renard",
        author_profession="Infirmière libérale",
        recorded_at=written_at,
    )
    draft = drafts.note(rose, volet=Volet.MEDICAL, origin=origin, corrections=[correction])
    note = write_note(actor_of(town.sofia), draft=draft)
    assert (note.author_id, note.author_name) == (None, "Odile Renard")
    assert (note.recorded_at, note.received_identifier) == (written_at, "3990000103/7-T-1")
    assert (note.status, note.version) == (NoteStatus.CORRECTED, 2)
    assert note.former_versions.get().text == "Premier texte."


def test_receiving_asks_for_the_right_to_import(town: Town, rose: Person) -> None:
    origin = Origin(establishment_id=town.ehpad.pk)
    with pytest.raises(Refused) as refused:
        write_note(actor_of(town.alice), draft=drafts.note(rose, origin=origin))
    assert refused.value.condition == "matrix"


def test_a_received_note_without_time_of_entry_is_not_late(town: Town, rose: Person) -> None:
    happened_at = drafts.moments_ago(500)
    draft = drafts.note(
        rose, happened_at=happened_at, origin=Origin(establishment_id=town.ehpad.pk)
    )
    assert write_note(actor_of(town.sofia), draft=draft).recorded_at == happened_at
