"""The INS of a person: as files bring it, as hands correct it, as it goes out."""

import json
from datetime import date

import pytest

from tests.exchange.rows import receive_elsewhere, send
from tests.exchange.samples import file_of, person, receive, record
from tests.factories.town import Town, actor_of
from virage.exchange.actions import settle_identity
from virage.exchange.enums import ImportState
from virage.exchange.models import Import, ImportLine
from virage.formats.fhir.names import oid_system
from virage.formats.tddui.identifiers import INS_SYSTEMS
from virage.formats.tddui.record import BusinessIdentifier
from virage.foundation.journal.collector import collecting_reads
from virage.foundation.national_numbers import nir_key
from virage.foundation.outbox.actions import drain
from virage.persons.actions import set_ins
from virage.persons.enums import InsOid
from virage.persons.models import Person
from virage.persons.queries.doubles import look_alike_ids
from virage.persons.queries.searching import search
from virage.persons.rules import PersonTraits

NUMBER = person().identifiers[0]


def nir(body: str) -> str:
    return body + nir_key(body)


INS, OTHER_INS = nir("2380599352017"), nir("2380599352018")


def ins(value: str = INS, oid: str = InsOid.TEST, use: str = "official") -> BusinessIdentifier:
    return BusinessIdentifier(value=value, system=oid_system(oid), use=use)


def brought(town: Town, *numbers: BusinessIdentifier) -> Person:
    """Return the person that a file with these numbers makes or completes."""
    receive(actor_of(town.sofia), file_of(record(person=person(identifiers=[NUMBER, *numbers]))))
    return Person.objects.get()


def correct(town: Town, who: Person, value: str) -> None:
    oid = InsOid.TEST if value else ""
    sofia = actor_of(town.sofia)
    set_ins(sofia, person=who, expected_version=who.version, value=value, oid=oid)
    who.refresh_from_db()


def ins_sent(who: Person) -> list[tuple[str, str]]:
    """Return the INS that an export says, each with its use."""
    bundle = json.loads(send(who))
    patient = bundle["entry"][0]["resource"]
    return [
        (one["value"], one["use"]) for one in patient["identifier"] if one["system"] in INS_SYSTEMS
    ]


@pytest.mark.parametrize(
    ("typed", "sent"),
    [
        ([""], [(INS, "old")]),
        ([OTHER_INS], [(OTHER_INS, "official"), (INS, "old")]),
        ([OTHER_INS, INS], [(INS, "official")]),
    ],
)
def test_an_ins_corrected_by_hand_goes_out_as_an_old_one(
    town: Town, typed: list[str], sent: list[tuple[str, str]]
) -> None:
    here = brought(town, ins())
    for value in typed:
        correct(town, here, value)
    assert ins_sent(here) == sent
    there = receive_elsewhere(send(here))
    assert there.ins_value == typed[-1]
    assert ins_sent(there) == sent


def someone_else_with(town: Town, *numbers: BusinessIdentifier) -> Import:
    """Receive a file about a person of other names and birth, under these numbers."""
    stranger = person(
        identifiers=list(numbers),
        birth_family_name="BRIAND",
        birth_given_names="Zoé",
        first_birth_given_name="Zoé",
        birth_on=date(1940, 1, 1),
    )
    return receive(actor_of(town.sofia), file_of(record(person=stranger, stays=[], events=[])))


@pytest.mark.parametrize("second", [ins(), ins(oid=InsOid.NIA)])
def test_an_ins_that_a_second_file_brings_finds_her_from_then_on(
    town: Town, second: BusinessIdentifier
) -> None:
    brought(town, *([] if second == ins() else [ins(OTHER_INS)]))
    here = brought(town, second)
    assert here.ins_value == (INS if second == ins() else OTHER_INS)
    assert someone_else_with(town, second).candidates.get() == here
    sofia = actor_of(town.sofia)
    unlike = PersonTraits(birth_family_name="BRIAND", birth_on=date(1950, 1, 1))
    assert look_alike_ids(sofia, unlike, INS) == {here.pk}
    with collecting_reads():
        assert len(search(sofia, INS).rows) == 1


def test_an_ins_taken_off_by_hand_does_not_come_back_nor_find_her(town: Town) -> None:
    brought(town)
    here = brought(town, ins())
    correct(town, here, "")
    assert brought(town, ins(), ins(OTHER_INS, use="old")).ins_value == ""
    assert ImportLine.objects.filter(code="ins_set_aside").count() == 1
    assert someone_else_with(town, ins()).state == ImportState.IMPORTED


@pytest.mark.parametrize(
    ("second", "state"),
    [
        (ins(OTHER_INS), ImportState.HELD),
        (ins(OTHER_INS, use="old"), ImportState.IMPORTED),
        (ins(OTHER_INS, oid=InsOid.NIA), ImportState.IMPORTED),
        (ins(f"{INS[:13]}01"), ImportState.IMPORTED),
    ],
)
def test_another_ins_of_the_same_registry_is_for_a_human(
    town: Town, second: BusinessIdentifier, state: ImportState
) -> None:
    here = brought(town, ins())
    brought(town, second)
    last = Import.objects.order_by("received_at").last()
    assert last is not None
    assert last.state == state
    here.refresh_from_db()
    assert here.ins_value == INS


def test_a_thousand_ins_in_one_identity_make_one_condition(town: Town) -> None:
    many = [ins(nir(f"238059935{rank:04}"), use="usual") for rank in range(1200)]
    assert brought(town, ins(), *many).ins_value == INS


def test_once_a_human_said_it_is_her_the_other_ins_is_hers_too(town: Town) -> None:
    here = brought(town, ins())
    brought(town, ins(OTHER_INS))
    held = Import.objects.get(state=ImportState.HELD)
    settle_identity(actor_of(town.sofia), import_id=held.pk, person_id=here.pk)
    drain()
    assert ins_sent(here) == [(INS, "official"), (OTHER_INS, "old")]
    brought(town, ins(OTHER_INS), NUMBER)
    assert not Import.objects.filter(state=ImportState.HELD).exists()
