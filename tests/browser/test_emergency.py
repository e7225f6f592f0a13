"""At night, before someone of another unit: the glass is broken, then the direction reviews it."""

import pytest

from tests.browser.journeys import Journey, record_of
from tests.factories import drafts
from tests.factories.people import welcome
from tests.factories.town import Town, actor_of
from virage.foundation.access.enums import Volet
from virage.foundation.access.models import BrisDeGlace
from virage.persons.models import Person
from virage.record.actions import write_note


@pytest.fixture
def louise(town: Town) -> Person:
    person = welcome(town, "Louise Bernard", town.ehpad, town.unit_b)
    draft = drafts.note(person, volet=Volet.MEDICAL, text="Allergie à la pénicilline.")
    write_note(actor_of(town.denis), draft=draft)
    return person


def test_a_nurse_breaks_the_glass_and_the_direction_reviews_it(
    town: Town, journey: Journey, louise: Person
) -> None:
    journey.enter_as(town.alice, record_of(louise))
    journey.arrives_at("Cet accès vous est refusé")
    journey.follow("Urgence\u00a0: ouvrir le dossier")
    journey.arrives_at("Ouvrir un dossier en urgence")
    journey.page.get_by_label("Motif").select_option("fall")
    journey.fill("Ce qui se passe", "Chute dans le couloir, consciente, se plaint de la hanche.")
    journey.press("Ouvrir la fiche d’urgence")
    journey.arrives_at("Fiche d’urgence")
    journey.press("Ouvrir aussi le volet médical")
    journey.is_told("Le volet médical est ouvert")
    journey.open_tab("Volet médical")
    journey.arrives_at("Volet médical")
    assert "pénicilline" in journey.main.inner_text()
    journey.enter_as(town.diane, "/usagers/bris-de-glace/")
    journey.arrives_at("Bris de glace")
    journey.follow("Alice Martel")
    journey.arrives_at("Revue d’un bris de glace")
    journey.page.get_by_label("Accepté").check()
    journey.press("Enregistrer la revue")
    journey.arrives_at("Bris de glace")
    assert BrisDeGlace.objects.get().review == "accepted"


def test_the_exact_identity_on_a_phone(town: Town, journey: Journey, louise: Person) -> None:
    journey.page.set_viewport_size({"width": 390, "height": 844})
    journey.enter_as(town.alice, "/usagers/urgence/")
    journey.arrives_at("Ouvrir un dossier en urgence")
    journey.fill("Nom de naissance ou utilisé", "Bernard")
    journey.fill("Premier prénom ou prénom utilisé", "Louise")
    journey.page.get_by_label("Date de naissance").fill("1941-03-12")
    journey.page.get_by_label("Motif").select_option("vital")
    journey.fill("Ce qui se passe", "Retrouvée inconsciente.")
    journey.press("Ouvrir la fiche d’urgence")
    journey.arrives_at("Fiche d’urgence")
    assert journey.page.evaluate("document.documentElement.scrollWidth") <= 390


def test_the_direction_closes_a_record_to_someone(
    town: Town, journey: Journey, louise: Person
) -> None:
    journey.enter_as(town.diane, record_of(louise, "droits/"))
    journey.arrives_at("Droits")
    journey.follow("Fermer ce dossier à quelqu’un")
    journey.arrives_at("Fermer ce dossier")
    journey.page.get_by_label("À un professionnel").select_option(label="Basile Roy")
    journey.fill("Pourquoi", "Un parent de la personne travaille avec lui.")
    journey.press("Fermer ce dossier")
    journey.is_told("La restriction est posée\u00a0: la direction peut la lever.")
    journey.arrives_at("Droits")
    assert "Basile Roy" in journey.main.inner_text()
    journey.press("Lever")
    journey.is_told("La restriction est levée.")
