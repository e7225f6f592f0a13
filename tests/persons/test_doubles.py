"""One record for one person in the whole operator: who is not created a second time by hand."""

from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest

from tests.factories.town import Town, actor_of
from tests.persons.admissions import admit, stay_in, traits
from virage.foundation.access.models import Restriction, Subject
from virage.foundation.errors import Conflict, Refused
from virage.foundation.journal.collector import collecting_reads
from virage.persons.actions import create_person
from virage.persons.enums import InsOid
from virage.persons.models import Person

INS = {"ins_value": "269054958815780", "ins_oid": InsOid.TEST}


@pytest.fixture(autouse=True)
def journal(db: None) -> Iterator[None]:
    with collecting_reads():
        yield


def create(town: Town, ins: dict[str, Any] | None = None, **changes: Any) -> Person:
    """Create by hand, at the home's office."""
    who = traits(**changes)
    stay = stay_in(town.unit_a)
    return create_person(actor_of(town.sofia), traits=who, stay=stay, **ins or {})


@pytest.mark.parametrize(
    ("held", "typed"),
    [
        ({}, {}),
        ({}, {"birth_family_name": "LAMBERT", "used_family_name": "Petit"}),
        ({"birth_place_code": ""}, {}),
        ({}, {"birth_place_code": ""}),
        (INS, {"birth_family_name": "Moreau", "birth_on": date(1950, 1, 1), "ins": INS}),
    ],
)
def test_the_same_person_out_of_sight_is_not_created_again(
    town: Town, held: dict[str, Any], typed: dict[str, Any]
) -> None:
    admit(town, town.ime_unit, **held)
    with pytest.raises(Refused) as refused:
        create(town, **typed)
    assert (refused.value.condition, refused.value.is_hidden) == ("double", False)
    assert "la direction de tout l’organisme" in refused.value.whom_to_ask
    assert Person.objects.count() == 1


@pytest.mark.parametrize(
    "typed",
    [
        {"birth_on": date(1941, 3, 13)},
        {"sex": "male"},
        {"first_birth_given_name": "Rosa"},
        {"birth_place_code": "75056"},
    ],
)
def test_one_other_trait_makes_another_person(town: Town, typed: dict[str, Any]) -> None:
    admit(town, town.ime_unit)
    assert create(town, **typed).pk


def test_what_was_received_in_small_letters_is_the_same_name(town: Town) -> None:
    create_person(
        actor_of(town.command_line), traits=traits(birth_family_name="lambert"), is_received=True
    )
    with pytest.raises(Refused):
        create(town)


def test_a_sensitive_record_and_another_operator_never_answer(town: Town) -> None:
    hidden = admit(town, town.ime_unit)
    Subject.objects.filter(pk=hidden.subject_id).update(is_sensitive=True)
    Person.objects.filter(pk=admit(town, town.ime_unit).pk).update(operator=town.other_operator)
    assert create(town).pk


def test_a_record_closed_to_the_actor_is_known_all_the_same(town: Town) -> None:
    rose = admit(town, town.unit_a)
    Restriction.objects.create(subject=rose.subject, profession="secretary", reason="Opposition.")
    with pytest.raises(Refused):
        create(town)


def test_each_look_alike_must_be_declared_someone_else(town: Town) -> None:
    rose, rosa = admit(town, town.unit_a), admit(town, town.unit_a, "Rosa")
    who, stay = traits(first_birth_given_name="Roza"), stay_in(town.unit_a)
    for declared in ((), (rose.pk,)):
        with pytest.raises(Conflict):
            create_person(actor_of(town.sofia), traits=who, stay=stay, other_person_ids=declared)
    assert Person.objects.count() == 2
    both = (rose.pk, rosa.pk)
    assert create_person(actor_of(town.sofia), traits=who, stay=stay, other_person_ids=both).pk
