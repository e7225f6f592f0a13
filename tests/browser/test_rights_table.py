"""The direction of the operator changes the table of rights, from draft to history."""

from playwright.sync_api import expect

from tests.browser.journeys import Journey, record_of
from tests.factories.people import welcome
from tests.factories.town import Town


def test_the_direction_closes_a_volet_to_the_nurses(journey: Journey, town: Town) -> None:
    louise = welcome(town, "Louise Bernard", town.ehpad, town.unit_a)
    journey.enter_as(town.alice, record_of(louise, "droits/"))
    journey.page.context.clear_cookies()
    page = journey.page
    journey.enter_as(town.gaspard, "/annuaire/")
    page.get_by_text("Plus d’actions").click()
    journey.follow("Tableau des droits")
    journey.arrives_at("Tableau des droits")
    journey.follow("Préparer un changement")
    journey.arrives_at("Préparer un changement de droits")
    choice = page.get_by_label("Infirmière, infirmier, Socio-éducatif", exact=True)
    choice.focus()  # By the keyboard alone: the choice, then its neighbour.
    page.keyboard.press("Home")
    expect(choice).to_have_value("none")
    page.keyboard.press("Tab")
    expect(page.get_by_label("Infirmière, infirmier, Psychologique", exact=True)).to_be_focused()
    kept = page.get_by_label("Direction, chef de service, Projet personnalisé", exact=True)
    kept.select_option("read")
    journey.press("Enregistrer le projet")
    expect(journey.main).to_contain_text("La direction garde")
    expect(choice).to_have_value("none")
    kept.select_option("read+validate")
    journey.press("Enregistrer le projet")
    journey.arrives_at("Projet de droits")
    changes = page.get_by_role("group", name="Différences avec la version en vigueur")
    expect(changes).to_contain_text("Socio-éducatif")
    tried = page.get_by_role("group", name="Lectures passées que le projet aurait changées")
    expect(tried).to_contain_text("Refusées")
    journey.fill("Motif", "Décidé en conseil de direction le 27 novembre.")
    journey.press("Mettre en vigueur")
    journey.is_told("La version 1 est en vigueur.")
    journey.arrives_at("Tableau des droits")
    journey.follow("Version 1")
    journey.arrives_at("Droits, version 1")
    expect(journey.main).to_contain_text("Décidé en conseil de direction")
    page.context.clear_cookies()
    journey.enter_as(town.alice, record_of(louise, "volets/socio-educatif/"))
    expect(journey.main).to_contain_text("Le tableau des droits ne l’ouvre pas")
