"""Changing an identity: two people at once, locked traits, INS."""

from datetime import date

import pytest

from tests.factories.town import Town, actor_of
from tests.persons.admissions import admit
from virage.foundation.errors import Conflict, Invalid, Refused
from virage.foundation.journal.models import JournalEvent
from virage.persons.actions import (
    set_ins,
    unlock_traits,
    update_person,
)
from virage.persons.enums import InsOid, InsStatus
from virage.persons.models import Person

INS = "241039910100192"


@pytest.fixture
def rose(town: Town) -> Person:
    return admit(town, town.unit_a)


def qualify(person: Person) -> None:
    """Stand in for the national check, which alone qualifies."""
    Person.objects.filter(pk=person.pk).update(ins_status=InsStatus.QUALIFIED)
    person.refresh_from_db()


def test_a_change_is_searchable_versioned_and_journalled(town: Town, rose: Person) -> None:
    actor = actor_of(town.sofia)
    changes = {"birth_family_name": "Lambert-Ève", "used_given_name": "Rosette", "sex": "female"}
    update_person(actor, person=rose, expected_version=1, changes=changes)
    rose.refresh_from_db()
    assert (rose.birth_family_name, rose.version) == ("LAMBERT-EVE", 2)
    assert " EVE" in rose.search_text
    event = JournalEvent.objects.get(action="person.update")
    changed = ["birth_family_name", "used_given_name", "used_family_name"]
    assert event.detail == {"fields": changed}


def test_nothing_changed_writes_nothing(town: Town, rose: Person) -> None:
    actor = actor_of(town.sofia)
    update_person(actor, person=rose, expected_version=1, changes={"sex": "female"})
    rose.refresh_from_db()
    assert rose.version == 1


def test_two_people_at_once_see_both_texts_and_nothing_is_overwritten(
    town: Town, rose: Person
) -> None:
    actor = actor_of(town.sofia)
    mine = {"used_family_name": "Durand", "birth_on": date(1941, 3, 12)}
    update_person(actor, person=rose, expected_version=1, changes={"used_family_name": "Dupont"})
    with pytest.raises(Conflict) as conflict:
        update_person(actor, person=rose, expected_version=1, changes=mine)
    assert conflict.value.mine == "Nom utilisé : Durand"
    assert conflict.value.theirs == "Nom utilisé : Dupont"
    assert Person.objects.get(pk=rose.pk).used_family_name == "Dupont"


def test_strict_traits_of_a_verified_identity_are_locked_until_unlocked(
    town: Town, rose: Person
) -> None:
    actor = actor_of(town.sofia)
    qualify(rose)
    for changes in ({"birth_family_name": "Lembert"}, {"birth_on": date(1941, 3, 13)}):
        with pytest.raises(Invalid) as refused:
            update_person(actor, person=rose, expected_version=1, changes=changes)
        assert list(refused.value.errors) == list(changes)
    update_person(actor, person=rose, expected_version=1, changes={"used_given_name": "Rosie"})
    with pytest.raises(Invalid):
        unlock_traits(actor, person=rose, expected_version=2, reason=" ")
    rose = unlock_traits(actor, person=rose, expected_version=2, reason="Faute sur la carte")
    assert rose.ins_status == InsStatus.PROVISIONAL
    event = JournalEvent.objects.get(action="person.unlock_traits")
    assert (event.detail, event.purpose) == ({"former": "qualifiee"}, "Faute sur la carte")
    update_person(actor, person=rose, expected_version=3, changes={"birth_on": date(1941, 3, 13)})


def test_unlocking_journals_the_status_that_is_stored(town: Town, rose: Person) -> None:
    opened_before = Person.objects.get(pk=rose.pk)
    qualify(rose)
    unlock_traits(actor_of(town.sofia), person=opened_before, expected_version=1, reason="Carte")
    event = JournalEvent.objects.get(action="person.unlock_traits")
    assert event.detail == {"former": "qualifiee"}


