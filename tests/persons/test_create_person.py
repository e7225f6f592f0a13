"""Creating a person: by hand, received, refused."""

from datetime import date, timedelta

import pytest
from django.utils import timezone

from tests.factories.town import Town, actor_of, build_town
from virage.foundation.errors import Invalid, Refused
from virage.foundation.journal.models import JournalLine
from virage.persons.actions import create_person
from virage.persons.enums import InsOid, InsStatus, Sex, StayStatus
from virage.persons.models import Person, Stay
from virage.persons.rules import PersonTraits

pytestmark = pytest.mark.django_db

TODAY = timezone.localdate()


def traits(**changes: object) -> PersonTraits:
    known = {
        "birth_family_name": "de la Rochefoucauld-Montbéliard",
        "birth_given_names": "Marie-Antoinette Ève",
        "used_family_name": "Lefèvre",
        "sex": Sex.FEMALE,
        "birth_on": date(1938, 3, 1),
    }
    return PersonTraits(**known | changes)


@pytest.fixture
def town() -> Town:
    return build_town()


def test_typed_traits_are_kept_in_strict_form_with_their_first_stay(town: Town) -> None:
    stay = Stay(establishment=town.ehpad, unit=town.unit_a, entered_on=TODAY)
    person = create_person(actor_of(town.sofia), traits=traits(), stay=stay)
    person = Person.objects.get(pk=person.pk)
    assert person.birth_family_name == "DE LA ROCHEFOUCAULD-MONTBELIARD"
    assert person.first_birth_given_name == "MARIE-ANTOINETTE"
    assert person.display_name == "Lefèvre MARIE-ANTOINETTE"
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
        ({"birth_on": TODAY + timedelta(days=1)}, "birth_on"),
        ({"birth_on": date(1838, 3, 1)}, "birth_on"),
        ({"birth_place_code": "Paris"}, "birth_place_code"),
    ],
)
def test_typed_traits_that_do_not_hold_name_their_field(
    town: Town, changes: dict[str, object], field: str
) -> None:
    stay = Stay(establishment=town.ehpad, unit=town.unit_a, entered_on=TODAY)
    with pytest.raises(Invalid) as refused:
        create_person(actor_of(town.sofia), traits=traits(**changes), stay=stay)
    assert field in refused.value.errors
    assert not Person.objects.exists()


def test_a_wrong_key_blocks_typing_and_not_reception(town: Town) -> None:
    stay = Stay(establishment=town.ehpad, unit=town.unit_a, entered_on=TODAY)
    wrong = {"ins_value": "269054958815799", "ins_oid": InsOid.TEST}
    with pytest.raises(Invalid) as refused:
        create_person(actor_of(town.sofia), traits=traits(), stay=stay, **wrong)
    assert "clé" in refused.value.errors["ins_value"][0]
    person = create_person(
        actor_of(town.sofia), traits=traits(birth_on=None), stay=stay, **wrong, is_received=True
    )
    assert person.ins_value == wrong["ins_value"]
    assert person.birth_family_name == "de la Rochefoucauld-Montbéliard"


def test_without_a_stay_only_the_whole_operator_creates(town: Town) -> None:
    with pytest.raises(Invalid):
        create_person(actor_of(town.sofia), traits=traits())
    assert create_person(actor_of(town.command_line), traits=traits()).stays.count() == 0


@pytest.mark.parametrize(("who", "condition"), [("alice", "matrix"), ("bob", "matrix")])
def test_who_does_not_write_the_administrative_volet_is_refused(
    town: Town, who: str, condition: str
) -> None:
    with pytest.raises(Refused) as refused:
        create_person(actor_of(getattr(town, who)), traits=traits())
    assert refused.value.condition == condition
