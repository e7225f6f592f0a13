"""A form that no page can show again is given back by the answer, to be copied; no log holds it."""

import logging
import re
from typing import Any

import pytest
from django.test import Client

SENT = {
    "version": "1",
    "seen": "8d0e5b1c-2f64-4f43-b6f5-5a4b3b1f0c11",
    "birth_family_name": "LENOIR",
    "first_birth_given_name": "Odile",
    "sex": "female",
    "birth_on": "1941-03-12",
    "place": "8d0e5b1c-2f64-4f43-b6f5-5a4b3b1f0c11",
    "reception_mode": "",
    "is_other_person": "on",
}
GIVEN_BACK = {
    "Nom de naissance": "LENOIR",
    "Premier prénom de naissance": "Odile",
    "Sexe": "Féminin",
    "Date de naissance": "12 mars 1941",
    "C’est une autre personne": "Oui",
}
LOST = ("refused", "hidden", "invalid", "conflict", "malformed", "denied", "absent", "broken")


def _given_back(page: Any) -> dict[str, str]:
    typed = page.text.partition("Ce que vous aviez écrit")[2].partition("</main>")[0]
    return dict(re.findall(r"<dt>(.*?)</dt><dd>(.*?)</dd>", typed, re.DOTALL))


@pytest.fixture
def visitor(db: None) -> Client:
    return Client(raise_request_exception=False)


def test_every_field_outlives_the_session(visitor: Client) -> None:
    page = visitor.post("/usagers/nouveau/", SENT)
    assert page.status_code == 403
    assert _given_back(page) == GIVEN_BACK


def test_one_word_is_enough(visitor: Client) -> None:
    page = visitor.post("/ui/", {"title": "Chute", "text": "Ce soir,\nau lit."})
    assert _given_back(page) == {"Objet": "Chute", "Transmission": "Ce soir,<br>au lit."}
    assert visitor.post("/ui/", {"title": " "}).status_code == 302


def test_a_button_types_nothing(visitor: Client) -> None:
    sent = {"membership": SENT["place"]}
    assert visitor.post("/situation/", sent).url == "/connexion/?next=/"


@pytest.mark.urls("tests.foundation.ui_urls")
@pytest.mark.parametrize("kind", LOST)
def test_no_refusal_loses_what_was_typed(
    visitor: Client, caplog: pytest.LogCaptureFixture, kind: str
) -> None:
    caplog.set_level(logging.DEBUG)
    sent = {"text": "Pansement<refait>", "password": "ma phrase", "csrfmiddlewaretoken": "jeton"}
    page = visitor.post(f"/non/{kind}/", sent)
    assert _given_back(page) == {"Saisie": "Pansement&lt;refait&gt;"}
    assert "ma phrase" not in page.text
    assert "Pansement" not in caplog.text
    fragment = visitor.post(f"/non/{kind}/", sent, headers={"HX-Request": "true"})
    assert "Pansement" not in fragment.text
    assert not _given_back(visitor.get(f"/non/{kind}/", sent))


@pytest.mark.parametrize(("site", "expected"), [("same-origin", "Chute"), ("cross-site", "")])
def test_what_another_site_sends_is_not_shown(site: str, expected: str, db: None) -> None:
    client = Client(enforce_csrf_checks=True)
    page = client.post("/ui/", {"title": "Chute"}, headers={"Sec-Fetch-Site": site})
    assert page.status_code == 403
    assert _given_back(page).get("Objet", "") == expected


def test_a_form_that_cannot_be_read_is_answered(visitor: Client) -> None:
    page = visitor.post("/nulle-part/", "rien", content_type="multipart/form-data; boundary=")
    assert page.status_code == 404
    assert not _given_back(page)
