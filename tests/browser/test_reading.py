"""Reading a record: its tabs, its timeline, what is closed and why, who has seen it."""

import re

import pytest
from playwright.sync_api import expect

from tests.browser.journeys import Journey, record_of
from tests.factories import drafts
from tests.factories.people import welcome
from tests.factories.town import Town, actor_of
from virage.agenda.actions import plan_event
from virage.documents.actions import add_document
from virage.foundation.access.enums import Volet
from virage.instruments.actions import freeze_evaluations
from virage.persons.models import Person
from virage.record.actions import write_note


@pytest.fixture
def rose(town: Town) -> Person:
    """Someone of unit A, with one fact of each kind."""
    person = welcome(town, "Rose Lambert", town.ehpad, town.unit_a, town.room_a1)
    alice = actor_of(town.alice)
    write_note(alice, draft=drafts.note(person, text="Pansement refait au talon."))
    add_document(alice, draft=drafts.document(person))
    freeze_evaluations(alice, drafts=[drafts.evaluation(person)])
    plan_event(alice, draft=drafts.event(person))
    return person


def test_every_tab_then_the_facts(town: Town, journey: Journey, rose: Person) -> None:
    journey.enter_as(town.alice, record_of(rose))
    for tab, title in (
        ("Identité", "Identité"),
        ("Séjours", "Séjours"),
        ("Entourage", "Entourage"),
        ("Transmissions", "Transmissions"),
        ("Documents", "Documents"),
        ("Chronologie", "Chronologie"),
    ):
        journey.open_tab(tab)
        journey.arrives_at(title)
        expect(journey.page.get_by_label("Personne concernée")).to_contain_text("Lambert")
    expect(
        journey.main.get_by_role("listitem").filter(has=journey.page.locator(".dot"))
    ).to_have_count(4)
    journey.page.get_by_label("Nature").select_option("Évaluation")
    expect(journey.page).to_have_url(re.compile("kind="))
    journey.follow("Échelle de douleur")
    journey.arrives_at("Échelle de douleur")
    expect(journey.main).to_contain_text("Douleur au repos")
    journey.page.goto(record_of(rose, "chronologie/"))
    journey.follow("Séance de kinésithérapie")
    journey.arrives_at("Séance de kinésithérapie")
    journey.open_tab("Documents")
    with journey.page.expect_download() as download:
        journey.main.get_by_role("link", name="Compte rendu de consultation", exact=True).click()
    assert download.value.suggested_filename == "Compte-rendu-de-consultation.pdf"


def test_a_closed_volet_says_its_rule(town: Town, journey: Journey, rose: Person) -> None:
    journey.enter_as(town.alice, record_of(rose, "chronologie/"))
    volets = journey.page.get_by_role("navigation", name="Volets", exact=True)
    volets.get_by_role("link", name="Soins").click()
    journey.arrives_at(Volet.CARE.label)
    expect(journey.main).to_contain_text("Pansement refait au talon.")
    journey.page.goto(record_of(rose, "chronologie/"))
    journey.follow(Volet.MONEY.label)
    journey.arrives_at(Volet.MONEY.label)
    expect(journey.main).to_contain_text("Ce volet vous est fermé")


def test_who_has_seen(town: Town, journey: Journey, rose: Person) -> None:
    journey.enter_as(town.alice, record_of(rose, "chronologie/"))
    journey.enter_as(town.denis, record_of(rose, "qui-a-vu/"))
    journey.arrives_at("Qui a vu ce dossier")
    rows = journey.main.get_by_role("row")
    read = "Chronologie lue"
    expect(rows.filter(has_text="Alice Martel").filter(has_text=read).first).to_be_visible()
    journey.page.get_by_label("Gestes").select_option("Écritures")
    expect(rows.filter(has_text="Transmission écrite")).to_have_count(1)
    expect(rows.filter(has_text=read)).to_have_count(0)


def test_on_paper(town: Town, journey: Journey, rose: Person) -> None:
    journey.enter_as(town.alice, record_of(rose, "transmissions/"))
    journey.page.emulate_media(media="print")
    expect(journey.page.get_by_text("Imprimé le")).to_be_visible()
    expect(journey.page.locator(".identity .name")).to_be_visible()
    expect(journey.main).to_contain_text("Pansement refait au talon.")
    expect(journey.page.locator("textarea")).to_be_hidden()
    journey.page.goto("/usagers/")
    for cell in journey.main.locator("tbody th, tbody td").all():
        assert cell.evaluate("cell => getComputedStyle(cell).textOverflow") == "clip"
    assert journey.page.locator(".button:visible").count() == 0
