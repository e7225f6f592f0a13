"""Bringing a file opens no record: neither by resemblance nor by proof, and shows no stranger."""

from dataclasses import replace

import pytest

from tests.exchange.samples import STRUCTURE, file_of, note, person, receive, record, stay
from tests.factories.town import Town, actor_of
from tests.persons.admissions import admit
from virage.documents.queries import documents_of
from virage.exchange import actions
from virage.exchange.enums import ImportState
from virage.exchange.models import Import
from virage.exchange.queries.imports import find_import
from virage.exchange.queries.matching import candidates_for
from virage.exchange.queries.received import find_received_item
from virage.exchange.queries.record_in_transit import record_in_transit
from virage.exchange.queries.reports import identities_proposed
from virage.foundation.errors import Refused
from virage.foundation.ids import new_id
from virage.foundation.journal.collector import collecting_reads
from virage.foundation.journal.models import JournalEvent, JournalLine
from virage.foundation.outbox.actions import drain
from virage.persons.models import Person, Stay
from virage.persons.queries import find_person
from virage.record.models import Note


@pytest.fixture
def elsewhere(town: Town) -> Person:
    """Someone accompanied by the IME alone, out of the reach of the EHPAD's office."""
    receive(
        actor_of(town.command_line),
        file_of(record(stays=[])),
        establishment=town.ime,
        unit=town.ime_unit,
    )
    return Person.objects.get()


def brought(town: Town, **changes: object) -> Import:
    """Let the EHPAD's secretary bring a file about the same name."""
    return receive(actor_of(town.sofia), file_of(record(person=person(**changes))), name="b.json")


def test_a_resemblance_shows_and_opens_nothing_out_of_reach(town: Town, elsewhere: Person) -> None:
    held = brought(town, identifiers=[])
    sofia = actor_of(town.sofia)
    assert held.state == ImportState.HELD
    with collecting_reads():
        assert identities_proposed(sofia, held) == []
    for person_id in (elsewhere.pk, None):
        with pytest.raises(Refused, match="merge"):
            actions.settle_identity(sofia, import_id=held.pk, person_id=person_id)
    with pytest.raises(Refused):
        find_person(sofia, elsewhere.pk)


def test_one_person_out_of_reach_among_those_proposed_is_enough_to_refuse(
    town: Town, elsewhere: Person
) -> None:
    near = admit(town, town.unit_a, "Odette", "Leroux")
    held = brought(town, identifiers=[])
    assert set(held.candidates.all()) == {near, elsewhere}
    for person_id in (near.pk, None):
        with pytest.raises(Refused, match="merge"):
            actions.settle_identity(actor_of(town.sofia), import_id=held.pk, person_id=person_id)


def test_a_proof_of_identity_out_of_reach_is_held(town: Town, elsewhere: Person) -> None:
    sample = record()
    sample.notes.clear()
    held = receive(actor_of(town.sofia), file_of(sample), name="b.json")
    assert held.state == ImportState.HELD
    assert not elsewhere.stays.filter(establishment=town.ehpad).exists()


def test_the_direction_settles_what_it_may_merge(town: Town, elsewhere: Person) -> None:
    held = brought(town, identifiers=[])
    actions.settle_identity(actor_of(town.diane), import_id=held.pk, person_id=elsewhere.pk)
    drain()
    held.refresh_from_db()
    assert held.state == ImportState.IMPORTED
    assert elsewhere.stays.filter(establishment=town.ehpad).exists()


def test_a_sensitive_record_never_answers_out_of_its_team(town: Town, elsewhere: Person) -> None:
    type(elsewhere.subject).objects.update(is_sensitive=True)
    before = JournalLine.objects.filter(subject_id=elsewhere.subject_id).count()
    assert brought(town, identifiers=[]).state == ImportState.IMPORTED
    assert brought(town).state == ImportState.HELD  # the newcomer alone, whom the office sees
    newcomer = Person.objects.exclude(pk=elsewhere.pk).get()
    assert Import.objects.latest("received_at").candidates.get() == newcomer
    assert JournalLine.objects.filter(subject_id=elsewhere.subject_id).count() == before


def test_a_sensitive_record_answers_those_who_see_it(town: Town, elsewhere: Person) -> None:
    type(elsewhere.subject).objects.update(is_sensitive=True)
    here = actor_of(town.command_line)
    held = receive(here, file_of(record(person=person(identifiers=[]))), establishment=town.ime)
    assert held.candidates.get() == elsewhere


