"""Every component in a browser: axe by day and by night, wide and narrow, and what scripts add."""

import re
from collections.abc import Callable

import pytest
from django.test import Client
from playwright.sync_api import Dialog, Page, expect
from pytest_django.live_server_helper import LiveServer

from tests.factories.town import Town, sign_in

GALLERY = "/ui/"


@pytest.fixture
def gallery(page: Page, town: Town, live_server: LiveServer) -> Page:
    """The gallery, as Alice sees it."""
    client = Client()
    sign_in(client, town.alice)
    session = {"name": "sessionid", "value": client.cookies["sessionid"].value}
    page.context.add_cookies([{**session, "url": live_server.url}])
    page.goto(GALLERY)
    return page


@pytest.mark.parametrize("colours", ["light", "dark"])
@pytest.mark.parametrize("width", [1280, 640, 390])
def test_it_is_accessible_and_fits(
    gallery: Page, assert_accessible: Callable[[Page], None], width: int, colours: str
) -> None:
    gallery.set_viewport_size({"width": width, "height": 800})
    gallery.emulate_media(color_scheme=colours)
    gallery.reload()
    assert_accessible(gallery)
    assert gallery.evaluate("document.documentElement.scrollWidth") <= width


def test_the_name_never_scrolls_away(gallery: Page) -> None:
    for width in (1280, 390):
        gallery.set_viewport_size({"width": width, "height": 800})
        gallery.evaluate("scrollTo(0, document.body.scrollHeight)")
        expect(gallery.locator(".identity .name")).to_be_in_viewport()


def test_touch_targets_are_wide_enough(gallery: Page) -> None:
    gallery.set_viewport_size({"width": 390, "height": 844})
    small = gallery.evaluate(
        """() => [...document.querySelectorAll("button, .button, summary, .rail a, select")]
            .map((element) => [element.textContent.trim(), element.getBoundingClientRect()])
            .filter(([, box]) => box.height && (box.height < 44 || box.width < 44))
            .map(([text]) => text)"""
    )
    # The strip of the identity banner is pressed anywhere on its length.
    assert [text for text in small if not text.startswith("Allergie")] == []


def test_keys_search_help_and_close(gallery: Page) -> None:
    gallery.keyboard.press("Shift+?")
    help_dialog = gallery.get_by_role("dialog", name="Raccourcis clavier")
    expect(help_dialog).to_be_visible()
    gallery.keyboard.press("Escape")
    expect(help_dialog).to_be_hidden()
    gallery.get_by_text("Plus d’actions").click()
    expect(gallery.get_by_text("Imprimer la synthèse")).to_be_visible()
    gallery.keyboard.press("Escape")
    expect(gallery.get_by_text("Imprimer la synthèse")).to_be_hidden()


def test_single_keys_can_be_cut(gallery: Page) -> None:
    gallery.goto("/preferences/")
    gallery.get_by_label("Raccourcis à une touche").uncheck()
    gallery.get_by_label("Sombre").check()
    gallery.get_by_role("button", name="Enregistrer les préférences").click()
    expect(gallery.get_by_role("status").get_by_text("enregistrées")).to_be_visible()
    ground = gallery.evaluate("getComputedStyle(document.documentElement).colorScheme")
    assert ground == "dark"
    gallery.keyboard.press("Shift+?")
    expect(gallery.get_by_role("dialog")).to_have_count(0)


def test_errors_receive_the_focus_and_what_was_typed_stays(gallery: Page) -> None:
    gallery.locator("#id_text").fill("Pansement refait.")
    gallery.get_by_role("button", name="Enregistrer la transmission").click()
    summary = gallery.get_by_role("alert").filter(has_text="à corriger").first
    expect(summary).to_be_focused()
    expect(gallery.locator("#id_text")).to_have_value("Pansement refait.")
    summary.get_by_role("link", name="Objet").click()
    expect(gallery.locator("#id_title")).to_be_focused()


def test_leaving_with_unsaved_words_asks_first(gallery: Page) -> None:
    asked: list[str] = []

    def stay(dialog: Dialog) -> None:
        asked.append(dialog.type)
        dialog.dismiss()

    gallery.on("dialog", stay)
    gallery.locator("#id_title").fill("Chute")
    gallery.get_by_role("link", name="Virage, accueil").click()
    assert asked == ["beforeunload"]
    expect(gallery).to_have_url(gallery.url)
    gallery.locator("#id_title").fill("")
    gallery.remove_listener("dialog", stay)
    gallery.on("dialog", lambda dialog: dialog.accept())


def test_a_double_click_sends_once(gallery: Page) -> None:
    sent = gallery.evaluate(
        """() => {
            let sent = 0;
            const form = document.querySelector("form[data-v-guard]");
            form.addEventListener("submit", (event) => { sent += 1; event.preventDefault(); });
            form.requestSubmit();
            form.requestSubmit();
            return sent;
        }"""
    )
    assert sent == 1


def test_a_filter_swaps_the_list_alone(gallery: Page) -> None:
    gallery.locator("#id_title").fill("Chute")
    gallery.get_by_label("Séjour").select_option("past")
    expect(gallery).to_have_url(re.compile("state=past"))
    expect(gallery.locator("#id_title")).to_have_value("Chute")
    gallery.get_by_role("link", name="Naissance").click()
    expect(gallery).to_have_url(re.compile("sort=born_on"))
    expect(gallery.locator("#id_title")).to_have_value("Chute")
    gallery.on("dialog", lambda dialog: dialog.accept())


def test_a_lost_network_is_said(gallery: Page) -> None:
    gallery.evaluate("htmx.trigger(document.body, 'htmx:sendError')")
    expect(gallery.locator("#notice")).to_contain_text("Le serveur ne répond pas")
