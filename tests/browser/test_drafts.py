"""What is being written survives a page left and a network cut, and leaves nothing in clear."""

from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.browser.journeys import Journey, record_of
from tests.factories.people import welcome
from tests.factories.town import PASSWORD, Town
from virage.foundation.drafts.models import Draft
from virage.foundation.drafts.rules import MOST_CHARACTERS
from virage.persons.models import Person
from virage.record.models import Note

WORDS = "Rougeur au talon gauche, à revoir."
CUT = "Failed to load resource: net::ERR_INTERNET_DISCONNECTED"


@pytest.fixture
def rose(town: Town) -> Person:
    return welcome(town, "Rose Lambert", town.ehpad, town.unit_a, town.room_a1)


def _write(journey: Journey, town: Town, rose: Person) -> Page:
    journey.enter_as(town.alice, record_of(rose, "transmissions/?write=1"))
    journey.page.on("dialog", lambda dialog: dialog.accept())
    journey.fill("Transmission", WORDS)
    return journey.page


def _held(page: Page) -> list[str]:
    return page.evaluate("Object.entries(localStorage).map((pair) => pair.join())")


def test_a_page_left_finds_its_draft(town: Town, journey: Journey, rose: Person) -> None:
    page = _write(journey, town, rose)
    expect(page.get_by_text("Brouillon gardé à")).to_be_visible()
    page.goto("/")
    page.goto(record_of(rose, "transmissions/"))
    journey.arrives_at("Transmissions")
    journey.follow("Reprendre le brouillon")
    expect(page.get_by_role("textbox", name="Transmission")).to_have_value(WORDS)
    journey.arrives_at("Transmissions")
    journey.press("Enregistrer la transmission")
    journey.is_told("La transmission est enregistrée.")
    assert (Draft.objects.count(), Note.objects.get().text) == (0, WORDS)
    page.go_back()
    page.go_forward()
    assert Note.objects.count() == 1


def test_a_cut_keeps_it_encrypted_then_gives_it_back(
    town: Town, journey: Journey, rose: Person, tolerated: list[str]
) -> None:
    tolerated.append(CUT)
    page = _write(journey, town, rose)
    page.context.set_offline(True)
    journey.press("Enregistrer la transmission")
    expect(page.get_by_role("heading", name="Le serveur ne répond pas")).to_be_visible()
    expect(page.get_by_text("sur ce poste")).to_be_visible()
    ((held),) = _held(page)
    assert "talon" not in held
    assert not Draft.objects.exists()
    page.context.set_offline(False)
    page.goto(record_of(rose, "transmissions/"))
    expect(page.get_by_text("Un brouillon vous attend")).to_be_visible()
    assert _held(page) == []
    journey.follow("Reprendre le brouillon")
    expect(page.get_by_role("textbox", name="Transmission")).to_have_value(WORDS)
    assert not Note.objects.exists()


def test_after_the_cut_the_copy_goes_to_the_server_by_itself(
    town: Town, journey: Journey, rose: Person, tolerated: list[str]
) -> None:
    tolerated.append(CUT)
    page = _write(journey, town, rose)
    page.context.set_offline(True)
    expect(page.get_by_text("sur ce poste")).to_be_visible()
    page.context.set_offline(False)
    expect(page.get_by_text("sur ce poste")).to_have_count(0, timeout=10_000)
    assert (_held(page), Draft.objects.count()) == ([], 1)


def test_a_lock_while_the_server_is_stopped_asks_for_the_code_once_it_answers(
    town: Town, journey: Journey, rose: Person, tolerated: list[str]
) -> None:
    """nginx then answers in its place, with a page of its own."""
    tolerated.append("status of 502")
    page = _write(journey, town, rose)
    page.route("**/*", lambda route: route.fulfill(status=502, body="<h1>Virage est arrêté</h1>"))
    journey.press("Verrouiller")
    expect(page.get_by_text("Le serveur ne répond pas")).to_be_visible()
    page.unroute("**/*")
    page.get_by_label("Mot de passe").fill(PASSWORD)
    journey.press("Déverrouiller")
    expect(page.get_by_role("textbox", name="Transmission")).to_have_value(WORDS)


def test_a_lock_during_the_cut_leaves_the_page_behind_it(
    town: Town, journey: Journey, rose: Person, tolerated: list[str]
) -> None:
    tolerated.append(CUT)
    page = _write(journey, town, rose)
    page.context.set_offline(True)
    expect(page.get_by_text("sur ce poste")).to_be_visible()
    journey.press("Verrouiller")
    journey.arrives_at("Session verrouillée")
    expect(page.get_by_text("Le serveur ne répond pas")).to_be_visible()
    assert _held(page) == []
    page.context.set_offline(False)
    page.get_by_label("Mot de passe").fill(PASSWORD)
    journey.press("Déverrouiller")
    expect(page.get_by_role("textbox", name="Transmission")).to_have_value(WORDS)
    expect(page.get_by_text("sur ce poste")).to_have_count(0, timeout=10_000)
    assert Draft.objects.count() == 1


