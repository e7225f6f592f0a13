"""Creating a person: by hand, received, refused."""

from datetime import date, timedelta

import pytest

from tests.factories.town import Town, actor_of
from tests.guards import BoundedQueries
from tests.persons.admissions import stay_in, today, traits
from virage.foundation.errors import Invalid, Refused
from virage.foundation.journal.models import JournalLine
from virage.persons.actions import create_person
from virage.persons.enums import InsOid, InsStatus, StayStatus
from virage.persons.models import Person, Stay

LONG = {
    "birth_family_name": "de la Rochefoucauld-Montbéliard",
    "first_birth_given_name": "",
    "birth_given_names": "Marie-Antoinette Ève",
    "used_family_name": "Lefèvre",
}


def test_typed_traits_are_kept_in_strict_form_with_their_first_stay(town: Town) -> None:
    stay = stay_in(town.unit_a)
    person = create_person(actor_of(town.sofia), traits=traits(**LONG), stay=stay)
    person = Person.objects.get(pk=person.pk)
    assert person.birth_family_name == "DE LA ROCHEFOUCAULD-MONTBELIARD"
    assert person.first_birth_given_name == "MARIE-ANTOINETTE"
    assert person.display_name == "Lefèvre Marie-Antoinette"
    assert " MONTBELIARD" in person.search_text
    assert person.stays.get().status == StayStatus.IN_PROGRESS
    assert person.ins_status == InsStatus.PROVISIONAL
    assert JournalLine.objects.filter(subject_id=person.subject_id).count() == 1


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"birth_family_name": "  "}, "birth_family_name"),
        ({"birth_given_names": ""}, "first_birth_given_name"),
        ({"first_birth_given_name": "Louise"}, "birth_given_names"),
        ({"birth_on": today() + timedelta(days=1)}, "birth_on"),
        ({"birth_on": date(1838, 3, 1)}, "birth_on"),
        ({"birth_place_code": "Paris"}, "birth_place_code"),
    ],
)
def test_typed_traits_that_do_not_hold_name_their_field(
    town: Town, changes: dict[str, object], field: str
) -> None:
    stay = stay_in(town.unit_a)
    with pytest.raises(Invalid) as refused:
        create_person(actor_of(town.sofia), traits=traits(**LONG | changes), stay=stay)
    assert field in refused.value.errors
    assert not Person.objects.exists()


def test_a_wrong_key_blocks_typing_and_not_reception(town: Town) -> None:
    stay = stay_in(town.unit_a)
    wrong = {"ins_value": "269054958815799", "ins_oid": InsOid.TEST}
    with pytest.raises(Invalid) as refused:
        create_person(actor_of(town.sofia), traits=traits(), stay=stay, **wrong)
    assert "clé" in refused.value.errors["ins_value"][0]
    partial = traits(**LONG | {"birth_on": None})
    person = create_person(
        actor_of(town.sofia), traits=partial, stay=stay, **wrong, is_received=True
    )
    assert person.ins_value == wrong["ins_value"]
    assert person.birth_family_name == "de la Rochefoucauld-Montbéliard"


def test_without_a_stay_only_the_whole_operator_creates(town: Town) -> None:
    with pytest.raises(Invalid):
        create_person(actor_of(town.sofia), traits=traits())
    assert create_person(actor_of(town.command_line), traits=traits()).stays.count() == 0


@pytest.mark.parametrize("who", ["alice", "bob", "diane", "tom"])
def test_who_does_not_write_the_administrative_volet_is_refused(town: Town, who: str) -> None:
    with pytest.raises(Refused) as refused:
        create_person(actor_of(getattr(town, who)), traits=traits(), stay=stay_in(town.unit_a))
    assert refused.value.condition == "matrix"


def test_a_stay_is_opened_where_the_actor_works(town: Town) -> None:
    with pytest.raises(Refused) as refused:
        create_person(actor_of(town.sofia), traits=traits(), stay=stay_in(town.ime_unit))
    assert refused.value.condition == "place"
    with pytest.raises(Refused) as refused:
        create_person(actor_of(town.command_line), traits=traits(), stay=stay_in(town.other_unit))
    assert refused.value.is_hidden


def test_a_unit_and_a_room_belong_to_what_they_are_in(town: Town) -> None:
    for place in ({"unit": town.ime_unit}, {"unit": town.unit_b, "room": town.room_a1}):
        stay = Stay(establishment=town.ehpad, entered_on=today(), **place)
        with pytest.raises(Invalid):
            create_person(actor_of(town.sofia), traits=traits(), stay=stay)
    assert not Person.objects.exists()


def test_a_creation_costs_few_statements(town: Town, queries: BoundedQueries) -> None:
    actor = actor_of(town.command_line)
    # One of them locks the operator: two who create the same person at once see each other.
    with queries(at_most=8):
        create_person(actor, traits=traits(), stay=stay_in(town.unit_a))
