"""A page asks as many SQL statements for a hundred rows as for fourteen, and twelve at most."""

import pytest
from django.test import Client

from tests.access.full_house import add_rows
from tests.access.url_cases import Address, addresses, expected
from tests.access.url_town import FAMILY_NAME, UrlTown, build_url_town
from tests.access.whole_module import db, own_files
from tests.access.world import undone
from tests.factories.town import sign_in
from tests.guards import bounded_queries

__all__ = ["db", "own_files"]

MOST, FEW, MANY = 12, 14, 100
PAGES = [
    one
    for one in addresses()
    if one.open_to not in ("public", "token", "halfway")
    and one.rules.get("get", "who is locked") != "who is locked"
]
# What is searched for comes by POST.
WORDS = {"persons:search": FAMILY_NAME, "directory:professional_list": "Renfort"}


@pytest.fixture(scope="module")
def statements(db: None, own_files: None) -> dict[str, tuple[list[str], list[str]]]:
    """Open every page of a house with few rows, then with many; list what each asked."""
    town = build_url_town()
    add_rows(town, FEW)
    few = {str(page): asked(town, page) for page in PAGES}
    add_rows(town, MANY - FEW)
    return {str(page): (few[str(page)], asked(town, page)) for page in PAGES}


def asked(town: UrlTown, address: Address) -> list[str]:
    """Open a page as the first who may; list its SQL statements, none if nobody there may."""
    everyone = ("director of all", *town.roles)
    name = next((name for name in everyone if is_open(town, address, name)), "")
    if not name:
        return []
    client = Client()
    sign_in(client, town.roles[name].membership)
    url = address.url(town.targets["ours"].ids)
    with undone(), bounded_queries(at_most=1_000) as seen:
        words = WORDS.get(address.name)
        answer = client.post(url, {"q": words}) if words else client.get(url)
        assert answer.status_code == 200, address
    return seen


def is_open(town: UrlTown, address: Address, name: str) -> bool:
    return expected(address, "get", town.roles[name], "ours") == {200}


@pytest.mark.once
@pytest.mark.parametrize("address", PAGES, ids=str)
def test_the_number_of_rows_changes_nothing(
    statements: dict[str, tuple[list[str], list[str]]], address: Address
) -> None:
    few, many = statements[str(address)]
    assert len(few) == len(many), "\n".join(many)
    # A form that holds a text asks for the draft that was begun there.
    drafts = sum('"drafts_draft"' in one for one in many)
    assert len(many) - drafts <= MOST, "\n".join(many)
