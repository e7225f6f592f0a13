"""With the keyboard alone: what closes gives the focus back, what is swapped keeps it."""

from playwright.sync_api import Locator, Page, expect

from tests.browser.journeys import Journey, record_of
from tests.factories.people import welcome
from tests.factories.town import Town


def _focus_on(page: Page) -> Locator:
    return page.locator(":focus")


def test_what_closes_gives_the_focus_back(town: Town, journey: Journey) -> None:
    journey.enter_as(town.alice, "/ui/")
    page = journey.page
    menu = page.locator("summary", has_text="Plus d’actions")
    menu.focus()
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    expect(_focus_on(page)).to_contain_text("Imprimer la synthèse")
    page.keyboard.press("Escape")
    expect(menu).to_be_focused()
    page.locator(".me summary").press("Enter")
    opener = page.get_by_role("link", name="Raccourcis clavier")
    opener.focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("dialog")).to_be_visible()
    for _ in range(6):  # Round and round: the page behind is never reached.
        page.keyboard.press("Tab")
        assert page.evaluate(
            "document.activeElement === document.body || !!document.activeElement.closest('dialog')"
        )
    page.keyboard.press("Escape")
    expect(opener).to_be_focused()


def test_a_swapped_list_keeps_the_focus(town: Town, journey: Journey) -> None:
    journey.enter_as(town.alice, "/ui/")
    page = journey.page
    page.get_by_label("Séjour").focus()
    with page.expect_response("**/ui/?*"):
        page.keyboard.press("End")
    page.wait_for_url("**state=past*")
    expect(page.get_by_label("Séjour")).to_be_focused()


def test_a_transmission_is_written_without_a_mouse(town: Town, journey: Journey) -> None:
    rose = welcome(town, "Rose Lambert", town.ehpad, town.unit_a)
    journey.enter_as(town.alice, record_of(rose, "transmissions/"))
    page = journey.page
    page.keyboard.press("n")
    expect(page.get_by_role("textbox", name="Transmission")).to_be_focused()
    page.keyboard.type("Rougeur au talon gauche, à revoir.")
    save = page.get_by_role("button", name="Enregistrer la transmission")
    for _ in range(15):
        page.keyboard.press("Tab")
        if save.evaluate("one => one === document.activeElement"):
            break
    page.keyboard.press("Enter")
    journey.is_told("La transmission est enregistrée.")


def test_a_visit_is_followed_and_stopped(town: Town, journey: Journey) -> None:
    journey.enter_as(town.alice, "/visite/")
    page = journey.page
    journey.arrives_at("Visite de l’équipe soignante")
    page.get_by_role("button", name="Commencer la visite").press("Enter")
    panel = page.get_by_role("complementary", name="Visite guidée")
    expect(panel).to_contain_text("Étape 1 sur 8")
    journey.arrives_at("Bonjour")
    panel.get_by_role("button", name="Étape suivante").press("Enter")
    expect(panel).to_contain_text("Étape 2 sur 8")
    page.set_viewport_size({"width": 390, "height": 844})
    page.reload()
    journey.arrives_at("Résidents")
    told, box = panel.locator("p"), panel.bounding_box()
    expect(told).to_be_hidden()
    assert box and box["height"] < 844 / 7
    panel.locator("summary").press("Enter")
    expect(told).to_be_visible()
    panel.get_by_role("button", name="Arrêter", exact=True).press("Enter")
    expect(panel).to_have_count(0)
    expect(page.get_by_role("button", name="Reprendre la visite")).to_be_visible()


def test_help_is_one_key_away(town: Town, journey: Journey) -> None:
    journey.enter_as(town.alice, "/usagers/")
    journey.page.get_by_role("link", name="Aide de cette page").press("Enter")
    journey.arrives_at("Trouver une personne")
