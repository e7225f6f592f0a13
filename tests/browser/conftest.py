"""Browser journeys: Debian's Chromium, in French, on a live server.

`page` is Playwright's, watched for script errors; `assert_accessible(page)` runs axe on it.
"""

import shutil
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import ConsoleMessage, Page
from pytest_django.live_server_helper import LiveServer

from tests.browser.journeys import Journey

CHROMIUM = shutil.which("chromium")
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1, EXCLUDE localhost",
]
# A refusal that a journey provokes on purpose (403, 422), and a request that a later one replaces.
TOLD_ON_PURPOSE = (
    *("the server responded with a status", "Response Status Error Code 403"),
    *("htmx:afterRequest", "htmx:sendAbort"),
)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    absent = pytest.mark.skip(reason="no Chromium: install the Debian package `chromium`")
    for item in items:
        if "browser" in getattr(item, "fixturenames", ()):
            item.add_marker("browser")
            if CHROMIUM is None:
                item.add_marker(absent)


@pytest.fixture(scope="session")
def browser_type_launch_args() -> dict[str, Any]:
    return {"executable_path": CHROMIUM, "args": FLAGS}


@pytest.fixture
def browser_context_args(live_server: LiveServer) -> dict[str, Any]:
    """Show pages as a French ward PC does; addresses in tests are relative to the live server."""
    return {
        "base_url": live_server.url,
        "locale": "fr-FR",
        "timezone_id": "Europe/Paris",
        "viewport": {"width": 1280, "height": 800},
    }


@pytest.fixture
def tolerated() -> list[str]:
    """Errors that a test provokes on purpose and may add, as the console tells them."""
    return list(TOLD_ON_PURPOSE)


@pytest.fixture
def page(page: Page, tolerated: list[str]) -> Iterator[Page]:
    """Give a page whose scripts must not fail and whose security policy must not be broken."""
    errors: list[str] = []

    def note(message: ConsoleMessage) -> None:
        if message.type == "error" and not any(known in message.text for known in tolerated):
            errors.append(message.text)

    page.on("console", note)
    page.on("pageerror", lambda error: errors.append(str(error)))
    yield page
    assert not errors, "the browser's console told of errors:\n" + "\n".join(errors)


@pytest.fixture(scope="session")
def assert_accessible() -> Callable[[Page], None]:
    """Check the page shown with axe; each violation is told with its rule and its element."""
    axe = Axe()

    def check(page: Page) -> None:
        found = axe.run(page)
        assert found.violations_count == 0, found.generate_report()

    return check


@pytest.fixture
def journey(
    page: Page, live_server: LiveServer, assert_accessible: Callable[[Page], None]
) -> Journey:
    """Someone in front of a screen, not signed in yet."""
    return Journey(page, live_server.url, assert_accessible)
