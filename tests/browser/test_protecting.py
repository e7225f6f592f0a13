"""Protecting one's own way in: a telephone, a key, a code; a page left alone."""

from typing import Any

from allauth.mfa.models import Authenticator
from playwright.sync_api import expect

from tests.browser.journeys import Journey
from tests.factories.factors import code_at
from tests.factories.town import PASSWORD, SINCE, Town, actor_of
from virage.directory.actions import open_membership
from virage.directory.actions.sign_in import set_pin
from virage.directory.models import Account, Professional


def _account(town: Town) -> Account:
    return Account.objects.get(professional=town.alice.professional)


def test_one_adds_a_telephone_before_anything_else(journey: Journey, town: Town) -> None:
    Authenticator.objects.filter(user=_account(town)).delete()
    page = journey.page
    page.goto("/connexion/")
    page.get_by_label("Adresse électronique").fill(_account(town).email)
    page.get_by_label("Mot de passe").fill(PASSWORD)
    journey.press("Se connecter")
    journey.arrives_at("Protégez votre accès")
    page.get_by_text("Je ne peux pas photographier").click()
    secret = page.locator("code.secret").inner_text()
    journey.fill("Code à 6 chiffres", code_at(secret=secret))
    journey.press("Enregistrer mon téléphone")
    journey.arrives_at("Gardez ces codes de secours")
    journey.follow("Je les ai gardés, continuer")
    expect(page.get_by_role("button", name="Verrouiller")).to_be_visible()


def test_one_adds_a_key_then_signs_in_with_it(journey: Journey, town: Town) -> None:
    page = journey.page
    browser = page.context.new_cdp_session(page)
    browser.send("WebAuthn.enable")
    key = {"protocol": "ctap2", "transport": "usb", "hasUserVerification": True}
    browser.send(
        "WebAuthn.addVirtualAuthenticator",
        {"options": {**key, "isUserVerified": True, "automaticPresenceSimulation": True}},
    )
    journey.enter_as(town.alice, "/ma-connexion/")
    journey.arrives_at("Ma connexion")
    journey.follow("Ajouter une clé")
    journey.arrives_at("Ajouter une clé de sécurité")
    journey.fill("Nom de la clé", "Clé bleue")
    page.get_by_label("Votre mot de passe").fill(PASSWORD)
    journey.press("Ajouter la clé")
    expect(page.get_by_text("Clé bleue")).to_be_visible()
    page.context.clear_cookies()
    page.goto("/connexion/")
    page.get_by_label("Adresse électronique").fill(_account(town).email)
    page.get_by_label("Mot de passe").fill(PASSWORD)
    journey.press("Se connecter")
    journey.arrives_at("Prouvez que c’est bien vous")
    journey.press("Employer une clé de sécurité")
    expect(page.get_by_role("button", name="Verrouiller")).to_be_visible()


def test_one_locks_and_finds_again_what_was_typed(
    journey: Journey, town: Town, settings: Any
) -> None:
    set_pin(_account(town), pin="408162")
    page = journey.page
    journey.enter_as(town.diane, "/annuaire/professionnels/nouveau/")
    set_pin(Account.objects.get(professional=town.diane.professional), pin="408162")
    journey.fill("Nom", "de la Tour")
    journey.press("Verrouiller")
    journey.arrives_at("Session verrouillée")
    expect(page.get_by_role("dialog")).to_contain_text("Diane Perrin")
    page.keyboard.press("Escape")
    page.get_by_label("Code de déverrouillage").fill("000000")
    journey.press("Déverrouiller")
    expect(page.get_by_role("dialog")).to_contain_text("Ce code est faux")
    page.get_by_label("Code de déverrouillage").fill("408162")
    page.keyboard.press("Enter")
    expect(page.get_by_role("dialog")).to_have_count(0)
    expect(page.get_by_role("textbox", name="Nom", exact=True)).to_have_value("de la Tour")
    journey.press("Ajouter le professionnel")
    journey.is_told("de la Tour est dans l’annuaire")


