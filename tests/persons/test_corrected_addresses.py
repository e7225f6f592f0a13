"""An address corrected in a form keeps all that the correction does not make false."""

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from tests.factories.town import Town, actor_of
from virage.persons import actions
from virage.persons.models import Contact, Person, PersonAddress

RECEIVED_ADDRESS = {
    "use": "home",
    "house_number": "3",
    "street": "rue des Lilas",
    "lines": ["Bâtiment B", "3 rue des Lilas, au fond"],
    "postal_code": "99100",
    "city": "Bourg-Fictif",
    "district": "Nord",
    "state": "Val",
    "country": "CHE",
    "insee_code": "99100",
}
ELSEWHERE = {"district": "", "state": "", "insee_code": ""}
ANOTHER_STREET = {"street": "8 quai Neuf", "house_number": "", "lines": ["Bâtiment B"]}


@pytest.mark.parametrize(
    ("typed", "changed"),
    [
        ({"city": "Autreville"}, {"city": "Autreville"} | ELSEWHERE),
        ({"postal_code": "99200"}, {"postal_code": "99200"} | ELSEWHERE),
        ({"street": "8 quai Neuf"}, ANOTHER_STREET),
    ],
)
def test_a_change_of_address_drops_what_it_makes_false_alone(
    office: Client, town: Town, rose: Person, typed: dict[str, str], changed: dict[str, Any]
) -> None:
    telecoms = [{"system": "phone", "value": "01 99 00 12 34", "use": "home"}]
    contact = Contact(family_name="Roux", telecoms=telecoms, addresses=[RECEIVED_ADDRESS])
    actor = actor_of(town.command_line)
    actions.receive_surroundings(actor, person=rose, items=[contact])
    url = reverse("persons:item_edit", args=[rose.pk, "contacts", contact.pk])
    form = office.get(url).context["form"]
    shown = {name: form[name].value() or "" for name in form.fields}
    typed = typed | {"phone": "01 99 00 12 35"}
    assert office.post(url, shown | typed).status_code == 302
    contact.refresh_from_db()
    assert contact.addresses == [RECEIVED_ADDRESS | changed]
    assert contact.telecoms == [telecoms[0] | {"value": "01 99 00 12 35"}]


def test_an_address_of_the_person_leaves_the_code_of_the_former_commune(
    office: Client, town: Town, rose: Person
) -> None:
    actor = actor_of(town.sofia)
    address = PersonAddress(city="Bourg-Fictif", insee_code="99100", lines=["Bâtiment B"])
    actions.add_item(actor, person=rose, item=address)
    url = reverse("persons:item_edit", args=[rose.pk, "adresses", address.pk])
    assert office.post(url, {"city": "Autreville", "version": "1"}).status_code == 302
    address.refresh_from_db()
    assert (address.city, address.insee_code, address.lines) == ("Autreville", "", ["Bâtiment B"])
