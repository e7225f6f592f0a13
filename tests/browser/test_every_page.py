"""Every page of the house by axe, by day on a wide screen and by night on a phone, and by Tab.

The doors are those of `tests/house/urls.yaml`, each opened by a role that may;
docs/accessibility.md says what is found.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Literal

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.conf import settings
from django.test import Client
from playwright.sync_api import Page
from pytest_django.live_server_helper import LiveServer

from tests.access.url_cases import DONE, addresses, expected
from tests.access.url_town import build_url_town
from tests.browser.journeys import Journey
from tests.factories.town import Town, sign_in

# Two halves, for two cores.
HALVES = 2
FEW = 8
MOST_PARTS = 40
AXE = Axe()
WIDE, NARROW = {"width": 1280, "height": 800}, {"width": 390, "height": 844}
UNFOLD = """() => document.querySelectorAll("details:not([data-v-menu])")
    .forEach((fold) => { fold.open = true; })"""
# What Tab must reach, in the order of the page; a group of choices is one stop.
STOPS = """() => [...document.querySelectorAll(
    "a[href], button, input:not([type=hidden]), select, textarea, summary, [tabindex='0']")]
    .filter((one) => !one.disabled && one.tabIndex >= 0 && one.checkVisibility()
        && !one.closest("dialog:not([open])"))
    .filter((one, place, all) => one.type !== "radio"
        || all.findIndex((other) => other.type === "radio" && other.name === one.name) === place)
    .map((one, place) => { one.dataset.stop = place; return place; }).length"""
STANDING = """() => {
    const here = document.activeElement;
    if (here === document.body) return null;
    const radio = here.type === "radio"
        && document.querySelector(`[name="${here.name}"][data-stop]`);
    const style = getComputedStyle(here);
    return {
        stop: Number((radio || here).dataset.stop ?? -1),
        name: here.outerHTML.slice(0, 120),
        isSeen: style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 2,
    };
}"""


@dataclass(frozen=True)
class Door:
    """A page, and the session of a role that may open it."""

    name: str
    url: str
    session: str


def _doors(half: int) -> Iterator[Door]:
    """Give every other address that shows a page: not those that give a file or a word."""
    town = build_url_town()
    sessions = {}
    for name, role in town.roles.items():
        client = Client()
        sign_in(client, role.membership)
        sessions[name] = client.cookies[settings.SESSION_COOKIE_NAME].value
    for address in addresses()[half::HALVES]:
        shown = address.rules.get("get", "who is locked") != "who is locked"
        if not shown or address.open_to == "token":
            continue
        url = address.url(town.targets["ours"].ids)
        session = ""
        if address.open_to != "public":
            roles = [n for n, r in town.roles.items() if _may(address, r)]
            if not roles:
                continue
            session = sessions[roles[0]]
        client = Client(raise_request_exception=False)
        client.cookies[settings.SESSION_COOKIE_NAME] = session
        answer = client.get(url)
        if answer.headers["Content-Type"].startswith("text/html"):
            yield Door(str(address), url, session)


def _may(address: Any, role: Any) -> bool:
    return expected(address, "get", role, "ours") == DONE["get"]


def _open(page: Page, server: LiveServer, door: Door) -> None:
    page.context.clear_cookies()
    if door.session:
        cookie = {"name": settings.SESSION_COOKIE_NAME, "value": door.session, "url": server.url}
        page.context.add_cookies([cookie])
    page.goto(door.url)


@pytest.mark.parametrize("half", range(HALVES))
def test_every_page(transactional_db: None, live_server: LiveServer, page: Page, half: int) -> None:
    """Axe finds nothing, and Tab reaches every control, in order, seen, and leaves it."""
    doors, found = list(_doors(half)), {}
    for door in doors:
        page.set_viewport_size(WIDE)
        page.emulate_media(color_scheme="light", reduced_motion="reduce")
        _open(page, live_server, door)
        faults = {colours: list(_faults_by_axe(page, colours)) for colours in ("light", "dark")}
        page.set_viewport_size(WIDE)
        faults["Tab"] = list(_faults_of_walk(page))[:FEW]
        found |= {f"{door.name} {way}": told for way, told in faults.items() if told}
    assert len(doors) > 30
    assert not found, "\n".join(f"{name}: {faults}" for name, faults in found.items())


def _faults_by_axe(page: Page, colours: Literal["light", "dark"]) -> Iterator[object]:
    """Look at the page by day on a wide screen, by night on a phone, folds open."""
    size = WIDE if colours == "light" else NARROW
    page.set_viewport_size(size)
    page.emulate_media(color_scheme=colours)
    page.evaluate(UNFOLD)
    for one in AXE.run(page).response["violations"]:
        yield one["id"], [node["html"][:160] for node in one["nodes"][:2]]
    if page.evaluate("document.documentElement.scrollWidth") > size["width"]:
        yield "wider than the screen"


def _faults_of_walk(page: Page) -> Iterator[str]:
    # A field that takes the focus at once must not hide what stands before it.
    page.evaluate("document.activeElement.blur()")
    page.evaluate(
        "document.body.prepend(Object.assign(document.createElement('i'), "
        "{tabIndex: -1, id: 'start'})); document.getElementById('start').focus()"
    )
    count = page.evaluate(STOPS)
    reached: list[int] = []
    for _ in range(count + MOST_PARTS):
        page.keyboard.press("Tab")
        here = page.evaluate(STANDING)
        if here is None or here["stop"] in reached[:-1]:
            break
        if reached and here["stop"] == reached[-1]:
            continue  # The parts of a date are stops of one field.
        if not reached and 'class="skip"' not in here["name"]:
            yield f"the first stop does not skip: {here['name']}"
        if here["stop"] >= 0:
            reached.append(here["stop"])
        if not here["isSeen"]:
            yield f"the focus is not seen: {here['name']}"
    if reached != sorted(reached):
        yield f"out of order: {reached}"
    if missed := set(range(count)) - set(reached):
        names = page.evaluate(
            "(missed) => missed.map((one) => "
            "document.querySelector(`[data-stop='${one}']`).outerHTML.slice(0, 120))",
            sorted(missed)[:FEW],
        )
        yield f"never reached: {names}"


def test_the_skip_link_leads_to_the_content(town: Town, journey: Journey) -> None:
    journey.enter_as(town.alice)
    journey.page.keyboard.press("Tab")
    journey.page.keyboard.press("Enter")
    assert journey.page.evaluate("document.activeElement.id") == "main"
