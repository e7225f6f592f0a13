"""The screen that puts what a plan holds in another order: buttons, no script."""

import re
from io import BytesIO
from typing import Any

import pytest
from django.test import Client
from openpyxl import load_workbook

from tests.factories.town import Town, actor_of, sign_in
from tests.guards import BoundedQueries
from tests.record.plan_pages import begun, text_of, url, with_action
from virage.persons.models import Person
from virage.plans.actions.parts import add_objective
from virage.plans.models import Plan
from virage.plans.rules.drafts import ObjectiveDraft

pytestmark = pytest.mark.django_db
MOVE = re.compile(r'action="([^"]+/(?:avant|apres)/[^"]+)"')


@pytest.fixture
def alice(client: Client, town: Town) -> Client:
    sign_in(client, town.alice)
    return client


@pytest.fixture
def plan(alice: Client, rose: Person) -> Plan:
    return begun(alice, rose)


def moves(page: Any) -> list[str]:
    """The addresses of the buttons, from top to bottom."""
    return MOVE.findall(page.content.decode())


def titles(page: Any) -> list[str]:
    return [row.action.title for one in page.context["objectives"] for row in one.rows]


def test_actions_go_up_and_down(alice: Client, town: Town, plan: Plan) -> None:
    order = url("plan_order", plan)
    first = with_action(alice, plan, title="Une")
    assert order not in text_of(alice.get(url("plan", plan)))
    with_action(alice, plan, title="Deux")
    assert order in text_of(alice.get(url("plan", plan)))
    with_action(alice, plan, title="Trois")
    down, *_ = moves(alice.get(order))
    moved = alice.post(down)
    card = f"place-{first.pk}"
    assert moved.url == f"{order}#{card}" and f'id="{card}"' in text_of(alice.get(order))
    assert titles(alice.get(url("plan", plan))) == ["Deux", "Une", "Trois"]
    *_, up = moves(alice.get(order))
    alice.post(up)
    assert titles(alice.get(url("plan", plan))) == ["Deux", "Trois", "Une"]
    assert alice.get(up).status_code == 405
    alice.post(moves(alice.get(order))[0])
    clash = alice.post(up)
    assert clash.status_code == 409 and "L’ordre du plan a changé" in text_of(clash)
    sign_in(alice, town.denis)
    book = load_workbook(BytesIO(alice.get(url("plan_file", plan, "xlsx")).content))
    assert [row[1] for row in book["Actions"].values][1:] == ["Trois", "Deux", "Une"]


def test_objectives_go_up_and_down(alice: Client, town: Town, plan: Plan) -> None:
    with_action(alice, plan)
    add_objective(actor_of(town.alice), plan_id=plan.pk, draft=ObjectiveDraft(title="Dormir"))
    alice.post(moves(alice.get(url("plan_order", plan)))[0])
    rows = alice.get(url("plan", plan)).context["objectives"]
    assert [one.objective.title for one in rows] == ["Dormir", "Marcher dehors"]


def test_who_only_reads_moves_nothing(client: Client, town: Town, plan: Plan) -> None:
    with_action(client, plan, title="Une")
    with_action(client, plan, title="Deux")
    order = url("plan_order", plan)
    down, *_ = moves(client.get(order))
    sign_in(client, town.nina)
    assert order not in text_of(client.get(url("plan", plan)))
    assert client.get(order).status_code == 403
    assert client.post(down).status_code == 403
    sign_in(client, town.charlie)
    assert client.post(down).status_code == 404


def test_the_screen_costs_the_same_for_two_actions_and_twenty(
    alice: Client, plan: Plan, queries: BoundedQueries
) -> None:
    for number in range(2):
        with_action(alice, plan, title=f"Action {number}")
    with queries(at_most=12) as seen:
        alice.get(url("plan_order", plan))
    for number in range(18):
        with_action(alice, plan, title=f"Autre {number}")
    with queries(at_most=len(seen)):
        assert len(moves(alice.get(url("plan_order", plan)))) == 38