def test_a_page_left_alone_is_locked(journey: Journey, town: Town) -> None:
    page = journey.page
    page.clock.install()
    journey.enter_as(town.alice)
    page.clock.fast_forward("10:10:00")
    journey.arrives_at("Session verrouillée")
    page.reload()
    journey.arrives_at("Session verrouillée")


def test_signing_out_covers_what_other_tabs_show(journey: Journey, town: Town) -> None:
    journey.enter_as(town.alice, "/annuaire/professionnels/")
    other = journey.page.context.new_page()
    other.goto(journey.page.url)
    journey.page.locator(".me summary").click()
    journey.press("Se déconnecter")
    expect(other.get_by_role("heading", name="Se connecter")).to_be_visible()


def test_the_next_person_does_not_uncover_what_the_former_one_left(
    journey: Journey, town: Town
) -> None:
    """Two tabs are locked; a colleague takes the place, then locks and unlocks in her own tab."""
    journey.enter_as(town.alice, "/annuaire/professionnels/")
    page = journey.page
    left = page.context.new_page()
    left.goto(page.url)
    journey.press("Verrouiller")
    expect(left.get_by_role("heading", name="Session verrouillée")).to_be_visible()
    journey.enter_as(town.diane, "/annuaire/professionnels/")
    journey.press("Verrouiller")
    page.get_by_label("Mot de passe").fill(PASSWORD)
    journey.press("Déverrouiller")
    expect(page.get_by_role("dialog")).to_have_count(0)
    expect(left.locator(".me summary")).to_contain_text("Diane Perrin")


def test_a_form_is_not_signed_by_the_situation_of_another_tab(journey: Journey, town: Town) -> None:
    """What was typed is given back; and the page can still be locked."""
    open_membership(
        actor_of(town.command_line),
        professional=town.diane.professional,
        profession="secretary",
        establishment=town.ehpad,
        reach="establishment",
        starts_on=SINCE,
    )
    page = journey.page
    page.clock.install()
    journey.enter_as(town.diane, "/annuaire/professionnels/nouveau/")
    journey.fill("Nom", "de la Tour")
    other = page.context.new_page()
    other.goto(f"{page.url.split('/annuaire')[0]}/situation/")
    # The first one is the situation of now.
    other.get_by_role("button", name="Choisir cette situation").last.click()
    expect(other.get_by_role("button", name="Verrouiller")).to_be_visible()
    # Someone is there: nothing is locked, and the page does not say so.
    page.clock.fast_forward("00:02:00")
    with page.expect_response(lambda answer: answer.url.endswith("/verrou/")):
        page.keyboard.press("Shift")
    page.wait_for_timeout(500)
    expect(page.get_by_role("dialog", name="Session verrouillée")).to_have_count(0)
    journey.press("Verrouiller")
    journey.arrives_at("Session verrouillée")
    other.reload()
    expect(other.get_by_role("heading", name="Session verrouillée")).to_be_visible()
    page.get_by_label("Mot de passe").fill(PASSWORD)
    journey.press("Déverrouiller")
    expect(page.get_by_role("dialog")).to_have_count(0)
    journey.press("Ajouter le professionnel")
    journey.arrives_at("La page a été ouverte avant un changement de session")
    expect(page.get_by_text("de la Tour")).to_be_visible()
    assert not Professional.objects.filter(family_name="de la Tour").exists()


def test_a_page_brought_back_is_not_shown_to_the_next_person(journey: Journey, town: Town) -> None:
    """The Back button may show a page that the browser kept whole, without asking for it."""
    page = journey.page
    journey.enter_as(town.alice, "/annuaire/professionnels/")
    journey.arrives_at("Professionnels")
    bring_back = "dispatchEvent(new PageTransitionEvent('pageshow', {persisted: true}))"
    page.evaluate(bring_back)
    journey.arrives_at("Professionnels")
    journey.enter_as(town.diane, "/annuaire/professionnels/")
    page.evaluate("document.querySelector('[data-v-account]').dataset.vAccount = 'of another'")
    with page.expect_navigation():
        page.evaluate(bring_back)
    journey.arrives_at("Professionnels")
    page.context.clear_cookies()
    page.evaluate(bring_back)
    journey.arrives_at("Se connecter")
