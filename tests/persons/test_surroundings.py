"""Contacts, protection, covers, numbers, addresses: added, changed, removed."""

from copy import copy
from datetime import date
from typing import Any

import pytest

from tests.factories.town import Town, actor_of
from tests.persons.admissions import admit
from virage.foundation.coded import Coded
from virage.foundation.errors import Conflict, Invalid, Refused
from virage.foundation.journal.models import JournalEvent
from virage.persons.actions import (
    add_item,
    receive_surroundings,
    remove_item,
    update_item,
)
from virage.persons.models import (
    Contact,
    Coverage,
    LegalProtection,
    Person,
    PersonAddress,
    PersonIdentifier,
    PersonTelecom,
)


def phone(number: str) -> dict[str, str]:
    return {"system": "phone", "value": number, "use": ""}


BEFORE = date(1940, 1, 1)
TRUSTED = Coded(code="NOK", display="Personne de confiance")


@pytest.fixture
def rose(town: Town) -> Person:
    return admit(town, town.unit_a)


def test_a_contact_has_a_name_and_one_is_trusted(town: Town, rose: Person) -> None:
    sofia = actor_of(town.sofia)
    with pytest.raises(Invalid):
        add_item(sofia, person=rose, item=Contact(comment="Voisine"))
    add_item(sofia, person=rose, item=Contact(family_name="Lambert", role=TRUSTED))
    second = Contact(family_name="Roux", role=TRUSTED)
    with pytest.raises(Invalid) as refused:
        add_item(sofia, person=rose, item=second)
    assert list(refused.value.errors) == ["role"]
    receive_surroundings(sofia, person=rose, items=[second])
    assert rose.contacts.filter(pk=second.pk).exists()


def test_a_tutelle_names_its_holder_who_cannot_vanish(town: Town, rose: Person) -> None:
    sofia = actor_of(town.sofia)
    measure = LegalProtection(kind="tutelle", judged_on=date(2024, 5, 2), covers_goods=True)
    with pytest.raises(Invalid) as refused:
        add_item(sofia, person=rose, item=measure)
    assert list(refused.value.errors) == ["holder"]
    tutor = add_item(sofia, person=rose, item=Contact(family_name="Association du Val"))
    measure.holder = tutor
    add_item(sofia, person=rose, item=measure)
    with pytest.raises(Invalid):
        remove_item(sofia, item=tutor)
    remove_item(sofia, item=measure)
    remove_item(sofia, item=tutor)
    assert not rose.contacts.exists()
    assert JournalEvent.objects.filter(action="contact.remove").count() == 1


def test_a_tutelle_protects_the_person_her_goods_or_both(town: Town, rose: Person) -> None:
    sofia = actor_of(town.sofia)
    tutor = add_item(sofia, person=rose, item=Contact(family_name="Association du Val"))
    with pytest.raises(Invalid) as refused:
        add_item(sofia, person=rose, item=LegalProtection(kind="tutelle", holder=tutor))
    assert list(refused.value.errors) == ["covers_person"]
    received = LegalProtection(kind="tutelle", holder=tutor)
    receive_surroundings(sofia, person=rose, items=[received])
    changes = {"ends_on": date(2030, 5, 2)}
    kept = update_item(sofia, item=received, expected_version=1, changes=changes)
    kept = update_item(sofia, item=kept, expected_version=2, changes={"covers_goods": True})
    with pytest.raises(Invalid):
        update_item(sofia, item=kept, expected_version=3, changes={"covers_goods": False})


@pytest.mark.parametrize(
    ("dates", "field"),
    [
        ({"judged_on": date(2999, 1, 1)}, "judged_on"),
        ({"judged_on": date(2024, 5, 2), "ends_on": date(2024, 5, 1)}, "ends_on"),
    ],
)
def test_a_judgment_is_past_and_ends_later(
    town: Town, rose: Person, dates: dict[str, date], field: str
) -> None:
    measure = LegalProtection(kind="sauvegarde", **dates)
    with pytest.raises(Invalid) as refused:
        add_item(actor_of(town.sofia), person=rose, item=measure)
    assert list(refused.value.errors) == [field]


WRONG_KEY = "2 69 05 49 588 157 99"
NONSENSE = [
    (Coverage, {"starts_on": date(2025, 1, 2), "ends_on": BEFORE}),
    (Coverage, {"payer_name": "CPAM", "insured_number": WRONG_KEY}),
    (PersonIdentifier, {"kind": "PI", "value": "269054958815780"}),
    (PersonIdentifier, {"kind": "NH", "value": WRONG_KEY}),
    (PersonTelecom, {"system": "phone"}),
    (PersonTelecom, {"system": "phone", "value": "abc"}),
    (Contact, {"family_name": "Roux", "is_emergency_contact": True}),
    (Contact, {"family_name": "Roux", "telecoms": [phone("12")]}),
]


@pytest.mark.parametrize(("model", "values"), NONSENSE)
def test_what_makes_no_sense_is_refused_by_hand_and_kept_when_received(
    town: Town, rose: Person, model: Any, values: dict[str, Any]
) -> None:
    sofia = actor_of(town.sofia)
    with pytest.raises(Invalid):
        add_item(sofia, person=rose, item=model(**values))
    item = model(**values)
    receive_surroundings(sofia, person=rose, items=[item])
    assert model.objects.get(pk=item.pk).person == rose


@pytest.mark.parametrize(
    ("item", "changes"),
    [
        (
            Contact(family_name="Roux", is_emergency_contact=True, telecoms=[phone("abc")]),
            {"comment": "Vient le dimanche"},
        ),
        (
            Contact(family_name="Roux", is_emergency_contact=True),
            {"comment": "Vient le dimanche"},
        ),
        (
            Coverage(payer_name="CPAM", insured_number=WRONG_KEY),
            {"ends_on": date(2026, 1, 1)},
        ),
        (
            PersonTelecom(system="phone", value="abc"),
            {"use": "work"},
        ),
    ],
)
def test_a_number_received_stays_when_something_else_is_corrected(
    town: Town, rose: Person, item: Any, changes: dict[str, Any]
) -> None:
    sofia = actor_of(town.sofia)
    item = copy(item)
    receive_surroundings(sofia, person=rose, items=[item])
    assert update_item(sofia, item=item, expected_version=1, changes=changes).version == 2


def test_two_people_at_once_on_an_address(town: Town, rose: Person) -> None:
    sofia = actor_of(town.sofia)
    address = add_item(sofia, person=rose, item=PersonAddress(city="Ville-Inventée"))
    update_item(sofia, item=address, expected_version=1, changes={"city": "Bourg-Fictif"})
    with pytest.raises(Conflict) as conflict:
        update_item(sofia, item=address, expected_version=1, changes={"city": "Autreville"})
    assert conflict.value.theirs == "Commune : Bourg-Fictif"
    remove_item(sofia, item=PersonAddress.objects.get(pk=address.pk))
    with pytest.raises(Conflict) as conflict:
        update_item(sofia, item=address, expected_version=2, changes={"city": "Autreville"})
    assert conflict.value.theirs == "(retiré)"


def test_readers_do_not_write(town: Town, rose: Person) -> None:
    with pytest.raises(Refused):
        add_item(actor_of(town.alice), person=rose, item=Contact(family_name="Roux"))
