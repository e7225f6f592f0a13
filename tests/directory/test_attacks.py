"""What someone at the door tries: guessing, planting a session, leading elsewhere, naming."""

import re
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from threading import Barrier
from typing import Any
from unittest.mock import patch

import pytest
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from tests.factories.factors import code_at, fresh_code
from tests.factories.town import PASSWORD, Town, build_town, sign_in
from virage.directory.models import Account, Membership
from virage.directory.queries import password_link
from virage.directory.queries.actors import LinkTokens
from virage.foundation.journal.models import JournalEvent
from virage.foundation.sessions.models import OpenSession

SECOND = "/connexion/second-facteur/"
ELSEWHERE = [
    "https://voleur.example/",
    "//voleur.example",
    "/\\voleur.example",
    "javascript:alert(1)",
]


def _account(member: Membership) -> Account:
    return Account.objects.get(professional=member.professional)


def _try(client: Client, email: str, typed: str = "faux") -> Any:
    return client.post("/connexion/", {"login": email, "password": typed})


def _enter(client: Client, member: Membership, query: str = "") -> Any:
    account = _account(member)
    sent = {"login": account.email, "password": PASSWORD}
    client.post(f"/connexion/{query}", sent)
    return client.post(SECOND, {"code": fresh_code(account)})


def test_a_refused_sign_in_tells_nothing_of_the_address(client: Client, town: Town) -> None:
    def answer(email: str) -> tuple[int, str, list[str]]:
        cache.clear()
        with CaptureQueriesContext(connection) as seen:
            page = _try(client, email)
        shapes = [query["sql"].split(" ")[0] for query in seen]
        text = re.sub(r'value="[^"]*"|[\w.]+@[\w.]+', "", page.text)
        return page.status_code, text, shapes

    known, unknown = answer(_account(town.alice).email), answer("inconnue@exemple.example")
    assert known == unknown
    events = JournalEvent.objects.filter(action="sign_in.refused").order_by("id")
    assert [event.actor_name for event in events] == ["Alice Martel", ""]
    assert not JournalEvent.objects.filter(detail__icontains="inconnue").exists()


def test_an_address_waits_longer_and_longer_and_its_owner_comes_in(
    client: Client, town: Town
) -> None:
    account = _account(town.alice)
    _enter(client, town.alice)
    client.post("/deconnexion/")
    attacker = Client(REMOTE_ADDR="192.0.2.7")
    for _ in range(8):
        page = _try(attacker, account.email)
    assert "Trop de tentatives" in page.text
    assert "Trop de tentatives" in _try(attacker, account.email, PASSWORD).text
    # The browser that she uses every day has attempts of its own.
    assert _try(client, account.email, PASSWORD).url == SECOND
    tampered = Client(REMOTE_ADDR="192.0.2.8")
    tampered.cookies["virage_known"] = client.cookies["virage_known"].value + "x"
    assert "Trop de tentatives" in _try(tampered, account.email, PASSWORD).text
    assert account.email not in client.cookies["virage_known"].value


def test_neighbours_who_fail_keep_no_known_browser_out(client: Client, town: Town) -> None:
    """One public address serves a whole home."""
    account = _account(town.alice)
    _enter(client, town.alice)
    client.post("/deconnexion/")
    for number in range(20):
        _try(Client(), f"inconnue{number}@exemple.example")
    assert "Trop de tentatives" in _try(Client(), account.email, PASSWORD).text
    assert _try(client, account.email, PASSWORD).url == SECOND
    again = Client()
    again.cookies["virage_known"] = client.cookies["virage_known"].value
    for _ in range(5):
        _try(again, account.email)
    assert "Trop de tentatives" in _try(again, account.email, PASSWORD).text


def test_a_planted_session_is_worth_nothing(client: Client, town: Town) -> None:
    client.get("/connexion/")
    session = client.session
    session["planted"] = "1"
    session.save()
    planted = session.session_key
    client.cookies["sessionid"] = planted
    assert _enter(client, town.alice).url == "/"
    assert client.session.session_key != planted
    thief = Client()
    thief.cookies["sessionid"] = planted
    assert thief.get("/").url.startswith("/connexion/")
    assert not OpenSession.objects.filter(session_key=planted).exists()