def test_a_doubtful_identity_is_provisional(town: Town, rose: Person) -> None:
    qualify(rose)
    actor = actor_of(town.sofia)
    rose = update_person(actor, person=rose, expected_version=1, changes={"is_doubtful": True})
    assert rose.ins_status == InsStatus.PROVISIONAL


def test_birth_after_an_entry_is_refused(town: Town, rose: Person) -> None:
    with pytest.raises(Invalid) as refused:
        update_person(
            actor_of(town.sofia),
            person=rose,
            expected_version=1,
            changes={"birth_on": date(2025, 2, 1)},
        )
    assert list(refused.value.errors) == ["birth_on"]


def test_an_ins_typed_is_checked_and_stays_to_be_verified(town: Town, rose: Person) -> None:
    actor = actor_of(town.sofia)
    with pytest.raises(Invalid):
        set_ins(actor, person=rose, expected_version=1, value=INS[:-1] + "9", oid=InsOid.TEST)
    spaced = "2 41 03 99 101 001 92"
    rose = set_ins(actor, person=rose, expected_version=1, value=spaced, oid=InsOid.TEST)
    assert (rose.ins_value, rose.ins_status) == (INS, InsStatus.PROVISIONAL)


def test_an_ins_that_contradicts_a_trait_is_refused_by_hand(town: Town, rose: Person) -> None:
    actor = actor_of(town.sofia)
    man = {"value": "141039910100145", "oid": InsOid.TEST}
    with pytest.raises(Invalid) as refused:
        set_ins(actor, person=rose, expected_version=1, **man)
    (said,) = refused.value.errors["ins_value"]
    assert "sexe" in said
    rose = set_ins(actor, person=rose, expected_version=1, value=INS, oid=InsOid.TEST)
    changes = {"sex": "male", "birth_on": date(1941, 4, 12), "used_given_name": "Rosie"}
    with pytest.raises(Invalid) as refused:
        update_person(actor, person=rose, expected_version=2, changes=changes)
    assert list(refused.value.errors) == ["sex", "birth_on"]


def test_what_is_received_contradicts_and_is_still_completed(town: Town, rose: Person) -> None:
    importer, actor = actor_of(town.command_line), actor_of(town.sofia)
    man = {"value": "141049910100161", "oid": InsOid.TEST}
    rose = set_ins(importer, person=rose, expected_version=1, **man, is_received=True)
    changes = {"used_given_name": "Rosie", "birth_place_name": "Alger"}
    assert update_person(actor, person=rose, expected_version=2, changes=changes).version == 3
    correct = {"sex": "male", "birth_on": date(1941, 4, 12)}
    assert update_person(actor, person=rose, expected_version=3, changes=correct).version == 4


def test_no_gesture_writes_a_locked_ins(town: Town, rose: Person) -> None:
    qualify(rose)
    with pytest.raises(Invalid):
        set_ins(actor_of(town.sofia), person=rose, expected_version=1, value="", oid="")


def test_an_ins_received_takes_away_what_the_check_gave(town: Town, rose: Person) -> None:
    qualify(rose)
    received = {"value": INS, "oid": InsOid.TEST, "is_received": True}
    set_ins(actor_of(town.sofia), person=rose, expected_version=1, **received)
    rose.refresh_from_db()
    assert (rose.ins_value, rose.ins_status) == (INS, InsStatus.PROVISIONAL)


@pytest.mark.parametrize(
    ("who", "condition"), [("alice", "matrix"), ("basile", "care_team"), ("charlie", "hidden")]
)
def test_who_may_not_write_is_told_why(town: Town, rose: Person, who: str, condition: str) -> None:
    actor = actor_of(getattr(town, who))
    with pytest.raises(Refused) as refused:
        update_person(actor, person=rose, expected_version=1, changes={"sex": "male"})
    assert refused.value.condition == condition
