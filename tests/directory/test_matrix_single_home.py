"""The direction of the only establishment of an operator decides of its matrix.

The operator of Charlie has one home. Every door of the matrix is asked for, as classified.
"""

from typing import Any

import pytest
from django.test import Client

from tests.access import matrix_file
from tests.access.url_cases import addresses
from tests.directory.test_matrix_versions import changed
from tests.factories.town import Town, actor_of, hire, sign_in
from virage.directory.actions import create_establishment
from virage.directory.actions.matrix import activate_matrix, draft_matrix
from virage.directory.models import Membership
from virage.directory.queries import system_membership
from virage.directory.queries.matrix import draft_of, rights_refusal, simulate
from virage.foundation.access.enums import Cell, Reach, Volet
from virage.foundation.access.looking import looking_as
from virage.foundation.errors import Refused

DOORS = [one for one in addresses() if one.name.startswith("directory:matrix")]
BUTTON = "Tableau des droits"


@pytest.fixture
def home(town: Town) -> Membership:
    """The director of the only home of the other operator."""
    return colleague(town, "Hélène Aubry", "director", reach=Reach.ESTABLISHMENT)


def colleague(town: Town, name: str, profession: str, **reach: Any) -> Membership:
    office = actor_of(system_membership(town.other_operator))
    reach = {"establishment": town.other_ehpad} | reach
    return hire(office, name, profession, **reach)


def open_another(town: Town) -> None:
    office = actor_of(system_membership(town.other_operator))
    create_establishment(office, name="SAVS du Lac")


def answers(client: Client) -> dict[str, int]:
    """Knock at every door of the matrix; the last leaves a draft."""
    return {
        f"{method} {door}": getattr(client, method)(door.url({})).status_code
        for door in DOORS
        for method in door.rules
    }


def test_the_director_of_a_single_home_drafts_tries_and_puts_in_force(
    town: Town, home: Membership, queries: Any
) -> None:
    actor = actor_of(home)
    draft = draft_matrix(actor, cells=changed("nurse", "medical", "none"), expected_version=0)
    with queries(at_most=3):
        assert [one.profession for one in simulate(actor, draft, days=30).rows] == ["nurse"]
    activate_matrix(actor, expected_version=draft.version, reason="Décidé en conseil.")
    assert not actor_of(town.charlie).matrix.allows("nurse", Cell.READ, Volet.MEDICAL)
    assert actor_of(town.alice).matrix.allows("nurse", Cell.READ, Volet.MEDICAL)


def test_every_door_opens_until_a_second_establishment_does(
    client: Client, town: Town, home: Membership, queries: Any
) -> None:
    sign_in(client, home)
    assert BUTTON in client.get("/annuaire/").content.decode()
    assert set(answers(client).values()) <= {200, 302, 422}
    actor = actor_of(home)
    waits = draft_of(actor)
    assert waits
    draft_matrix(actor, cells=changed("nurse", "care", "none"), expected_version=waits.version)
    with queries(at_most=12):
        page = client.get("/annuaire/droits/projet/")
    assert "Refusées" in page.content.decode()
    open_another(town)
    assert set(answers(client).values()) == {403}
    assert BUTTON not in client.get("/annuaire/").content.decode()
    refused = client.get("/annuaire/droits/").content.decode()
    assert "tout l’organisme" in refused


@pytest.mark.parametrize(
    "profession",
    [
        one
        for one in matrix_file.PROFESSIONS
        if one not in ("director", "system", "technical_admin")
    ],
)
def test_no_other_profession_of_a_single_home_decides(
    client: Client, town: Town, profession: str
) -> None:
    member = colleague(town, "Hugo Blin", profession, reach=Reach.ESTABLISHMENT)
    sign_in(client, member)
    assert set(answers(client).values()) == {403}
    with pytest.raises(Refused):
        draft_matrix(actor_of(member), cells=changed("nurse", "care", "none"), expected_version=0)


def test_a_director_of_some_units_or_who_looks_as_another_decides_nothing(
    town: Town, home: Membership
) -> None:
    of_a_unit = colleague(town, "Hugo Blin", "director", reach=Reach.UNITS, units=[town.other_unit])
    assert rights_refusal(actor_of(of_a_unit))
    assert rights_refusal(looking_as(actor_of(home), actor_of(home)))
