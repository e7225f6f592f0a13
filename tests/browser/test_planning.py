"""An educator makes a plan, moves an action along its board on a phone, puts actions in order."""

import re

import pytest
from playwright.sync_api import expect

from tests.browser.journeys import Journey, record_of
from tests.factories.people import welcome
from tests.factories.town import Town, actor_of
from virage.foundation.access.enums import Volet
from virage.persons.models import Person
from virage.plans.actions.parts import add_action, add_objective
from virage.plans.actions.plans import create_plan
from virage.plans.rules.drafts import ActionDraft, ObjectiveDraft, PlanDraft


@pytest.fixture
def ines(town: Town) -> Person:
    return welcome(town, "Inès Faure", town.ime, town.ime_unit)


def test_a_plan_on_a_phone(town: Town, journey: Journey, ines: Person) -> None:
    page = journey.page
    page.set_viewport_size({"width": 390, "height": 844})
    journey.enter_as(town.bob, record_of(ines, "plans/"))
    journey.arrives_at("Plans")
    journey.follow("Commencer un plan")
    journey.arrives_at("Commencer un plan")
    journey.fill("Titre", "Prendre le bus")
    journey.press("Commencer le plan")
    journey.arrives_at("Prendre le bus")
    journey.main.get_by_role("link", name="Ajouter un objectif").click()
    journey.arrives_at("Ajouter un objectif")
    journey.fill("Objectif", "Aller seule en ville")
    journey.press("Ajouter l’objectif")
    journey.arrives_at("Prendre le bus")
    journey.main.locator("summary", has_text="Objectif").click()
    journey.follow("Ajouter une action")
    journey.arrives_at("Ajouter une action")
    journey.fill("Action", "Repérer les arrêts")
    page.get_by_label("Échéance").fill("2026-12-24")
    journey.press("Ajouter l’action")
    journey.arrives_at("Prendre le bus")
    journey.follow("Tableau")
    journey.arrives_at("Prendre le bus")
    card = page.get_by_role("article", name="Repérer les arrêts")
    card.get_by_role("button", name="Commencer").click()
    expect(page.get_by_role("region", name="En cours")).to_contain_text("Repérer les arrêts")
    expect(card).to_be_focused()
    journey.arrives_at("Prendre le bus")
    card.locator("summary").click()
    card.get_by_role("link", name="Bloquer").click()
    journey.arrives_at("Bloquer")
    journey.fill("Motif", "La ligne est en travaux")
    journey.press("Bloquer")
    expect(page.get_by_role("region", name="Bloquée")).to_contain_text("La ligne est en travaux")
    journey.follow("Calendrier")
    journey.arrives_at("Prendre le bus")
    journey.follow("Suivi")
    journey.arrives_at("Prendre le bus")
    expect(journey.main).to_contain_text("Motif\u00a0: La ligne est en travaux")


def test_actions_are_put_in_order_from_the_keyboard(
    town: Town, journey: Journey, ines: Person
) -> None:
    bob, page = actor_of(town.bob), journey.page
    draft = PlanDraft(
        subject_id=ines.subject_id, volet=Volet.PROJECT, title="Le bus", starts_on=bob.today
    )
    plan = create_plan(bob, draft=draft)
    aim = add_objective(bob, plan_id=plan.pk, draft=ObjectiveDraft(title="Aller en ville"))
    for title in ("Repérer les arrêts", "Acheter un ticket", "Demander son chemin"):
        of_aim = {"plan_id": plan.pk, "objective_id": aim.pk}
        add_action(bob, **of_aim, draft=ActionDraft(title=title))
    journey.enter_as(town.bob, record_of(ines, f"plans/{plan.pk}/ordre/"))
    journey.arrives_at("Changer l’ordre")
    last = page.get_by_role("group", name="Demander son chemin")
    last.get_by_role("button", name="Monter").focus()
    page.keyboard.press("Enter")
    expect(last).to_be_focused()
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(last.get_by_role("button", name="Monter")).to_have_count(0)
    journey.arrives_at("Changer l’ordre")
    expect(journey.main.get_by_role("group")).to_have_text(
        [
            *("Aller en ville", re.compile("Demander son chemin")),
            *(re.compile("Repérer les arrêts"), re.compile("Acheter un ticket")),
        ]
    )
