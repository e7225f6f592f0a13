"""Transmissions: written, corrected, withdrawn, and two people at once."""

import pytest
from playwright.sync_api import Dialog, expect

from tests.browser.journeys import Journey, record_of
from tests.factories import drafts
from tests.factories.factors import fresh_code
from tests.factories.people import welcome
from tests.factories.town import PASSWORD, Town, actor_of
from virage.persons.models import Person
from virage.record.actions import correct_note, withdraw_note, write_note


@pytest.fixture
def rose(town: Town) -> Person:
    return welcome(town, "Rose Lambert", town.ehpad, town.unit_a, town.room_a1)


def test_one_writes_then_corrects(town: Town, journey: Journey, rose: Person) -> None:
    journey.enter_as(town.alice, record_of(rose, "chronologie/"))
    journey.page.keyboard.press("n")
    journey.arrives_at("Transmissions")
    expect(journey.page.locator("textarea")).to_be_focused()
    journey.press("Enregistrer la transmission")
    expect(journey.page.get_by_role("alert")).to_be_focused()
    expect(journey.page.get_by_role("alert")).to_contain_text("Un point à corriger")
    journey.arrives_at("Transmissions")
    journey.fill("Transmission", "Pansement refait au talon gauche.")
    journey.press("Enregistrer la transmission")
    journey.is_told("La transmission est enregistrée.")
    facts = journey.page.get_by_label("Transmissions du dossier")
    expect(facts.locator("li:target")).to_contain_text("Pansement refait au talon gauche.")
    expect(facts.locator("li:target")).to_be_in_viewport()
    facts.get_by_role("link", name="Soins").click()
    journey.arrives_at("Transmission")
    journey.follow("Corriger")
    journey.arrives_at("Corriger la transmission")
    journey.fill("Transmission", "Pansement refait au talon droit.")
    journey.fill("Motif de la correction", "erreur de côté")
    journey.press("Enregistrer la correction")
    journey.arrives_at("Transmission")
    expect(journey.main).to_contain_text("erreur de côté")
    expect(journey.main.locator("del")).to_have_text("gauche.")
    expect(journey.main.locator("ins")).to_have_text("droit.")


def test_what_was_written_is_read_first(town: Town, journey: Journey, rose: Person) -> None:
    write_note(actor_of(town.alice), draft=drafts.note(rose, text="A bien dormi."))
    journey.enter_as(town.alice, record_of(rose, "transmissions/"))
    for width, height in ((1280, 800), (390, 844)):
        journey.page.set_viewport_size({"width": width, "height": height})
        expect(journey.main.get_by_text("A bien dormi.")).to_be_in_viewport()
        expect(journey.page.locator("textarea")).to_be_hidden()
    # From the page where one has just written, htmx must not stay where it is.
    for text in ("Premier écrit.", "Second écrit."):
        journey.main.get_by_text("Écrire une transmission").click()
        journey.fill("Transmission", text)
        journey.press("Enregistrer la transmission")
        expect(journey.page.locator("li:target")).to_contain_text(text)


def test_written_in_the_wrong_record(town: Town, journey: Journey, rose: Person) -> None:
    right = welcome(town, "Odile Petit", town.ehpad, town.unit_a)
    note = write_note(actor_of(town.alice), draft=drafts.note(rose, text="Chute sans gravité."))
    journey.enter_as(town.alice, record_of(rose, f"transmissions/{note.pk}/"))
    journey.follow("Retirer de ce dossier")
    journey.arrives_at("Retirer la transmission de ce dossier")
    journey.fill("Motif du retrait", "écrite dans le mauvais dossier")
    journey.press("Retirer de ce dossier")
    journey.arrives_at("Transmission")
    expect(journey.main).to_contain_text("Transmission retirée de ce dossier")
    journey.page.goto(record_of(right, "transmissions/"))
    journey.arrives_at("Transmissions")
    expect(journey.page.locator("textarea")).to_be_empty()
    journey.follow("Reprendre le texte retiré")
    expect(journey.page.locator("textarea")).to_have_value("Chute sans gravité.")
    journey.press("Enregistrer la transmission")
    journey.is_told("La transmission est enregistrée.")
    journey.enter_as(town.aude, record_of(right, "transmissions/"))
    expect(journey.main).to_contain_text("Chute sans gravité.")
    journey.page.goto(record_of(rose, f"transmissions/{note.pk}/"))
    expect(journey.main).to_contain_text("Son texte n’est plus lisible que de son auteur")
    expect(journey.main).not_to_contain_text("Chute sans gravité.")


