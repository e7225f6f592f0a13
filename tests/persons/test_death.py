"""A death that is noted: it is said first, the age stops, and the person is no longer present."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from tests.factories.town import Town, actor_of, sign_in
from tests.guards import BoundedQueries
from tests.persons.admissions import admit, today
from virage.foundation.ui.components import Badge
from virage.persons.actions import close_stay, open_stay
from virage.persons.models import Person
from virage.persons.rules.identity import PersonTraits, faults_of_traits

# In Paris, already the next day.
DIED_AT = datetime(2026, 1, 9, 23, 30, tzinfo=UTC)
DIED = Badge("Décès le 10/01/2026")
EXIT_TO_NOTE = Badge("Sortie à noter", "warning")


@pytest.fixture
def rose(town: Town) -> Person:
    """Rose died before her birthday of this year; nobody has noted that she left."""
    rose = admit(town, town.unit_a)
    admit(town, town.unit_a, "Odile", "Petit")
    Person.objects.filter(pk=rose.pk).update(died_at=DIED_AT)
    return rose


@pytest.fixture
def office(client: Client, town: Town) -> Client:
    sign_in(client, town.sofia)
    return client


def given_names(client: Client, state: str) -> list[str]:
    page = client.get("/usagers/", {"state": state})
    return [row.given_name for row in page.context["paging"].rows]


def test_the_banner_says_it_first_to_everyone(client: Client, town: Town, rose: Person) -> None:
    for who in (town.sofia, town.nina):
        sign_in(client, who)
        identity = client.get(f"/usagers/{rose.pk}/").context["record"].identity
        assert identity.alerts[0] == DIED
        assert identity.age == "84 ans"


def test_the_dead_are_no_longer_present(office: Client, rose: Person) -> None:
    assert given_names(office, "present") == ["Odile"]
    assert "1 personne accompagnée" in office.get("/").text
    row = office.get("/usagers/", {"state": "past"}).context["paging"].rows[0]
    assert (row.person_id, row.age, row.badges) == (rose.pk, "84 ans", (DIED, EXIT_TO_NOTE))
    assert "Sortie à noter" in office.get(f"/usagers/{rose.pk}/sejours/").text


def test_the_list_costs_the_same_however_many_died(
    office: Client, town: Town, rose: Person, queries: BoundedQueries
) -> None:
    with queries(at_most=12) as one:
        office.get("/usagers/", {"state": "past"})
    for name in ("Petit", "Garnier"):
        admit(town, town.unit_b, "Jeanne", name, died_at=DIED_AT)
    with queries(at_most=12) as three:
        office.get("/usagers/", {"state": "past"})
    assert len(one) == len(three)


def test_an_entry_planned_before_the_death_is_not_awaited(
    office: Client, town: Town, rose: Person
) -> None:
    stay = rose.stays.get()
    stay.pk, stay.entered_on, stay.planned_entry_on = None, None, today() + timedelta(days=3)
    stay.unit = town.unit_b
    open_stay(actor_of(town.command_line), person=rose, stay=stay)
    assert given_names(office, "planned") == []
    assert given_names(office, "past") == ["Rose", "Rose"]


def test_once_the_exit_is_noted_nothing_is_left_to_do(
    office: Client, town: Town, rose: Person
) -> None:
    close_stay(
        actor_of(town.command_line),
        stay=rose.stays.get(),
        expected_version=1,
        exited_on=date(2026, 1, 10),
    )
    row = office.get("/usagers/", {"state": "past"}).context["paging"].rows[0]
    assert EXIT_TO_NOTE not in row.badges


def test_noting_a_death_leads_to_the_exit(office: Client, town: Town) -> None:
    rose = admit(town, town.unit_a)
    to_close = reverse("persons:stay_close", args=[rose.pk, rose.stays.get().pk])
    url = reverse("persons:person_edit", args=[rose.pk])
    typed = {
        "birth_family_name": "Lambert",
        "first_birth_given_name": "Rose",
        "sex": "female",
        "birth_on": "1941-03-12",
    }
    died = typed | {"died_at": "2026-01-10T00:30"}
    told = office.post(url, died | {"version": "1"}, follow=True)
    assert f"<a href='{to_close}'>notez la sortie</a>" in told.text
    again = office.post(url, died | {"version": "2", "used_given_name": "Rosie"}, follow=True)
    assert "notez la sortie" not in again.text


@pytest.mark.parametrize(
    ("died_at", "fault"),
    [
        (datetime(1941, 3, 10, 12, tzinfo=UTC), "Le décès précède la naissance."),
        (datetime(1941, 3, 11, 23, 30, tzinfo=UTC), None),
        (datetime(2026, 11, 23, 22, 30, tzinfo=UTC), None),
        (datetime(2026, 11, 23, 23, 30, tzinfo=UTC), "Le décès est daté dans l’avenir."),
    ],
)
def test_a_death_follows_the_birth_and_is_never_to_come(
    died_at: datetime, fault: str | None
) -> None:
    known: dict[str, Any] = {"birth_family_name": "LAMBERT", "first_birth_given_name": "ROSE"}
    known |= {"birth_given_names": "ROSE", "sex": "female", "birth_on": date(1941, 3, 12)}
    traits = PersonTraits(**known, died_at=died_at)
    expected = {"died_at": [fault]} if fault else {}
    assert faults_of_traits(traits, date(2026, 11, 23)) == expected
