"""Every account of the demo opens its pages, in each of its situations, at the common bound."""

import pytest
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from tests.demo.conftest import Demo
from tests.factories.town import sign_in
from tests.guards import BoundedQueries
from virage.directory.models import Account, Membership
from virage.directory.queries import actor_of, situations_of
from virage.foundation.access.matrix import sees_identities
from virage.persons.models import Person
from virage.persons.queries import persons_visible_to
from virage.persons.tabs import tabs_for

pytestmark = [pytest.mark.django_db, pytest.mark.xdist_group("demo")]

MOST = 12
PAGES = ("home", "establishment_list", "professional_list", "membership_list")


def _addresses(situation: Membership) -> dict[str, bool]:
    """Return the addresses to try in a situation, and whether each opens."""
    actor = actor_of(situation, timezone.now())
    knows = sees_identities(actor.profession)
    ours = Person.objects.filter(operator=actor.operator_id)
    person = (persons_visible_to(actor) if knows else ours).order_by("pk").first()
    assert person, situation
    tabs = [tab.url for tab in tabs_for(actor, person.pk, "")]
    assert tabs or not knows, situation
    return (
        {reverse(f"directory:{name}"): True for name in PAGES}
        | {reverse("persons:list"): knows, reverse("persons:identity", args=[person.pk]): knows}
        | dict.fromkeys(tabs, knows)
    )


def _is_right(page: HttpResponse, opens: bool) -> bool:
    if opens:
        return page.status_code == 200
    problem = page.context["problem"]
    return page.status_code == 403 and bool(problem.message and problem.whom_to_ask)


def test_every_account_opens_its_pages(demo: Demo, client: Client, queries: BoundedQueries) -> None:
    wrong = []
    for account in Account.objects.order_by("email"):
        for situation in situations_of(account, timezone.now()):
            sign_in(client, situation)
            for address, opens in _addresses(situation).items():
                with queries(at_most=MOST):
                    page = client.get(address)
                if not _is_right(page, opens):
                    wrong.append((account.email, situation.profession, address, page.status_code))
    assert not wrong
