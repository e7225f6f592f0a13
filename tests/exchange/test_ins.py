"""The INS of a person: as files bring it, as hands correct it, as it goes out."""

import json

import pytest

from tests.exchange.rows import receive_elsewhere, send
from tests.exchange.samples import file_of, person, receive, record
from tests.factories.town import Town, actor_of
from virage.formats.fhir.names import oid_system
from virage.formats.tddui.identifiers import INS_SYSTEMS
from virage.formats.tddui.record import BusinessIdentifier
from virage.foundation.national_numbers import nir_key
from virage.persons.actions import set_ins
from virage.persons.enums import InsOid
from virage.persons.models import Person

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