def test_a_cut_keeps_the_longest_draft_too(
    town: Town, journey: Journey, rose: Person, tolerated: list[str]
) -> None:
    tolerated.append(CUT)
    page = _write(journey, town, rose)
    page.context.set_offline(True)
    longest = "’" * (MOST_CHARACTERS - 500)
    journey.fill("Transmission", longest)
    expect(page.get_by_text("sur ce poste")).to_be_visible(timeout=10_000)
    page.context.set_offline(False)
    page.goto(record_of(rose, "transmissions/"))
    expect(page.get_by_text("Un brouillon vous attend")).to_be_visible()
    assert _held(page) == []
    journey.follow("Reprendre le brouillon")
    expect(page.get_by_role("textbox", name="Transmission")).to_have_value(longest)


def test_what_is_too_large_is_not_sent_and_stays(
    town: Town, journey: Journey, rose: Person, settings: Any
) -> None:
    settings.DATA_UPLOAD_MAX_MEMORY_SIZE = 5000
    settings.IMPORT_MAX_FILE_BYTES = 5000
    page = _write(journey, town, rose)
    journey.fill("Transmission", "é" * 1000)
    sent: list[str] = []
    page.on("request", lambda one: sent.append(one.url) if one.method == "POST" else None)
    journey.press("Enregistrer la transmission")
    expect(page.get_by_role("heading", name="C’est trop lourd pour être envoyé")).to_be_visible()
    expect(page.get_by_role("textbox", name="Transmission")).to_have_value("é" * 1000)
    assert not [one for one in sent if one.endswith("transmissions/")]
    page.goto(record_of(rose, "documents/ajouter/"))
    page.get_by_label("Fichier").set_input_files(
        {"name": "a.pdf", "mimeType": "application/pdf", "buffer": b"%PDF-" + b"0" * 5000}
    )
    journey.fill("Titre", "Ordonnance")
    journey.press("Ajouter le document")
    expect(page.get_by_role("heading", name="C’est trop lourd pour être envoyé")).to_be_visible()
    expect(page.get_by_role("textbox", name="Titre")).to_have_value("Ordonnance")
    assert not [one for one in sent if "documents" in one]


def test_what_is_too_long_for_a_draft_is_not_said_to_be_kept(
    town: Town, journey: Journey, rose: Person
) -> None:
    page = _write(journey, town, rose)
    journey.fill("Transmission", "é" * (MOST_CHARACTERS + 1))
    expect(page.get_by_text("trop long pour être gardé")).to_be_visible()
    assert _held(page) == []


@pytest.mark.parametrize("gesture", ["lock", "sign out"])
def test_nothing_stays_on_the_computer(
    town: Town, journey: Journey, rose: Person, tolerated: list[str], gesture: str
) -> None:
    tolerated.append(CUT)
    page = _write(journey, town, rose)
    page.context.set_offline(True)
    expect(page.get_by_text("sur ce poste")).to_be_visible()
    assert _held(page)
    page.context.set_offline(False)
    if gesture == "lock":
        page.evaluate("document.dispatchEvent(new CustomEvent('virage:lock'))")
    else:
        page.locator(".me summary").click()
        journey.press("Se déconnecter")
        expect(page.get_by_role("button", name="Se connecter")).to_be_visible()
    assert _held(page) == []


def test_what_is_typed_just_before_the_lock_waits_behind_it(
    town: Town, journey: Journey, rose: Person
) -> None:
    page = _write(journey, town, rose)
    journey.press("Verrouiller")
    journey.arrives_at("Session verrouillée")
    page.wait_for_timeout(4000)
    assert _held(page) == []
    page.get_by_label("Mot de passe").fill(PASSWORD)
    journey.press("Déverrouiller")
    expect(page.get_by_text("Brouillon gardé à")).to_be_visible()


def test_another_session_cannot_open_the_copy(
    town: Town, journey: Journey, rose: Person, tolerated: list[str]
) -> None:
    tolerated.append(CUT)
    page = _write(journey, town, rose)
    page.context.set_offline(True)
    expect(page.get_by_text("sur ce poste")).to_be_visible()
    page.context.set_offline(False)
    journey.enter_as(town.aude, record_of(rose, "transmissions/?write=1"))
    page.wait_for_function("localStorage.length === 0")
    assert not Draft.objects.exists()
    expect(page.get_by_text("Un brouillon vous attend")).to_have_count(0)
