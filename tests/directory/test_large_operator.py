"""An operator of forty-nine establishments: choices by group, lists that cost no more."""

from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from tests.factories.town import Town, actor_of, hire, sign_in
from tests.persons.admissions import SINCE, admit
from tests.persons.test_edit_pages import NEW
from virage.directory.actions import (
    create_establishment,
    create_professional,
    update_establishment,
)
from virage.directory.forms.places import EstablishmentField, by_town
from virage.directory.models import Establishment, Unit
from virage.directory.rules import town_of
from virage.exchange.models import Import
from virage.foundation.access.enums import Reach, SubjectKind
from virage.foundation.access.models import Subject
from virage.persons.models import Stay

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


# The drop-down lists of each page.
LISTS = {
    "directory:establishment_list": ("town", "kind"),
    "directory:professional_list": ("state", "establishment"),
    "directory:membership_list": ("state", "establishment", "profession"),
    "directory:import_list": (),
    "directory:home": (),
    "exchange:import_list": ("establishment",),
    "persons:list": ("state", "establishment", "unit"),
    "persons:opening_list": (),
}


@pytest.mark.parametrize("page", LISTS)
def test_no_page_costs_more_nor_offers_a_heap(
    client: Client, large: Town, queries: Any, page: str
) -> None:
    sign_in(client, large.gaspard)
    with queries(at_most=12):
        answer = client.get(reverse(page))
    assert_pleasant(answer, *LISTS[page])


def assert_pleasant(answer: Any, *lists: str) -> None:
    """Every choice among many is by group, no choice is endless, and the page stays light.

    `lists` are the drop-down lists that the page has, that of the establishments with all of them:
    a page that has lost them proves nothing.
    """
    assert answer.status_code == 200
    bodies = [one.partition("</select>")[0] for one in answer.text.split('<select name="')[1:]]
    offered = {body.partition('"')[0]: body.count("<option value=") for body in bodies}
    assert tuple(offered) == lists
    assert offered.get("establishment", 50) == 50
    assert all(body.count("<option") < 40 or "<optgroup" in body for body in bodies)
    assert max(offered.values(), default=0) < 100
    assert len(answer.content) < 150_000


@pytest.fixture
def odile(client: Client, large: Town) -> Client:
    """The secretary of the whole operator."""
    member = hire(actor_of(large.command_line), "Odile Bureau", "secretary", reach=Reach.OPERATOR)
    sign_in(client, member)
    return client


def test_the_establishment_is_asked_before_the_places_of_a_new_person(
    odile: Client, large: Town, queries: Any
) -> None:
    door = reverse("persons:person_create")
    with queries(at_most=12):
        first = odile.get(door)
    assert_pleasant(first, "establishment")
    assert 'name="place"' not in first.text and "Foyer 46" in first.text
    with queries(at_most=12):
        second = odile.get(door, {"establishment": str(large.ehpad.pk)})
    assert_pleasant(
        second, "ins_oid", "establishment", "place", "room", "reception_mode", "entry_mode"
    )
    assert "Rez-de-jardin" in second.text and "Unité 5" not in second.text
    typed = NEW | {
        "establishment": str(Establishment.objects.get(name="Foyer 46").pk),
        "place": str(large.unit_a.pk),
        "entered_on": "2026-01-05",
    }
    other = odile.post(door, typed)
    assert other.status_code == 422
    assert "Choisissez un lieu de cet établissement." in other.text
    assert "Unité 5" in other.text and 'value="Lambert"' in other.text
    unit = Unit.objects.get(establishment__name="Foyer 46", name="Unité 5")
    assert odile.post(door, typed | {"place": str(unit.pk)}).status_code == 302
    assert Stay.objects.get().unit == unit


def test_a_stay_is_opened_and_moved_one_establishment_at_a_time(
    odile: Client, large: Town, queries: Any
) -> None:
    rose = admit(large, large.unit_a, stay={"exited_on": SINCE})
    door = reverse("persons:stay_add", args=[rose.pk])
    assert 'name="place"' not in odile.get(door).text
    with queries(at_most=12):
        page = odile.get(door, {"establishment": str(large.ime.pk)})
    assert_pleasant(page, "establishment", "place", "room", "reception_mode", "entry_mode")
    edit = reverse("persons:stay_edit", args=[rose.pk, rose.stays.get().pk])
    with queries(at_most=13):  # with the draft of its comment
        page = odile.get(edit)
    assert_pleasant(page, "establishment", "place", "room", "reception_mode", "entry_mode")
    assert "Rez-de-jardin" in page.text and "Unité 5" not in page.text


def test_a_file_is_received_in_one_establishment_of_many(
    client: Client, large: Town, queries: Any
) -> None:
    sign_in(client, large.gaspard)
    door = reverse("exchange:import_list", query={"establishment": str(large.ehpad.pk)})
    with queries(at_most=12):
        page = client.get(door)
    assert_pleasant(page, "unit")
    assert "EHPAD Les Tilleuls" in page.text
    assert "Rez-de-jardin" in page.text and "Unité 5" not in page.text
    elsewhere = Unit.objects.filter(establishment__name="Foyer 46").earliest("name")
    sent = {"file": SimpleUploadedFile("dossier.xml", b"<a/>"), "unit": elsewhere.pk}
    assert client.post(door, sent).status_code == 422
    sent = {"file": SimpleUploadedFile("dossier.xml", b"<a/>"), "unit": large.unit_a.pk}
    assert client.post(door, sent).status_code == 302
    received = Import.objects.get()
    assert (received.establishment, received.unit) == (large.ehpad, large.unit_a)


def test_who_has_left_is_told_from_who_works_here(client: Client, large: Town) -> None:
    office = actor_of(large.gaspard)
    create_professional(office, family_name="Partie", given_name="Line")
    sign_in(client, large.gaspard)
    rows = client.get(reverse("directory:professional_list")).text.split("<tr>")
    (gone,) = [row for row in rows if "Partie" in row]
    (here,) = [row for row in rows if "Perrin" in row]
    assert "sans situation en cours" in gone
    assert "sans situation en cours" not in here


def test_the_list_of_usagers_offers_the_units_of_the_establishment_asked_for(
    client: Client, large: Town
) -> None:
    sign_in(client, large.gaspard)
    listing = reverse("persons:list")

    def units(**asked: object) -> set[str]:
        form = client.get(listing, asked).context["form"]
        return {str(key) for key, _ in form.fields["unit"].choices}

    theirs = {str(large.unit_a.pk), str(large.unit_b.pk)}
    assert units() == {"", "none"}
    assert units(establishment=large.ehpad.pk) == {"", "none"} | theirs
    assert units(unit=large.unit_a.pk) == {"", "none"} | theirs


def test_establishments_are_kept_to_a_commune_and_a_category(client: Client, large: Town) -> None:
    sign_in(client, large.aude)
    listing = reverse("directory:establishment_list")
    page = client.get(listing)
    assert "Commune 3 (7)" in page.text
    kept = client.get(listing, {"town": "Commune 3", "kind": "437"}).context["paging"]
    assert kept.total == 7
    assert client.get(listing, {"town": "Ailleurs"}).context["paging"].total == 49
