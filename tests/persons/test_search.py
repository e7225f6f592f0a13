"""The search: dates among the words, civilities that are no name."""

from datetime import date

import pytest
from django.test import Client

from tests.factories.town import Town, sign_in
from tests.guards import BoundedQueries
from tests.persons.admissions import admit


@pytest.fixture
def office(client: Client, town: Town) -> Client:
    """The home's office, which knows five persons."""
    admit(town, town.unit_a, "Yves", "Abgrall", birth_on=date(1934, 5, 22))
    admit(town, town.unit_b, "Yves", "Abgrall", birth_on=date(1940, 8, 1))
    stay = {"file_number": "22051940", "room": town.room_a1}
    admit(town, town.unit_a, "Rose", "Martelin", birth_on=date(1940, 5, 22), stay=stay)
    admit(town, town.unit_b, "Odile", "Mai", stay={"file_number": "22/05/1934-B"})
    admit(town, town.unit_b, "Marthe", "Petit", stay={"file_number": "22051934"})
    sign_in(client, town.sofia)
    return client


def found(client: Client, words: str) -> list[str]:
    rows = client.post("/usagers/recherche/", {"q": words}).context["found"].rows
    return [f"{row.given_name} {row.family_name} {row.birth_on:%Y}" for row in rows]


YVES = "Yves Abgrall 1934"
ROSE = "Rose Martelin 1940"


@pytest.mark.parametrize(
    ("words", "names"),
    [
        ("abgrall 22/05/1934", [YVES]),
        ("22-05-1934 Abgrall Yves", [YVES]),
        ("abgrall 22051934", [YVES]),
        ("abgrall 22 mai 1934", [YVES]),
        ("22 Mai 1934", [YVES]),
        ("22.05.1934", [YVES]),
        ("1er août 1940", ["Yves Abgrall 1940"]),
        ("22051934", [YVES, "Marthe Petit 1941"]),
        ("22051940", [ROSE]),
        ("22/05/1934-B", ["Odile Mai 1941"]),
        ("martelin 22/05/1934", []),
        ("abgrall 31/02/1934", []),
        ("22/05/1934 22/05/1940", []),
        ("mai", ["Odile Mai 1941"]),
        ("Mme Martelin", [ROSE]),
        ("madame MARTELIN", [ROSE]),
        ("Martelin, Mme", [ROSE]),
        ("Mme Martelin 22/05/1940", [ROSE]),
        ("Mme ch. 12", [ROSE]),
        ("M. Abgrall", [YVES, "Yves Abgrall 1940"]),
        ("m abgrall 22/05/1934", [YVES]),
        ("Mr Abgrall", [YVES, "Yves Abgrall 1940"]),
        ("Monsieur Abgrall Yves", [YVES, "Yves Abgrall 1940"]),
        ("petit m", ["Marthe Petit 1941"]),
        ("abgrall m", []),
        ("Mme", []),
    ],
)
def test_dates_are_read_among_the_words_and_civilities_are_left_out(
    office: Client, words: str, names: list[str]
) -> None:
    assert found(office, words) == names


def test_a_date_among_words_costs_no_more(office: Client, queries: BoundedQueries) -> None:
    with queries(at_most=12) as words:
        found(office, "abgrall")
    with queries(at_most=12) as dated:
        found(office, "abgrall 22/05/1934")
    # One more: what holds a digit may be a number, which is searched under the operator's keys.
    assert len(dated) == len(words) + 1