@pytest.mark.parametrize("elsewhere", ELSEWHERE)
def test_signing_in_leads_to_no_other_site(client: Client, town: Town, elsewhere: str) -> None:
    assert _enter(client, town.alice, f"?next={elsewhere}").url == "/"
    client.post("/mot-de-passe/changer/", {"next": elsewhere})
    assert client.post("/deconnexion/", {"next": elsewhere}).url == "/connexion/"


def test_one_sees_and_ends_ones_own_sessions_alone(client: Client, town: Town) -> None:
    elsewhere, other = Client(headers={"User-Agent": "Mozilla/5.0 (Windows) Firefox/140"}), Client()
    _enter(elsewhere, town.alice)
    _enter(client, town.alice)
    _enter(other, town.denis)
    page = client.get("/ma-connexion/")
    assert "Firefox, Windows" in page.text
    assert "127.0.0.0/24" in page.text
    assert elsewhere.session.session_key not in page.text
    sessions = page.context["sessions"]
    mark = next(one.mark for one in sessions if not one.is_current)
    other.post("/ma-connexion/sessions/fermer/", {"session": mark})
    assert elsewhere.get("/").status_code == 200
    client.post("/ma-connexion/sessions/fermer/", {"session": mark})
    assert elsewhere.get("/").url.startswith("/connexion/")
    assert client.get("/").status_code == 200


def test_ones_history_tells_what_happened(client: Client, town: Town) -> None:
    _try(Client(), _account(town.alice).email)
    _enter(client, town.alice)
    labels = [one.label for one in client.get("/ma-connexion/").context["history"]]
    assert labels[:2] == ["Connexion", "Connexion refusée"]
    sign_in(client, town.denis)
    others = client.get("/ma-connexion/").context["history"]
    assert [one.label for one in others] == ["Compte ouvert"]


def test_nothing_of_a_secret_is_journalled(client: Client, town: Town) -> None:
    _enter(client, town.alice)
    client.post("/verrouiller/")
    client.post("/verrou/", {"secret": "un secret tapé"})
    told = list(JournalEvent.objects.order_by("id").values_list("detail", "purpose", "action"))
    assert "secret tapé" not in str(told)
    assert PASSWORD not in str(told)


def test_a_link_serves_its_owner_alone_and_three_days(client: Client, town: Town) -> None:
    hers, his = password_link(_account(town.alice)), password_link(_account(town.bob))
    other = his.split("-")[2].removeprefix("passe/") + "-" + hers.split("-", 3)[3]
    assert "plus valable" in client.get(f"/mot-de-passe/{other}").text
    later = datetime.now() + timedelta(days=3, minutes=1)  # noqa: DTZ005 (as Django's tokens)
    with patch.object(LinkTokens, "_now", return_value=later):
        assert "plus valable" in client.get(hers).text
    assert client.get(hers).status_code == 302


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("is_rescue", [False, True])
def test_a_code_typed_twice_at_once_opens_once(is_rescue: bool) -> None:
    town = build_town()
    account = _account(town.alice)
    code = RecoveryCodes.activate(account).get_unused_codes()[0] if is_rescue else code_at()
    both = [Client(), Client()]
    for one in both:
        _try(one, account.email, PASSWORD)
    start = Barrier(2)

    def enter(one: Client) -> bool:
        start.wait()
        try:
            return bool(one.post(SECOND, {"code": code}).status_code == 302)
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as thieves:
        assert sorted(thieves.map(enter, both)) == [False, True]


def test_an_open_session_lets_nobody_guess_its_password(client: Client, town: Town) -> None:
    """Someone who finds a page open may not try one password after another on its forms."""
    sign_in(client, town.alice)
    new = {"password1": "une phrase à moi", "password2": "une phrase à moi"}
    pin = {"pin": "730594", "pin_again": "730594"}
    for door, field, more in (
        ("/mot-de-passe/changer/", "oldpassword", new),
        ("/ma-connexion/code/", "password", pin),
    ):
        for _ in range(5):
            assert client.post(door, {field: "faux", **more}).status_code in (200, 422)
        assert client.post(door, {field: PASSWORD, **more}).status_code == 429
    assert _account(town.alice).check_password(PASSWORD)
