"""The lock and what else happens at the same instant: nothing undoes it, nothing gives back a try.

A request works on the session as it read it at its beginning: two `Client`s with one cookie, or two
stores with one key, are two requests under way.
"""

import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.contrib.sessions.exceptions import SessionInterrupted
from django.db import connection
from django.test import Client

from tests.factories.town import Town, build_town, sign_in
from virage.directory.actions.sign_in import set_pin
from virage.directory.middleware import SESSION_KEY
from virage.foundation.journal.models import JournalEvent
from virage.foundation.sessions.actions import end_sessions
from virage.foundation.sessions.models import OpenSession
from virage.foundation.sessions.store import OPENED, SEEN, UNLOCK_TRIES, SessionStore

PIN = "408162"
PAGE = "/annuaire/"


def _save(session: SessionStore) -> None:
    session[SEEN] = 1_700_000_000.0
    session.save()


def _lock(session: SessionStore) -> None:
    session.lock(PAGE)
    session.write_lock()


@pytest.fixture
def key(client: Client, town: Town) -> str:
    """The key of a session of Alice's, signed in."""
    sign_in(client, town.alice)
    session = client.session
    session[OPENED] = time.time() - 60
    session.save()
    return session.session_key or ""


def _begun(key: str) -> SessionStore:
    session = SessionStore(key)
    assert session[SESSION_KEY]
    return session


@pytest.mark.parametrize("first", [_lock, _save], ids=["lock first", "save first"])
def test_a_request_under_way_does_not_undo_the_lock(
    key: str, first: Callable[[SessionStore], None]
) -> None:
    locking, other = _begun(key), _begun(key)
    for act in (first, _save if first is _lock else _lock):
        act(locking if act is _lock else other)
    assert SessionStore(key).locked_page == PAGE
    assert SessionStore(key)[SEEN] == 1_700_000_000.0
    assert SessionStore(key).unlock() == PAGE
    assert not SessionStore(key).locked_page


@pytest.mark.parametrize("is_lock_first", [True, False])
def test_a_key_that_changes_meanwhile_keeps_the_lock(key: str, is_lock_first: bool) -> None:
    locking, other = _begun(key), _begun(key)
    if is_lock_first:
        _lock(locking)
    other.cycle_key()
    if not is_lock_first:
        _lock(locking)
    other.save()
    assert SessionStore(other.session_key).locked_page == PAGE
    assert not OpenSession.objects.filter(session_key=key).exists()


def test_a_session_that_is_ended_is_not_brought_back_by_a_new_key(key: str) -> None:
    other = _begun(key)
    end_sessions(OpenSession.objects.get(pk=key).account_id)
    with pytest.raises(SessionInterrupted):
        other.cycle_key()
    assert not OpenSession.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_ten_codes_tried_at_once_are_five() -> None:
    town, owner = build_town(), Client()
    set_pin(town.alice.professional.account, pin=PIN)
    sign_in(owner, town.alice)
    owner.post("/verrouiller/")
    start = Barrier(10)

    def guess(number: int) -> str:
        thief = Client()
        thief.cookies["sessionid"] = owner.cookies["sessionid"].value
        start.wait()
        try:
            return thief.post("/verrou/", {"secret": f"00{number}"}).headers.get("Location", "")
        finally:
            connection.close()

    with ThreadPoolExecutor(10) as thieves:
        led = list(thieves.map(guess, range(10)))
    judged = JournalEvent.objects.filter(action="sign_in.unlock_refused")
    assert judged.count() == UNLOCK_TRIES
    assert any(where.startswith("/connexion/") for where in led)
    assert owner.post("/verrou/", {"secret": PIN}).url.startswith("/connexion/")


def test_nothing_gives_the_tries_back(client: Client, town: Town) -> None:
    set_pin(town.alice.professional.account, pin=PIN)
    sign_in(client, town.alice)
    for _ in range(2):
        client.post("/verrouiller/")
        client.get("/verrou/")
        client.get("/")
        client.post("/verrou/", {"secret": "0001"})
        client.post("/verrou/", {"secret": "0002"}, headers={"HX-Request": "true"})
    assert client.post("/verrou/", {"secret": "0003"}).url == "/connexion/"


def test_the_code_lies_under_the_key_of_the_site(town: Town) -> None:
    """A copy of the database holds no hash to try the million codes on."""
    account = town.alice.professional.account
    set_pin(account, pin=PIN)
    account.refresh_from_db()
    assert "$" not in account.pin
    assert "pbkdf2" not in account.pin
    assert "argon2" not in account.pin
