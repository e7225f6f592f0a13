"""What the list is filtered and sorted by, and what it counts."""

from datetime import timedelta

import pytest
from django.test import Client

from tests.factories.town import Town, actor_of, sign_in
from tests.persons.admissions import admit, stay_in, today
from virage.directory.actions import create_room
from virage.persons.actions import receive_stays
from virage.persons.models import Stay


def names_in(client: Client, path: str) -> list[str]:
    """Return the names that a list shows, in its order."""
    rows = client.get(path).context["paging"].rows
    return [f"{row.given_name} {row.family_name}" for row in rows]


@pytest.mark.parametrize("state", ["", "?state=past"])
def test_the_list_counts_a_person_once_whatever_her_stays(
    client: Client, town: Town, state: str
) -> None:
    rose, odile = admit(town, town.unit_a), admit(town, town.unit_a, "Odile", "Petit")
    receive_stays(actor_of(town.command_line), person=rose, stays=[stay_in(town.unit_b)])
    if state:
        Stay.objects.update(exited_on=today() - timedelta(days=3))
    sign_in(client, town.sofia)
    page = client.get(f"/usagers/{state}")
    shown = [row.person_id for row in page.context["paging"].rows]
    assert shown == [rose.pk, rose.pk, odile.pk]
    assert ">2 personnes</p>" in page.text


@pytest.mark.parametrize(
    ("sort", "names"),
    [
        ("room", ["Rose Lambert", "Paul Petit", "Anne Avril"]),
        ("-room", ["Paul Petit", "Rose Lambert", "Anne Avril"]),
        ("unit", ["Rose Lambert", "Paul Petit", "Anne Avril"]),
    ],
)
def test_those_without_a_room_come_last(
    client: Client, town: Town, sort: str, names: list[str]
) -> None:
    second = create_room(actor_of(town.command_line), unit=town.unit_a, name="14")
    admit(town, town.unit_a, "Anne", "Avril")
    admit(town, town.unit_a, "Paul", "Petit", stay={"room": second})
    admit(town, town.unit_a, stay={"room": town.room_a1})
    sign_in(client, town.sofia)
    assert names_in(client, f"/usagers/?sort={sort}") == names


@pytest.mark.parametrize("name", ["unit", "establishment", "state"])
def test_a_place_that_is_not_offered_is_told_without_its_number(
    client: Client, town: Town, name: str
) -> None:
    sign_in(client, town.gaspard)
    unknown = "0b0e1b5e-5d3c-4f0e-9a53-0f4f6a2b9f11"
    page = client.get(f"/usagers/?{name}={unknown}")
    assert "Ce choix n’existe plus" in page.text
    assert unknown not in page.text.split('<form class="filters"')[1].split("</form>")[0]


def test_those_in_no_unit_are_found_by_the_filter(client: Client, town: Town) -> None:
    rose = admit(town, town.unit_a)
    Stay.objects.filter(person=rose).update(unit=None)
    admit(town, town.unit_b, "Odile", "Petit")
    sign_in(client, town.sofia)
    assert names_in(client, "/usagers/?unit=none") == ["Rose Lambert"]
    assert "Sans unité" in client.get("/usagers/").text
