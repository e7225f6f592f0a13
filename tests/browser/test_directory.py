"""Correcting the directory, from the page that shows the mistake."""

from playwright.sync_api import expect

from tests.browser.journeys import Journey
from tests.factories.town import Town
from virage.directory.models import Professional
from virage.directory.rules import searched


def test_a_misnamed_unit_is_corrected(town: Town, journey: Journey) -> None:
    journey.enter_as(town.sofia, f"/annuaire/etablissements/{town.ehpad.pk}/")
    journey.arrives_at("EHPAD Les Tilleuls")
    card = journey.main.get_by_role("article").filter(has_text="Rez-de-jardin")
    card.get_by_role("link", name="Modifier l’unité").click()
    journey.arrives_at("Modifier l’unité")
    journey.fill("Nom de l’unité", "Premier étage")
    journey.press("Enregistrer l’unité")
    journey.arrives_at("Modifier l’unité")
    expect(journey.main).to_contain_text("Cet établissement a déjà une unité de ce nom.")
    journey.fill("Nom de l’unité", "Rez-de-chaussée")
    journey.press("Enregistrer l’unité")
    journey.is_told("L’unité est enregistrée.")
    journey.arrives_at("EHPAD Les Tilleuls")
    expect(journey.main.get_by_role("article").first).to_contain_text("Premier étage")
    expect(journey.main).to_contain_text("Rez-de-chaussée")


def test_a_search_of_the_staff_keeps_its_words_from_page_to_page(
    town: Town, journey: Journey
) -> None:
    Professional.objects.bulk_create(
        Professional(
            operator=town.operator, family_name=f"Nom{n:02}", search_text=searched(f"Nom{n:02}")
        )
        for n in range(60)
    )
    journey.enter_as(town.aude, "/annuaire/professionnels/")
    journey.arrives_at("Professionnels")
    words = journey.main.get_by_role("searchbox")
    words.fill("nom")
    journey.main.get_by_role("button", name="Chercher").click()
    expect(journey.main).to_contain_text("1 à 50 sur 60")
    journey.main.get_by_role("button", name="Suivante").click()
    expect(journey.main).to_contain_text("51 à 60 sur 60")
    expect(words).to_have_value("nom")
    journey.main.get_by_label("Présence").select_option("absent")
    expect(journey.main).to_contain_text("1 à 50 sur 60")
    expect(words).to_have_value("nom")
    journey.main.get_by_label("Présence").select_option("present")
    expect(journey.main).to_contain_text("Personne ne répond à ces mots")


def test_a_departure_is_noted_then_cancelled(town: Town, journey: Journey) -> None:
    journey.enter_as(town.diane, f"/annuaire/professionnels/{town.alice.professional_id}/")
    journey.arrives_at("Alice Martel")
    journey.follow("Départ")
    journey.arrives_at("Enregistrer un départ")
    journey.press("Enregistrer le départ")
    journey.is_told("Départ enregistré")
    journey.follow("Annuler le départ")
    journey.arrives_at("Annuler le départ")
    expect(journey.main).to_contain_text("Son compte ne se ferme pas.")
    journey.press("Annuler ce départ")
    journey.is_told("Départ annulé")
    expect(journey.main).not_to_contain_text("Un départ est noté")
