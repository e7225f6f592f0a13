"""An operator of forty-nine establishments: choices by group, lists that cost no more."""

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from tests.factories.town import Town, actor_of, hire, sign_in
from virage.directory.actions import create_establishment, update_establishment
from virage.directory.forms.places import EstablishmentField, by_town
from virage.directory.models import Establishment, Unit
from virage.directory.rules import town_of
from virage.foundation.access.enums import Reach, SubjectKind
from virage.foundation.access.models import Subject

pytestmark = pytest.mark.django_db


@pytest.fixture
def large(town: Town) -> Town:
    """Forty-nine establishments in seven communes, six units each."""
    places = [
        Establishment(
            operator=town.operator,
            subject=Subject(operator_id=town.operator.pk, kind=SubjectKind.ESTABLISHMENT),
            name=f"Foyer {number:02}",
            kind="437",
            town=f"Commune {number % 7}",
        )
        for number in range(47)
    ]
    Subject.objects.bulk_create([one.subject for one in places])
    Establishment.objects.bulk_create(places)
    Unit.objects.bulk_create(
        [Unit(establishment=one, name=f"Unité {n}") for one in places for n in range(6)]
    )
    return town


@pytest.mark.parametrize(
    ("address", "town"),
    [
        ("4 rue Haute, 99120 Vaumarin", "Vaumarin"),
        ("BP 12, 49000, Saint-Orens-sur-Lys Cedex 3", "Saint-Orens-sur-Lys"),
        ("4 rue Haute\n44000 Nantes", "Nantes"),
        ("4 rue Haute", ""),
        ("", ""),
    ],
)
def test_the_commune_follows_the_postal_code(address: str, town: str) -> None:
    assert town_of(address) == town


def test_a_corrected_address_moves_the_establishment(town: Town) -> None:
    office = actor_of(town.gaspard)
    home = create_establishment(office, name="Foyer", address="1 rue A, 99120 Vaumarin")
    assert home.town == "Vaumarin"
    update_establishment(
        office, establishment=home, expected_version=1, changes={"address": "2 rue B"}
    )
    home.refresh_from_db()
    assert (home.town, home.version) == ("", 2)


def test_many_establishments_are_offered_by_commune_and_few_as_they_come(large: Town) -> None:
    ours = Establishment.objects.filter(operator=large.operator).order_by("name", "id")
    field = EstablishmentField(ours, empty_label="Tous")
    first, *groups = list(field.choices)
    assert first == ("", "Tous")
    assert [name for name, _ in groups][:3] == ["Commune 0", "Commune 1", "Commune 2"]
    assert {name for name, _ in groups} >= {"EHPAD", "IME"}, "without a commune: by category"
    assert sum(len(ones) for _, ones in groups) == 49
    assert [label for _, label in by_town(list(ours[:3]))] == [one.name for one in ours[:3]]


PAGES = (
    "directory:establishment_list",
    "directory:professional_list",
    "directory:membership_list",
    "directory:import_list",
    "directory:home",
    "exchange:import_list",
    "persons:list",
    "persons:person_create",
    "persons:opening_list",
)


@pytest.mark.parametrize("page", PAGES)
def test_no_page_costs_more_nor_offers_a_heap(
    client: Client, large: Town, queries: Any, page: str
) -> None:
    who = large.gaspard
    if page == "persons:person_create":
        who = hire(actor_of(large.command_line), "Odile Bureau", "secretary", reach=Reach.OPERATOR)
    sign_in(client, who)
    with queries(at_most=12):
        answer = client.get(reverse(page))
    assert answer.status_code == 200
    for select in answer.text.split("<select")[1:]:
        body = select.partition("</select>")[0]
        assert body.count("<option") < 40 or "<optgroup" in body
    assert len(answer.content) < 150_000


def test_establishments_are_kept_to_a_commune_and_a_category(client: Client, large: Town) -> None:
    sign_in(client, large.aude)
    listing = reverse("directory:establishment_list")
    page = client.get(listing)
    assert "Commune 3 (7)" in page.text
    kept = client.get(listing, {"town": "Commune 3", "kind": "437"}).context["paging"]
    assert kept.total == 7
    assert client.get(listing, {"town": "Ailleurs"}).context["paging"].total == 49
