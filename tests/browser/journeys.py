"""Someone of the town in front of a screen; each page that he arrives at is checked by axe."""

from collections.abc import Callable

from django.test import Client
from playwright.sync_api import Locator, Page, expect

from tests.factories.factors import fresh_code
from tests.factories.town import PASSWORD, sign_in
from virage.directory.models import Membership
from virage.persons.models import Person


class Journey:
    """A browser page, and the few gestures that all journeys share."""

    def __init__(self, page: Page, address: str, check: Callable[[Page], None]) -> None:
        self.page = page
        self._address = address
        self._check = check

    def enter_as(self, membership: Membership, path: str = "/") -> None:
        """Open a page as someone already signed in, in this situation."""
        client = Client()
        sign_in(client, membership)
        cookie = {"name": "sessionid", "value": client.cookies["sessionid"].value}
        self.page.context.add_cookies([{**cookie, "url": self._address}])
        self.page.goto(path)

    def sign_in(self, membership: Membership, password: str = PASSWORD) -> None:
        """Type an address and a password on the sign-in page."""
        self.page.goto("/connexion/")
        self.type_credentials(membership, password)

    def type_credentials(self, membership: Membership, password: str = PASSWORD) -> None:
        """Type the password and, if it is right, the code of the telephone."""
        account = membership.professional.account
        self.page.get_by_label("Adresse électronique").fill(account.email)
        self.page.get_by_label("Mot de passe").fill(password)
        self.press("Se connecter")
        if password == PASSWORD:
            self.fill("Code de l’application, ou code de secours", fresh_code(account))
            self.press("Continuer")

    def arrives_at(self, title: str) -> None:
        """Expect this page and nothing that axe holds against it."""
        expect(self.page.get_by_role("heading", level=1, name=title)).to_be_visible()
        self._check(self.page)

    def press(self, name: str) -> None:
        self.page.get_by_role("button", name=name, exact=True).click()

    def follow(self, name: str) -> None:
        self.main.get_by_role("link", name=name, exact=True).click()

    def fill(self, label: str, text: str) -> None:
        self.page.get_by_role("textbox", name=label, exact=True).fill(text)

    def open_tab(self, name: str) -> None:
        tabs = self.page.get_by_role("navigation", name="Volets du dossier")
        tabs.get_by_role("link", name=name, exact=True).click()

    def search(self, words: str) -> None:
        """Search from the keyboard."""
        self.page.keyboard.press("Control+k")
        self.page.keyboard.type(words)
        self.page.keyboard.press("Enter")

    def is_told(self, words: str) -> None:
        """Expect the short message that answers a gesture."""
        expect(self.page.locator("#toasts")).to_contain_text(words)

    @property
    def main(self) -> Locator:
        return self.page.get_by_role("main")

    @property
    def tabs(self) -> list[str]:
        """The tabs of the record shown."""
        tabs = self.page.get_by_role("navigation", name="Volets du dossier")
        return tabs.get_by_role("link").all_inner_texts()


def record_of(person: Person, page: str = "") -> str:
    """Return the address of a page of a record."""
    return f"/usagers/{person.pk}/{page}"
