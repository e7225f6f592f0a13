"""The direction looks at what a colleague sees, and comes back."""

from playwright.sync_api import expect

from tests.browser.journeys import Journey, record_of
from tests.factories.people import welcome
from tests.factories.town import Town


def test_the_direction_sees_as_the_nurse_then_comes_back(journey: Journey, town: Town) -> None:
    louise = welcome(town, "Louise Bernard", town.ehpad, town.unit_a)
    page = journey.page
    journey.enter_as(town.diane, f"/annuaire/professionnels/{town.alice.professional_id}/")
    journey.arrives_at("Alice Martel")
    journey.follow("Ce que voit cette situation")
    journey.arrives_at("Ce que voit cette situation")
    expect(journey.main).to_contain_text("ouvre 1 dossier.")
    journey.press("Voir comme")
    banner = page.get_by_role("status").filter(has_text="Vous voyez comme")
    expect(banner).to_contain_text("Alice Martel, Infirmière")
    page.goto(record_of(louise, "transmissions/"))
    journey.arrives_at("Transmissions")
    expect(banner).to_be_visible()
    journey.search("louise")
    expect(page.locator("body")).to_contain_text("rien ne s’écrit, ne se cherche")
    page.goto("/usagers/")
    journey.press("Revenir à ma place")
    journey.is_told("Vous êtes revenu à votre place.")
    expect(banner).to_have_count(0)
