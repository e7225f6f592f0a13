"""One record for one person in the whole operator: who is not created a second time by hand."""

from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest

from tests.factories.town import Town, actor_of
from tests.persons.admissions import admit, stay_in, traits
from virage.foundation.access.models import Restriction, Subject
from virage.foundation.errors import Conflict, Invalid, Refused
from virage.foundation.journal.collector import collecting_reads
from virage.persons.actions import create_person, set_ins, update_person
from virage.persons.enums import InsOid
from virage.persons.models import Person
from virage.persons.queries.doubles import look_alikes

BEFORE = date(1940, 3, 12)
INS = {"ins_value": "241039910100192", "ins_oid": InsOid.TEST}


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
        ({}, {"sex": "unknown"}),
        ({"sex": "unknown"}, {}),
        (INS, {"birth_family_name": "Moreau", "birth_on": date(1941, 3, 30), "ins": INS}),
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


@pytest.mark.parametrize("other", [{"first_birth_given_name": "Rosa"}, {"birth_on": BEFORE}])
def test_nobody_is_corrected_into_a_person_out_of_sight(town: Town, other: dict[str, Any]) -> None:
    rose = admit(town, town.ime_unit)
    typed = create(town, **other)
    changes = {name: getattr(rose, name) for name in (*other, "birth_given_names")}
    sofia = actor_of(town.sofia)
    with pytest.raises(Refused) as refused:
        update_person(sofia, person=typed, expected_version=1, changes=changes)
    assert refused.value.condition == "double"
    assert "compare les deux dossiers" in refused.value.whom_to_ask
    typed.refresh_from_db()
    assert {name: getattr(typed, name) for name in other} == other | {
        name: value.upper() for name, value in other.items() if isinstance(value, str)
    }


def test_the_ins_of_a_person_out_of_sight_is_not_given_to_another(town: Town) -> None:
    admit(town, town.ime_unit, **INS)
    typed = create(town, birth_family_name="Moreau")
    given = {"value": INS["ins_value"], "oid": INS["ins_oid"]}
    with pytest.raises(Refused) as refused:
        set_ins(actor_of(town.sofia), person=typed, expected_version=1, **given)
    assert refused.value.condition == "double"
    typed.refresh_from_db()
    assert typed.ins_value == ""


def test_an_ins_has_one_record_whatever_a_human_declares(town: Town) -> None:
    rose = admit(town, town.unit_a, **INS)
    sofia, other = actor_of(town.sofia), traits(birth_family_name="Moreau")
    with pytest.raises(Invalid) as refused:
        create_person(
            sofia, traits=other, stay=stay_in(town.unit_a), other_person_ids=[rose.pk], **INS
        )
    assert list(refused.value.errors) == ["ins_value"]
    moreau = admit(town, town.unit_a, family_name="Moreau")
    given = {"value": INS["ins_value"], "oid": INS["ins_oid"]}
    with pytest.raises(Invalid) as refused:
        set_ins(sofia, person=moreau, expected_version=1, **given)
    assert list(refused.value.errors) == ["ins_value"]
    set_ins(sofia, person=moreau, expected_version=1, value=INS["ins_value"], oid=InsOid.DEMO)
    set_ins(sofia, person=rose, expected_version=1, **given)


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


def test_a_namesake_of_another_birth_date_is_asked_about_after_the_likelier(town: Town) -> None:
    namesake = admit(town, town.unit_a, birth_on=date(1936, 12, 12))
    likelier = admit(town, town.unit_a, "Rosa", birth_on=date(1936, 12, 21))
    sofia, who = actor_of(town.sofia), traits(birth_on=date(1936, 12, 21))
    with pytest.raises(Conflict):
        create_person(sofia, traits=who, stay=stay_in(town.unit_a), other_person_ids=[likelier.pk])
    assert [(one.row.person_id, one.reasons[-1]) for one in look_alikes(sofia, who)] == [
        (likelier.pk, "Même date de naissance"),
        (namesake.pk, "Date de naissance différente"),
    ]


def test_a_namesake_by_birth_is_asked_about_whatever_name_she_goes_by(town: Town) -> None:
    gone_by = {"used_family_name": "Martelin", "birth_on": date(1936, 12, 12)}
    namesake = admit(town, town.unit_a, **gone_by)
    who = traits(used_family_name="Quéméner", birth_on=date(1936, 12, 21))
    assert [one.row.person_id for one in look_alikes(actor_of(town.sofia), who)] == [namesake.pk]
