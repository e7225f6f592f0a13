"""Each way of saying no: its status, its words, its reference, and nothing that should stay in."""

import logging
import re
from typing import Any

import pytest
from django.test import Client

pytestmark = [pytest.mark.urls("tests.foundation.ui_urls"), pytest.mark.django_db]

REFERENCE = re.compile(r"\b[2-9A-HJ-NP-Z]{4}-[2-9A-HJ-NP-Z]{4}\b")
ANSWERS = [
    ("refused", 403, "Cette personne n’est pas de vos unités."),
    ("refused", 403, "Mme Lenoir"),
    ("hidden", 404, "Cette page est introuvable"),
    ("invalid", 422, "La fin précède le début."),
    ("invalid", 422, "Ce jour est à venir."),
    ("conflict", 409, "Karim Benali a corrigé ce texte."),
    ("conflict", 409, "la moitié mangée"),
    ("malformed", 400, "n’a pas été comprise"),
    ("denied", 403, "Vous n’avez pas accès"),
    ("absent", 404, "Cette page est introuvable"),
    ("broken", 500, "Un défaut du logiciel"),
    ("away", 503, "La base de données ne répond pas"),
    ("full", 507, "Le serveur n’a plus de place"),
]


def _text(html: str) -> str:
    return re.sub(r"<[^>]+>", " ", html)


@pytest.fixture
def visitor() -> Client:
    return Client(raise_request_exception=False)


@pytest.mark.parametrize(("kind", "status", "words"), ANSWERS)
@pytest.mark.parametrize("is_fragment", [False, True])
def test_a_refusal_is_worded_and_referenced(
    visitor: Client,
    caplog: pytest.LogCaptureFixture,
    kind: str,
    status: int,
    words: str,
    is_fragment: bool,
) -> None:
    caplog.set_level(logging.INFO, "virage.foundation.ui.problems")
    headers = {"HX-Request": "true"} if is_fragment else {}
    answer = visitor.post(f"/non/{kind}/", headers=headers)
    text = _text(answer.text)
    assert answer.status_code == status
    assert words in text
    assert answer.text.startswith("<!doctype html>") is not is_fragment
    assert "secret" not in answer.text
    reference = REFERENCE.search(text)
    assert reference
    assert reference[0] in caplog.text


def test_what_is_hidden_does_not_exist(visitor: Client) -> None:
    def shown(kind: str) -> str:
        page = visitor.get(f"/non/{kind}/", headers={"HX-Request": "true"})
        return REFERENCE.sub("", page.text)

    assert shown("hidden") == shown("absent")


def test_the_log_names_the_condition_not_the_message(
    visitor: Client, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO, "virage.foundation.ui.problems")
    visitor.get("/non/refused/")
    assert "reach" in caplog.text
    assert "Cette personne" not in caplog.text


def test_a_refused_reading_does_not_speak_of_saving(visitor: Client) -> None:
    assert "Ce qui est gardé" not in visitor.get("/non/refused/").text
    assert "Ce qui est gardé" in visitor.post("/non/refused/").text


def test_a_conflict_leads_back_to_the_page_of_the_button(visitor: Client) -> None:
    answer = visitor.post("/non/conflict/", headers={"Referer": "http://testserver/projet/?p=2"})
    assert 'href="/projet/?p=2"' in answer.text
    assert 'href="/non/conflict/"' not in answer.text


def test_the_browser_is_told_what_it_may_run_and_keep(visitor: Client) -> None:
    headers = visitor.get("/non/refused/").headers
    policy = headers["Content-Security-Policy"]
    assert "unsafe" not in policy
    for directive in ("default-src 'self'", "frame-ancestors 'none'", "object-src 'none'"):
        assert directive in policy
    assert headers["Cache-Control"] == "no-store"
    assert "HX-Request" in headers["Vary"]
    assert "camera=()" in headers["Permissions-Policy"]


def test_htmx_leaves_for_a_redirect(visitor: Client) -> None:
    assert visitor.get("/partir/").status_code == 302
    answer = visitor.get("/partir/", headers={"HX-Request": "true"})
    assert (answer.status_code, answer.headers["HX-Redirect"]) == (204, "/ailleurs/")
    assert answer.cookies["kept"].value == "yes"


@pytest.mark.parametrize(
    ("kind", "on_a_page", "in_place"),
    [
        ("broken", "page précédente et recommencez", "Recommencez."),
        ("malformed", "page précédente et recommencez", "Recommencez."),
        ("invalid", "page précédente et corrigez", "Corrigez ce qui suit."),
    ],
)
def test_a_fragment_sends_nobody_away_from_the_text(
    visitor: Client, kind: str, on_a_page: str, in_place: str
) -> None:
    page = visitor.post(f"/non/{kind}/")
    fragment = visitor.post(f"/non/{kind}/", headers={"HX-Request": "true"})
    assert on_a_page in page.text
    assert in_place in fragment.text
    assert "page précédente" not in fragment.text
    assert "votre saisie est toujours" in fragment.text
    assert "votre saisie est toujours" not in page.text


@pytest.mark.parametrize("headers", [{}, {"HX-Request": "true"}])
def test_a_stale_form_is_explained(settings: object, headers: dict[str, str]) -> None:
    settings.CSRF_FAILURE_VIEW = "virage.foundation.ui.views.csrf_failure"
    answer = Client(enforce_csrf_checks=True).post("/non/refused/", headers=headers)
    assert answer.status_code == 403
    assert "avant un changement de session" in answer.text
    assert ("csrfmiddlewaretoken" in answer.text) is bool(headers)


def test_a_blank_refusal_of_django_is_worded(visitor: Client) -> None:
    page = visitor.get("/bouton/")
    assert (page.status_code, page.headers["Allow"]) == (405, "POST")
    assert "Cette adresse ne s’ouvre pas seule" in page.text
    assert "Revenir à l’accueil" in page.text


@pytest.mark.urls("virage.urls")
@pytest.mark.parametrize(
    ("referer", "following"),
    [
        ("http://testserver/usagers/?presence=all", "/usagers/%3Fpresence%3Dall"),
        ("http://ailleurs.example/usagers/", "/"),
        ("http://[", "/"),
        ("", "/"),
    ],
)
def test_a_sign_in_leads_back_to_the_page_of_the_button(
    visitor: Client, referer: str, following: str
) -> None:
    address = "/usagers/8d0e5b1c-2f64-4f43-b6f5-5a4b3b1f0c11/photo/retirer/"
    answer = visitor.post(address, headers={"Referer": referer})
    assert answer.url == f"/connexion/?next={following}"


@pytest.mark.urls("virage.urls")
@pytest.mark.parametrize(
    "sent",
    [
        {"data": "text=" + "a" * 200_000, "content_type": "application/x-www-form-urlencoded"},
        {"data": {"text": "a" * 200_000}},
    ],
)
def test_a_form_too_long_is_received_whole_then_refused(settings: object, sent: Any) -> None:
    settings.DATA_UPLOAD_MAX_MEMORY_SIZE = 1000
    visitor = Client(enforce_csrf_checks=True)
    visitor.get("/connexion/")
    answer = visitor.post("/connexion/", **sent)
    assert answer.status_code == 413
    assert "Votre saisie est trop longue" in answer.text
    assert not answer.wsgi_request.read()
