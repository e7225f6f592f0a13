"""The lock of a session: on the server, whatever asks; opened by a code that cannot be guessed."""

import time
from typing import Any

import pytest
from django.test import Client

from tests.factories.town import PASSWORD, Town, sign_in
from virage.directory.actions.sign_in import set_pin
from virage.directory.middleware import QUIET
from virage.directory.models import Account
from virage.directory.rules import pin_faults
from virage.foundation.journal.models import JournalEvent
from virage.foundation.sessions.store import OPENED, SEEN

PIN = "408162"
HTMX = {"HX-Request": "true"}


@pytest.fixture
def alice(client: Client, town: Town, settings: Any) -> Client:
    """Alice, signed in, who has a code."""
    settings.LOCK_MINUTES = 10
    set_pin(_account(town), pin=PIN)
    sign_in(client, town.alice)
    return client


def _account(town: Town) -> Account:
    return Account.objects.get(pk=town.alice.professional.account.pk)


def _leave_for(client: Client, minutes: float) -> None:
    session = client.session
    session[SEEN] = time.time() - minutes * 60
    session.save()


@pytest.mark.parametrize(
    "pin",
    [
        "1234",
        "0000",
        "4321",
        "7890",
        "1212",
        "246802",
        "1985",
        "011280a",
        "123",
        "03121985",
        "250687",
        "2506",
        "111985",
    ],
)
def test_a_code_that_a_colleague_would_try_is_refused(pin: str) -> None:
    assert pin_faults(pin)


@pytest.mark.parametrize("pin", [PIN, "7305", "90417263", "251387", "25061387"])
def test_an_odd_code_is_accepted(pin: str) -> None:
    assert not pin_faults(pin)


def test_an_unused_session_is_locked_and_opens_where_one_was(alice: Client) -> None:
    page = "/annuaire/professionnels/?page=1"
    _leave_for(alice, 10.1)
    assert alice.get(page).url == "/verrou/"
    assert alice.get("/").url == "/verrou/"
    assert "Alice Martel" in alice.get("/verrou/").text
    assert alice.post("/verrou/", {"secret": PIN}).url == page
    assert alice.get(page).status_code == 200


def test_a_used_session_stays_open_unless_a_page_asks_by_itself(alice: Client) -> None:
    _leave_for(alice, 9)
    assert alice.get("/", headers={QUIET: "1"}).status_code == 200
    assert time.time() - alice.session[SEEN] > 500
    assert alice.post("/presence/").status_code == 200
    assert time.time() - alice.session[SEEN] < 60


def test_a_session_ends_ten_hours_after_its_opening_however_used(alice: Client) -> None:
    session = alice.session
    session[OPENED] = time.time() - 10 * 3600 + 60
    session.save()
    assert alice.get("/").status_code == 200
    session[OPENED] -= 60
    session.save()
    assert alice.get("/").url == "/connexion/?next=/"


def test_nothing_goes_round_a_lock(alice: Client) -> None:
    alice.post("/verrouiller/", headers={"Referer": "http://testserver/annuaire/"})
    for path in ("/", "/situation/", "/usagers/", "/ma-connexion/", "/mot-de-passe/changer/"):
        assert alice.get(path).url == "/verrou/"
        assert alice.get(path, headers=HTMX)["HX-Redirect"] == "/verrou/"
    for path in ("/presence/", "/ma-connexion/sessions/fermer/", "/situation/"):
        assert alice.post(path).status_code in (302, 403)
    answer = alice.post("/annuaire/professionnels/nouveau/", {"family_name": "de la Tour"})
    assert answer.status_code == 403
    assert "Votre session est verrouillée" in answer.text
    assert "de la Tour" in answer.text
    answer = alice.post("/ma-connexion/code/", {"pin": "730594", "other": "bonjour"})
    assert "bonjour" in answer.text
    assert "730594" not in answer.text
    answer = alice.post("/annuaire/professionnels/nouveau/", {"family_name": "x"}, headers=HTMX)
    assert answer.status_code == 403
    assert alice.session.locked_page == "/annuaire/"
    assert alice.post("/verrou/", {"secret": PIN}).url == "/annuaire/"


@pytest.mark.parametrize(
    "elsewhere",
    [
        "https://voleur.example/",
        "//voleur.example/",
        "javascript:1",
        "http://testserver//",
        "http://testserver/\\/",
    ],
)
def test_the_lock_leads_to_no_other_site(alice: Client, elsewhere: str) -> None:
    for name in ("Referer", "HX-Current-URL"):
        alice.post("/verrouiller/", {"next": elsewhere}, headers={name: elsewhere})
        assert alice.post(f"/verrou/?next={elsewhere}", {"secret": PIN}).url == "/"


def test_five_wrong_codes_end_the_session(alice: Client, town: Town) -> None:
    alice.post("/verrouiller/")
    for number in range(4):
        assert alice.post("/verrou/", {"secret": f"00{number}"}).status_code == 422
    assert alice.post("/verrou/", {"secret": "000"}).url == "/connexion/"
    assert alice.post("/verrou/", {"secret": PIN}).url.startswith("/connexion/")
    sign_in(alice, town.alice)
    assert alice.get("/verrou/").url == "/", "the address that signing in leads back to"
    refused = JournalEvent.objects.filter(action="sign_in.unlock_refused")
    assert refused.count() == 5


def test_wrong_codes_count_for_the_whole_session_and_are_told(alice: Client) -> None:
    """Or a colleague at a shared computer would try four at each lock."""
    for number in range(4):
        alice.post("/verrouiller/")
        assert alice.post("/verrou/", {"secret": f"00{number}"}).status_code == 422
        assert alice.post("/verrou/", {"secret": PIN}).url == "/"
        assert "essayé" in alice.get("/").text
        assert "essayé" not in alice.get("/").text
    alice.post("/verrouiller/")
    assert alice.post("/verrou/", {"secret": "004"}).url == "/connexion/"


def test_without_a_code_the_password_opens(client: Client, town: Town) -> None:
    sign_in(client, town.alice)
    client.post("/verrouiller/")
    answer = client.post("/verrou/", {"secret": "faux"})
    assert answer.status_code == 422 and "Ce mot de passe est faux" in answer.text
    assert client.post("/verrou/", {"secret": PASSWORD}).url == "/"


def test_over_a_page_the_lock_opens_without_leaving_it(alice: Client) -> None:
    alice.post("/verrouiller/")
    assert "<html" not in alice.get("/verrou/", headers=HTMX).text
    answer = alice.post("/verrou/", {"secret": PIN}, headers=HTMX)
    assert (answer.status_code, answer["HX-Trigger"]) == (204, "virage:unlocked")


def test_another_person_ends_the_session_to_sign_in(alice: Client, town: Town) -> None:
    alice.post("/verrouiller/")
    assert alice.post("/deconnexion/").url == "/connexion/"
    assert alice.get("/").url.startswith("/connexion/")


def test_a_code_is_chosen_with_the_password(alice: Client, town: Town) -> None:
    sent = {"pin": "730594", "pin_again": "730594", "password": "faux"}
    assert alice.post("/ma-connexion/code/", sent).status_code == 422
    weak = {"pin": "1234", "pin_again": "1234", "password": PASSWORD}
    assert "trop facile" in alice.post("/ma-connexion/code/", weak).text
    assert alice.post("/ma-connexion/code/", {**sent, "password": PASSWORD}).status_code == 302
    assert "730594" not in _account(town).pin


def test_a_session_without_a_date_is_locked(client: Client, town: Town) -> None:
    client.force_login(town.alice.professional.account)
    assert client.get("/").url == "/verrou/"
