"""The other two conditions, and the dates of the first: who sees what, the day it changes."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from uuid import UUID

import pytest

from tests.access.world import AT, LONG_AGO, World, admit, note_by, undone
from tests.factories.town import SINCE, actor_of, hire
from virage.directory import actions, queries
from virage.directory.enums import EstablishmentKind
from virage.exchange.models import Import
from virage.exchange.queries.imports import find_import
from virage.foundation.access.actor import Actor
from virage.foundation.access.enums import Cell, Reach, SubjectKind, Volet
from virage.foundation.access.models import Restriction, Subject
from virage.foundation.access.predicates import items_visible_to, subjects_visible_to
from virage.foundation.access.verdict import refusal
from virage.foundation.errors import Refused
from virage.persons.enums import StayStatus
from virage.persons.models import Person, Referent, Stay
from virage.record.models import Note

TODAY = date(2026, 3, 16)
YESTERDAY, TOMORROW = TODAY - timedelta(days=1), TODAY + timedelta(days=1)
HOUR = timedelta(hours=1)


def planned(day: date | None) -> dict[str, object]:
    return {"status": StayStatus.PLANNED, "entered_on": None, "planned_entry_on": day}


@pytest.fixture(autouse=True)
def own_changes(world: World) -> Iterator[None]:
    with undone():
        yield


def knows(actor: Actor, person: Person) -> bool:
    return Person.objects.filter(subjects_visible_to(actor), pk=person.pk).exists()


def reads(actor: Actor, note: Note) -> bool:
    return Note.objects.filter(items_visible_to(actor), pk=note.pk).exists()


def condition(actor: Actor, person: Person) -> str:
    why = refusal(actor, Cell.READ, Subject.objects.get(pk=person.subject_id), Volet.CARE)
    return why.condition if why else ""


def alice_of(world: World) -> UUID:
    return world.actors["alice"].professional_id


@pytest.mark.parametrize(
    ("columns", "closed_to"),
    [
        ({"professional_id": alice_of}, {"alice"}),
        ({"profession": "nurse"}, {"alice"}),
        ({"profession": "care_assistant"}, {"aude"}),
        ({"profession": "director"}, {"diane", "gaspard"}),
        ({"profession": "nurse", "ended_at": AT + HOUR}, {"alice"}),
        ({"profession": "nurse", "ended_at": AT}, set()),
        ({"profession": "nurse", "ended_at": AT - HOUR}, set()),
    ],
)
def test_an_objection_closes_the_record_while_it_lasts(
    world: World, columns: dict[str, object], closed_to: set[str]
) -> None:
    rose = world.persons["rose"]
    note = note_by(world.actors["diane"], rose, Volet.SOCIO_EDUCATIVE)
    note.save()
    columns = {name: value(world) if callable(value) else value for name, value in columns.items()}
    Restriction.objects.create(subject=rose.subject, reason="La personne s’y oppose.", **columns)
    for name in ("alice", "aude", "diane", "gaspard"):
        actor = actor_of(getattr(world.town, name), AT)
        is_open = name not in closed_to
        assert (knows(actor, rose), reads(actor, note)) == (is_open, is_open), name
        assert (condition(actor, rose) == "restriction") is not is_open


@pytest.mark.parametrize("by_profession", [True, False])
def test_a_restriction_on_an_item_hides_it_alone(world: World, by_profession: bool) -> None:
    alice, aude, rose = world.actors["alice"], actor_of(world.town.aude, AT), world.persons["rose"]
    kept, shown = note_by(aude, rose), note_by(aude, rose)
    Note.objects.bulk_create([kept, shown])
    Restriction.objects.create(
        subject=rose.subject,
        item_id=kept.pk,
        reason="Confié à une seule personne.",
        **{"profession": "nurse"} if by_profession else {"professional_id": alice.professional_id},
    )
    assert knows(alice, rose) and reads(alice, shown) and not reads(alice, kept)
    assert reads(aude, kept)


def test_an_objection_closes_the_file_that_the_record_came_in(world: World) -> None:
    sofia, rose = actor_of(world.town.sofia, AT), world.persons["rose"]
    place = {"operator": world.town.operator, "establishment": world.town.ehpad}
    received = Import.objects.create(
        **place, membership_id=sofia.membership_id, size_bytes=1, subject=rose.subject
    )
    assert find_import(sofia, received.pk) == received
    Restriction.objects.create(subject=rose.subject, profession="secretary", reason="Opposition.")
    with pytest.raises(Refused, match="opposée"):
        find_import(sofia, received.pk)


def test_an_objection_closes_that_person_s_record_alone(world: World) -> None:
    alice, rose, louis = world.actors["alice"], world.persons["rose"], world.persons["louis"]
    Restriction.objects.create(subject=rose.subject, profession="nurse", reason="Opposition.")
    assert not knows(alice, rose) and knows(alice, louis)


def test_a_sensitive_record_does_not_exist_outside_its_team(world: World) -> None:
    marcel, alice, basile = (
        world.persons["marcel"],
        world.actors["alice"],
        actor_of(world.town.basile, AT),
    )
    assert condition(alice, marcel) == "care_team"
    Subject.objects.filter(pk=marcel.subject_id).update(is_sensitive=True)
    assert condition(alice, marcel) == "hidden"
    assert knows(basile, marcel) and condition(basile, marcel) == ""
    Restriction.objects.create(
        subject=marcel.subject, professional_id=basile.professional_id, reason="Opposition."
    )
    assert condition(basile, marcel) == "hidden"


def test_each_establishment_reads_what_it_wrote_unless_the_record_is_shared(world: World) -> None:
    town, ines = world.town, world.persons["ines"]
    office = actor_of(town.command_line, AT)
    sessad = actions.create_establishment(
        office, name="SESSAD La Clairière", kind=EstablishmentKind.SESSAD
    )
    service = actions.create_unit(office, establishment=sessad, name="Domicile")
    Stay.objects.create(
        operator=town.operator,
        person=ines,
        subject=ines.subject,
        establishment=sessad,
        unit=service,
        entered_on=LONG_AGO,
    )
    lea = actor_of(hire(office, "Léa Simon", "educator", sessad, units=[service]), AT)
    bob, gaspard = world.actors["bob"], world.actors["gaspard"]
    written = {
        author: note_by(author, ines, Volet.SOCIO_EDUCATIVE, establishment_id=place.pk)
        for author, place in ((bob, town.ime), (lea, sessad))
    }
    Note.objects.bulk_create(written.values())
    of_ime, of_sessad = written.values()
    assert knows(bob, ines) and knows(lea, ines)
    assert reads(bob, of_ime) and not reads(bob, of_sessad)
    assert reads(lea, of_sessad) and not reads(lea, of_ime)
    assert reads(gaspard, of_ime) and reads(gaspard, of_sessad)
    Subject.objects.filter(pk=ines.subject_id).update(is_shared_between_establishments=True)
    assert all(reads(actor, note) for actor in (bob, lea) for note in written.values())


@pytest.mark.parametrize(
    ("columns", "in_unit", "in_establishment"),
    [
        ({"exited_on": YESTERDAY}, False, True),
        ({"exited_on": TODAY}, True, True),
        ({"exited_on": TOMORROW}, True, True),
        ({"status": StayStatus.FINISHED}, False, True),
        (planned(None), False, True),
        (planned(date(2028, 9, 1)), False, True),
        (planned(TODAY + timedelta(days=16)), False, True),
        (planned(TODAY + timedelta(days=15)), True, True),
        (planned(YESTERDAY), True, True),
        ({"entered_on": date(2028, 9, 1)}, False, True),
        ({"entered_on": None}, True, True),
        ({"status": StayStatus.CANCELLED}, False, True),
        ({"unit": None}, False, True),
    ],
)
def test_a_unit_reaches_its_current_stays_and_the_office_all_of_them(
    world: World, columns: dict[str, object], in_unit: bool, in_establishment: bool
) -> None:
    rose = world.persons["rose"]
    rose.stays.update(**columns)
    assert knows(world.actors["alice"], rose) is in_unit
    assert knows(world.actors["diane"], rose) is in_establishment


def test_a_person_who_moves_changes_teams(world: World) -> None:
    rose, basile = world.persons["rose"], actor_of(world.town.basile, AT)
    rose.stays.update(unit=world.town.unit_b)
    assert not knows(world.actors["alice"], rose) and knows(basile, rose)


def test_the_last_day_ends_at_midnight_in_paris(world: World) -> None:
    world.persons["rose"].stays.update(exited_on=TODAY)
    Referent.objects.update(ends_on=TODAY)
    evening = datetime(2026, 3, 16, 22, 59, tzinfo=UTC)
    for at, is_open in ((evening, True), (evening + timedelta(minutes=2), False)):
        for name in ("rose", "louis"):
            assert knows(replace(world.actors["alice"], at=at), world.persons[name]) is is_open


@pytest.mark.parametrize(
    ("starts_on", "ends_on", "is_open"),
    [
        (TODAY, None, True),
        (TOMORROW, None, False),
        (LONG_AGO, TODAY, True),
        (LONG_AGO, YESTERDAY, False),
    ],
)
def test_a_referent_reaches_between_two_days(
    world: World, starts_on: date, ends_on: date | None, is_open: bool
) -> None:
    louis, alice = world.persons["louis"], world.actors["alice"]
    Referent.objects.update(starts_on=starts_on, ends_on=ends_on)
    assert knows(alice, louis) is is_open
    assert condition(alice, louis) == ("" if is_open else "care_team")


def test_a_referent_of_another_operator_reaches_nobody(world: World) -> None:
    rose, charlie = world.persons["rose"], world.actors["charlie"]
    Referent.objects.create(
        subject=rose.subject, professional_id=charlie.professional_id, starts_on=LONG_AGO
    )
    assert not knows(charlie, rose) and condition(charlie, rose) == "hidden"


@pytest.mark.parametrize(
    ("starts_on", "ends_on", "is_in_force"),
    [
        (SINCE, None, True),
        (SINCE, TODAY, True),
        (SINCE, YESTERDAY, False),
        (TODAY, None, True),
        (TOMORROW, None, False),
    ],
)
def test_a_situation_acts_between_two_days(
    world: World, starts_on: date, ends_on: date | None, is_in_force: bool
) -> None:
    membership = world.town.alice
    type(membership).objects.filter(pk=membership.pk).update(starts_on=starts_on, ends_on=ends_on)
    account = membership.professional.account
    assert (queries.actor_for(account, membership.pk, AT) is not None) is is_in_force


def test_a_situation_is_its_owner_s_and_dies_with_the_account(world: World) -> None:
    alice, aude = world.town.alice, world.town.aude
    account = alice.professional.account
    assert queries.actor_for(account, aude.pk, AT) is None
    account.is_active = False
    assert queries.actor_for(account, alice.pk, AT) is None


def test_two_situations_of_one_person_do_not_add_up(world: World) -> None:
    """As director of the IME, Alice does not read what she reads as a nurse of the EHPAD."""
    town = world.town
    second = actions.open_membership(
        actor_of(town.command_line, AT),
        professional=town.alice.professional,
        profession="director",
        establishment=town.ime,
        reach=Reach.ESTABLISHMENT,
        starts_on=SINCE,
    )
    as_director, as_nurse = actor_of(second, AT), world.actors["alice"]
    note = note_by(actor_of(town.aude, AT), world.persons["rose"])
    note.save()
    assert knows(as_director, world.persons["ines"]) and not knows(as_nurse, world.persons["ines"])
    assert reads(as_nurse, note) and not reads(as_director, note)


def test_a_person_without_any_stay_is_known_to_the_whole_operator_alone(world: World) -> None:
    town = world.town
    zoe = admit(actor_of(town.command_line, AT), "Zoé", town.unit_a)
    zoe.stays.all().delete()
    assert knows(world.actors["gaspard"], zoe)
    assert not any(knows(world.actors[name], zoe) for name in ("alice", "diane", "bob", "charlie"))


def test_the_whole_operator_is_its_persons_and_not_its_establishments(world: World) -> None:
    known = Subject.objects.filter(subjects_visible_to(world.actors["gaspard"], "id"))
    assert set(known.values_list("kind", flat=True)) == {SubjectKind.PERSON}


def test_a_situation_that_reaches_nobody_does_so_for_a_referent_too(world: World) -> None:
    alice = replace(world.actors["alice"], reach=Reach.NOBODY)
    assert not any(knows(alice, person) for person in world.persons.values())
