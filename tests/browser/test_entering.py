"""Signing in, choosing a situation, changing it, leaving."""

from playwright.sync_api import expect

from tests.browser.journeys import Journey
from tests.factories.town import SINCE, Town, actor_of
from virage.directory import actions
from virage.foundation.access.enums import Reach


def test_one_signs_in_and_chooses_a_situation(town: Town, journey: Journey) -> None:
    actions.open_membership(
        actor_of(town.command_line),
        professional=town.alice.professional,
        profession="nurse",
        establishment=town.ime,
        reach=Reach.ESTABLISHMENT,
        starts_on=SINCE,
    )
    journey.page.goto("/usagers/")
    journey.arrives_at("Se connecter")
    journey.sign_in(town.alice, password="pas le bon")
    journey.arrives_at("Se connecter")
    expect(journey.page.get_by_role("alert")).to_contain_text("mot de passe")
    journey.sign_in(town.alice)
    journey.arrives_at("À quel titre travaillez-vous maintenant ?")
    chosen = journey.main.get_by_role("article").filter(has_text="IME La Clairière")
    chosen.get_by_role("button", name="Choisir cette situation").click()
    journey.arrives_at("Bonjour")
    where = journey.page.get_by_role("banner").get_by_title("Changer de situation")
    expect(where).to_contain_text("IME La Clairière")
    expect(where).to_contain_text("Infirmière, infirmier")
    where.click()
    journey.arrives_at("À quel titre travaillez-vous maintenant ?")
    home = journey.main.get_by_role("article").filter(has_text="EHPAD Les Tilleuls")
    home.get_by_role("button", name="Choisir cette situation").click()
    expect(where).to_contain_text("EHPAD Les Tilleuls")
    expect(journey.page.get_by_role("link", name="Résidents").first).to_be_visible()


def test_one_leaves_and_the_pages_are_gone(town: Town, journey: Journey) -> None:
    journey.sign_in(town.alice)
    journey.arrives_at("Bonjour")
    journey.page.get_by_role("banner").get_by_text("Alice Martel").click()
    journey.press("Se déconnecter")
    journey.arrives_at("Se connecter")
    journey.page.go_back()
    expect(journey.page.get_by_role("heading", level=1, name="Bonjour")).to_have_count(0)


def test_a_forgotten_password_says_nothing_of_who_exists(town: Town, journey: Journey) -> None:
    journey.page.goto("/connexion/")
    journey.follow("J’ai oublié mon mot de passe")
    journey.arrives_at("Mot de passe oublié")
    journey.page.get_by_label("Adresse électronique").fill("personne@ailleurs.example")
    journey.press("Recevoir le lien")
    journey.arrives_at("Regardez vos messages")