def test_the_same_file_for_another_establishment_is_matched_as_any(
    town: Town, elsewhere: Person
) -> None:
    held = receive(actor_of(town.sofia), file_of(record(stays=[])), unit=town.unit_a)
    assert held.state == ImportState.HELD
    with collecting_reads():
        assert find_import(actor_of(town.sofia), held.pk).subject is None
    actions.settle_identity(actor_of(town.diane), import_id=held.pk, person_id=elsewhere.pk)
    drain()
    assert elsewhere.stays.get(establishment=town.ehpad).unit == town.unit_a
    again = receive(actor_of(town.sofia), file_of(record(stays=[])), unit=town.unit_a)
    assert (again.state, again.subject_id) == (ImportState.KNOWN, elsewhere.subject_id)


@pytest.mark.parametrize("is_shared", [False, True])
def test_what_another_establishment_holds_already_is_said_not_to_open(
    town: Town, elsewhere: Person, is_shared: bool
) -> None:
    type(elsewhere.subject).objects.update(is_shared_between_establishments=is_shared)
    held = receive(actor_of(town.sofia), file_of(record(stays=[])), unit=town.unit_a)
    actions.settle_identity(actor_of(town.diane), import_id=held.pk, person_id=elsewhere.pk)
    drain()
    said = held.lines.filter(code="held_elsewhere")
    with collecting_reads():
        read = documents_of(actor_of(town.denis), elsewhere.subject_id)
    assert (said.count(), len(read)) == ((0, 1) if is_shared else (1, 0))
    assert not held.lines.filter(value__contains=town.ime.name).exists()


def test_the_same_file_does_not_betray_a_sensitive_record(town: Town, elsewhere: Person) -> None:
    type(elsewhere.subject).objects.update(is_sensitive=True)
    received = receive(actor_of(town.sofia), file_of(record(stays=[])), unit=town.unit_a)
    assert received.state == ImportState.IMPORTED
    with collecting_reads():
        assert find_import(actor_of(town.sofia), received.pk).subject_id != elsewhere.subject_id


def test_a_file_writes_only_where_its_bringer_acts(town: Town) -> None:
    there = replace(STRUCTURE, key="1990000200", number="1990000200", name="IME La Clairière")
    sample = record(
        structures=[STRUCTURE, there],
        stays=[replace(stay(), structure=there.key)],
        notes=[replace(note(), structure=there.key)],
    )
    receive(actor_of(town.sofia), file_of(sample), unit=town.unit_a)
    here, written = Stay.objects.get(), Note.objects.get()
    for row in (here, written):
        assert row.establishment == town.ehpad
        assert row.received_structure
        assert row.received_structure.number == there.number
    assert here.unit == town.unit_a


def test_a_file_of_the_whole_operator_writes_in_each_establishment(town: Town) -> None:
    there = replace(STRUCTURE, key="1990000200", number="1990000200", name="IME La Clairière")
    sample = record(structures=[STRUCTURE, there], notes=[replace(note(), structure=there.key)])
    gaspard = actor_of(town.gaspard)
    receive(gaspard, file_of(sample), establishment=town.ehpad, unit=town.unit_a)
    assert Stay.objects.get().establishment == town.ehpad
    assert Note.objects.get().establishment == town.ime


@pytest.mark.parametrize("same", [{"identifiers": []}, {}], ids=("held", "proven"))
def test_each_comparison_is_journalled(
    town: Town, elsewhere: Person, same: dict[str, object]
) -> None:
    held = brought(town, **same)
    event = JournalEvent.objects.get(action="person.look_alikes", target_id=held.pk)
    assert (event.membership_id, event.is_write) == (town.sofia.pk, False)
    assert event.lines.get().subject_id == elsewhere.subject_id


@pytest.mark.parametrize(("family", "given"), [("", ""), ("E", "O"), ("LEROU", "Odet")])
def test_parts_of_names_match_nobody(
    town: Town, elsewhere: Person, family: str, given: str
) -> None:
    received = person(
        birth_family_name=family,
        used_family_name="",
        first_birth_given_name=given,
        used_given_name="",
        identifiers=[],
    )
    assert candidates_for(actor_of(town.sofia), received) == []


def test_what_is_elsewhere_or_nowhere_is_answered_alike(town: Town, elsewhere: Person) -> None:
    sofia, diane = actor_of(town.sofia), actor_of(town.diane)
    theirs = Import.objects.get()
    gestures = (
        lambda: find_import(sofia, theirs.pk),
        lambda: find_import(sofia, new_id()),
        lambda: find_received_item(diane, elsewhere, new_id()),
        lambda: record_in_transit(diane, new_id()),
    )
    for gesture in gestures:
        with pytest.raises(Refused) as refused:
            gesture()
        assert refused.value.is_hidden
