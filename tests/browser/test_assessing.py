"""A nurse assesses a GIR on her phone, by keyboard or by finger, and reads why."""

import pytest
from playwright.sync_api import expect

from tests.browser.journeys import Journey, record_of
from tests.factories.people import welcome
from tests.factories.town import Town
from virage.persons.models import Person

VARIABLES = (
    *("Cohérence", "Orientation", "Toilette", "Habillage", "Alimentation", "Élimination"),
    *("Transferts", "Déplacement à l’intérieur", "Déplacement à l’extérieur", "Alerter"),
)


@pytest.fixture
def rose(town: Town) -> Person:
    return welcome(town, "Rose Lambert", town.ehpad, town.unit_a, town.room_a1)


def test_a_gir_on_a_phone(town: Town, journey: Journey, rose: Person) -> None:
    page = journey.page
    page.set_viewport_size({"width": 390, "height": 844})
    journey.enter_as(town.alice, record_of(rose, "evaluations/"))
    journey.arrives_at("Évaluations")
    page.get_by_label("Commencer une évaluation").select_option(label="Grille AGGIR")
    journey.press("Commencer")
    journey.arrives_at("Grille AGGIR")
    page.get_by_label("Une lettre par variable").check()
    # What that leads to is asked in place, and the keyboard stays where it was.
    expect(page.get_by_role("group", name="Toilette", exact=True)).to_be_visible()
    expect(page.get_by_label("Une lettre par variable")).to_be_focused()
    journey.arrives_at("Grille AGGIR")
    for name in VARIABLES[:-1]:
        page.get_by_role("group", name=name, exact=True).get_by_label("B · fait en partie").check()
    journey.press("Terminer l’évaluation")
    expect(page.get_by_role("alert")).to_contain_text("Alerter")
    journey.arrives_at("Grille AGGIR")
    last = page.get_by_role("group", name=VARIABLES[-1], exact=True)
    last.get_by_label("A · fait seul").focus()
    page.keyboard.press("Space")
    journey.press("Terminer l’évaluation")
    journey.arrives_at("Grille AGGIR")
    expect(journey.main).to_contain_text("GIR 4")
    expect(journey.main).to_contain_text("le seuil de 650 est atteint")
    page.get_by_text("Comment ces nombres sont faits").click()
    journey.arrives_at("Grille AGGIR")
    journey.follow("Voir l’évolution")
    expect(page.get_by_role("table", name="Résultats")).to_contain_text("Dépendance partielle")
    journey.arrives_at("Grille AGGIR")
