"""Every page of the record: what it shows, and at what cost."""

import pytest
from django.test import Client
from django.urls import reverse

from tests.factories.town import Town, actor_of, sign_in
from tests.guards import BoundedQueries
from tests.record import drafts
from virage.agenda.actions import plan_events
from virage.documents.actions import add_documents
from virage.instruments.actions import freeze_evaluations
from virage.persons.models import Person
from virage.record.actions import write_notes

LISTS = ("timeline", "notes", "documents", "accesses")


def fill(town: Town, person: Person, count: int) -> None:
    """Write some of everything in a record."""
    actor = actor_of(town.alice)
    write_notes(actor, drafts=[drafts.note(person) for _ in range(count)])
    plan_events(actor, drafts=[drafts.event(person) for _ in range(count)])
    freeze_evaluations(actor, drafts=[drafts.evaluation(person) for _ in range(count)])
    add_documents(actor, drafts=[drafts.document(person) for _ in range(count)])


@pytest.mark.parametrize("name", LISTS)
def test_a_page_costs_the_same_for_one_row_and_for_thirty(
    name: str, client: Client, town: Town, rose: Person, queries: BoundedQueries
) -> None:
    sign_in(client, town.alice)
    fill(town, rose, 1)
    costs = []
    for count in (1, 30):
        with queries(at_most=12) as seen:
            answer = client.get(reverse(f"record:{name}", args=[rose.pk]))
        assert answer.status_code == 200
        costs.append(len(seen))
        fill(town, rose, 29)
    assert costs[0] == costs[1]