def test_two_correct_at_once(town: Town, journey: Journey, rose: Person) -> None:
    note = write_note(actor_of(town.alice), draft=drafts.note(rose, text="Tension 12/7 ce matin."))
    journey.enter_as(town.alice, record_of(rose, f"transmissions/{note.pk}/corriger/"))
    correct_note(
        actor_of(town.alice),
        note_id=note.pk,
        expected_version=note.version,
        text="Tension 13/7 ce matin.",
        reason="",
    )
    journey.fill("Transmission", "Tension 14/7 ce matin.")
    journey.press("Enregistrer la correction")
    journey.arrives_at("Corriger la transmission")
    expect(journey.main).to_contain_text("Quelqu’un a enregistré avant vous")
    expect(journey.main.locator("del")).to_contain_text("14/7")
    expect(journey.main.locator("ins")).to_contain_text("13/7")
    expect(journey.page.locator("textarea")).to_have_value("Tension 14/7 ce matin.")
    journey.press("Enregistrer la correction")
    journey.arrives_at("Transmission")
    expect(journey.main.get_by_role("heading", name="Corrigée le")).to_have_count(2)


def test_a_session_that_ends_loses_no_word(town: Town, journey: Journey, rose: Person) -> None:
    journey.enter_as(town.alice, record_of(rose, "transmissions/?write=1"))
    journey.fill("Transmission", "Pansement refait au talon gauche.")
    journey.page.context.clear_cookies(name="sessionid")
    journey.press("Enregistrer la transmission")
    notice = journey.page.locator("#notice")
    expect(notice).to_contain_text("Votre session est finie")
    journey.arrives_at("Transmissions")
    asked: list[Dialog] = []
    journey.page.once("dialog", lambda dialog: (asked.append(dialog), dialog.dismiss()))
    journey.page.evaluate("location.href = '/'")
    journey.page.wait_for_timeout(200)
    assert [dialog.type for dialog in asked] == ["beforeunload"]
    with journey.page.expect_popup() as popup:
        notice.get_by_role("link", name="Se connecter dans un autre onglet").click()
    popup.value.get_by_label("Adresse électronique").fill(town.alice.professional.account.email)
    popup.value.get_by_label("Mot de passe").fill(PASSWORD)
    popup.value.get_by_role("button", name="Se connecter").click()
    code = fresh_code(town.alice.professional.account)
    popup.value.get_by_label("Code de l’application, ou code de secours").fill(code)
    popup.value.get_by_role("button", name="Continuer").click()
    expect(popup.value.get_by_role("heading", level=1, name="Bonjour")).to_be_visible()
    journey.press("Enregistrer la transmission")
    expect(notice).to_contain_text("Vous enregistrerez en tant que Alice")
    expect(journey.page.get_by_role("textbox", name="Transmission", exact=True)).to_have_value(
        "Pansement refait au talon gauche."
    )
    journey.arrives_at("Transmissions")
    journey.press("Enregistrer la transmission")
    journey.is_told("La transmission est enregistrée.")


def test_a_button_without_a_session_leads_back_to_its_page(
    town: Town, journey: Journey, rose: Person
) -> None:
    note = write_note(actor_of(town.alice), draft=drafts.note(rose, text="Tension 12/7."))
    withdraw_note(actor_of(town.alice), note_id=note.pk, reason="erreur")
    journey.enter_as(town.alice, record_of(rose, f"transmissions/{note.pk}/"))
    journey.page.context.clear_cookies(name="sessionid")
    journey.press("Rétablir dans ce dossier")
    journey.arrives_at("Se connecter")
    journey.type_credentials(town.alice)
    journey.arrives_at("Transmission")
    journey.press("Rétablir dans ce dossier")
    journey.is_told("La transmission est rétablie dans ce dossier.")
