"""Each fragment that htmx swaps leaves the page that a full load would have shown."""

from collections.abc import Iterator

import pytest
from django.test import Client

from tests.exchange.samples import file_of, record
from tests.factories import drafts
from tests.factories.people import welcome
from tests.factories.town import Town, actor_of, sign_in
from tests.htmx import FRAGMENT, answered, shown
from virage.documents.actions import add_document
from virage.exchange.actions.receiving import receive_file
from virage.foundation.outbox.actions import drain
from virage.persons.models import Person
from virage.record.actions import write_note


@pytest.fixture
def rose(town: Town) -> Person:
    """Someone of unit A with a page of transmissions and two documents."""
    person = welcome(town, "Rose Lambert", town.ehpad, town.unit_a, town.room_a1)
    alice = actor_of(town.alice)
    for number in range(52):
        text = f"Passage {number}."
        write_note(alice, draft=drafts.note(person, text=text))
    for title in ("Ordonnance", "Bilan sanguin"):
        add_document(alice, draft=drafts.document(person, title=title))
    return person


@pytest.fixture
def alice(client: Client, town: Town) -> Iterator[Client]:
    sign_in(client, town.alice)
    return client


def test_a_list(alice: Client, town: Town, rose: Person) -> None:
    before = alice.get("/usagers/")
    for then in ("/usagers/?state=past", "/usagers/?sort=-birth"):
        fragment = alice.get(then, headers=FRAGMENT)
        fresh = shown(alice.get(then))
        assert answered(before, "persons", fragment) == fresh != shown(before)


def test_a_search(alice: Client, rose: Person) -> None:
    before = alice.post("/usagers/recherche/", {"q": "personne"})
    words = {"q": "lambert"}
    fragment = alice.post("/usagers/recherche/", words, headers=FRAGMENT)
    fresh = shown(alice.post("/usagers/recherche/", words)).replace("lambert", "personne")
    assert answered(before, "found", fragment) == fresh


@pytest.mark.parametrize(
    ("path", "target", "then"),
    [
        ("chronologie/", "facts", "?kind=document"),
        ("chronologie/", "facts", "?page=2"),
        ("transmissions/", "facts", "?page=2"),
        ("documents/", "documents", "?sort=-title"),
        ("qui-a-vu/", "accesses", "?gesture=write"),
    ],
)
def test_the_parts_of_a_record(
    alice: Client, rose: Person, path: str, target: str, then: str
) -> None:
    page = f"/usagers/{rose.pk}/{path}"
    before = alice.get(page)
    fragment = alice.get(page + then, headers=FRAGMENT)
    fresh = shown(alice.get(page + then))
    assert answered(before, target, fragment) == fresh
    assert fresh != shown(before), "the address asked for nothing"


def test_a_sort_asked_for_changes_the_order(alice: Client, rose: Person) -> None:
    def titles(query: str) -> list[str]:
        page = alice.get(f"/usagers/{rose.pk}/documents/{query}")
        return [row.document.title for row in page.context["documents"].rows]

    assert titles("?sort=title") == ["Bilan sanguin", "Ordonnance"]
    assert titles("?sort=-title") == ["Ordonnance", "Bilan sanguin"]


def test_a_transmission_refused_then_written(alice: Client, rose: Person) -> None:
    page = f"/usagers/{rose.pk}/transmissions/?write=1"
    before = alice.get(page)
    refused = {"volet": "care", "text": "", "happened_at": "2026-01-05T08:00"}
    fragment = alice.post(page, refused, headers=FRAGMENT)
    assert fragment.status_code == 422
    assert answered(before, "note-form", fragment) == shown(alice.post(page, refused))
    written = refused | {"text": "A bien mangé."}
    assert alice.post(page, written, headers=FRAGMENT)["HX-Redirect"] != page


def test_an_import_report(client: Client, town: Town) -> None:
    sign_in(client, town.sofia)
    received = receive_file(
        actor_of(town.sofia),
        file_name="dossier.json",
        content=file_of(record()),
        unit=town.unit_a,
    )
    page = f"/echanges/{received.pk}/"
    before = client.get(page)
    drain()
    fragment = client.get(page, headers=FRAGMENT)
    assert answered(before, "report", fragment) == shown(client.get(page))
