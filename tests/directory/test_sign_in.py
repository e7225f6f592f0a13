"""Signing in, choosing a situation, choosing a password, leaving."""

import re
from datetime import timedelta
from typing import Any

import pytest
from django.core import mail
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from tests.factories.factors import fresh_code
from tests.factories.town import PASSWORD, SINCE, Town, actor_of, sign_in
from virage.directory import actions, queries
from virage.directory.models import Membership
from virage.foundation.journal.models import JournalEvent
from virage.foundation.outbox.actions import drain
from virage.foundation.sessions.queries import sessions_of


def _connect(client: Client, membership: Membership, password: str = PASSWORD) -> Any:
    """Type the password, then the code that is asked for once it is right."""
    account = membership.professional.account
    sent = {"login": account.email.upper(), "password": password}
    answer = client.post("/connexion/", sent)
    if getattr(answer, "url", "") == "/connexion/second-facteur/":
        return client.post(answer.url, {"code": fresh_code(account)})
    return answer


def _second_situation(town: Town) -> Membership:
    return actions.open_membership(
        actor_of(town.command_line),
        professional=town.alice.professional,
        profession="nurse",
        establishment=town.ime,
        reach="establishment",
        starts_on=SINCE,
    )


def test_one_situation_is_chosen_by_signing_in(client: Client, town: Town) -> None:
    assert _connect(client, town.alice).url == "/"
    page = client.get("/")
    assert page.wsgi_request.actor.membership_id == town.alice.pk
    assert "EHPAD Les Tilleuls" in page.text
    assert "Changer de situation" not in page.text
    event = JournalEvent.objects.get(action="situation.choose")
    assert event.membership_id == town.alice.pk


def test_several_situations_are_asked_for_and_can_be_changed(client: Client, town: Town) -> None:
    second = _second_situation(town)
    _connect(client, town.alice)
    assert client.get("/").url == "/situation/"
    choice = client.get("/situation/").text
    assert "IME La Clairière" in choice
    assert "Annuler" not in choice
    key = client.session.session_key
    assert client.post("/situation/", {"membership": second.pk}).url == "/"
    assert client.session.session_key != key
    page = client.get("/")
    assert "IME La Clairière" in page.text
    assert page.context["shell"].situation_url == "/situation/"
    assert "Annuler" in client.get("/situation/").text
    client.post("/situation/", {"membership": town.alice.pk})
    assert client.get("/").wsgi_request.actor.membership_id == town.alice.pk


def test_the_situation_of_another_is_refused(client: Client, town: Town) -> None:
    sign_in(client, town.alice)
    assert client.post("/situation/", {"membership": town.denis.pk}).status_code == 403
    assert client.post("/situation/", {"membership": "n’importe quoi"}).status_code == 200


def test_a_situation_that_has_ended_acts_no_more(client: Client, town: Town) -> None:
    sign_in(client, town.alice)
    yesterday = timezone.localdate() - timedelta(days=1)
    actor = actor_of(town.command_line)
    actions.end_membership(actor, membership=town.alice, ends_on=yesterday)
    assert client.get("/").url == "/situation/"
    assert "Aucune situation ouverte" in client.get("/situation/").text


def test_a_wrong_password_is_refused_then_slowed_down(client: Client, town: Town) -> None:
    for _ in range(5):
        assert _connect(client, town.alice, "faux").status_code == 200
    page = _connect(client, town.alice)
    assert page.status_code == 200
    assert "Trop de tentatives" in page.text


def test_a_refused_sign_in_says_what_is_wrong_and_no_more(client: Client, town: Town) -> None:
    page = _connect(client, town.alice, "faux")
    assert "L’adresse électronique ou le mot de passe est faux." in page.text
    assert "saisie est conservée" not in page.text
    assert "e-mail" not in page.text


@pytest.mark.parametrize(
    ("password", "message"),
    [
        ("123456789012", "entièrement numérique"),
        ("trop court", "au minimum 12 caractères"),
        ("password1234", "trop courant"),
    ],
)
def test_a_password_too_easy_to_guess_is_refused(
    client: Client, town: Town, password: str, message: str
) -> None:
    account = town.alice.professional.account
    form = client.get(queries.password_link(account)).url
    page = client.post(form, {"password1": password, "password2": password})
    assert message in page.text
    assert "saisie est conservée" not in page.text
    account.refresh_from_db()
    assert account.check_password(PASSWORD)


def test_a_place_that_tries_too_often_is_told_to_wait(client: Client, db: None) -> None:
    for number in range(20):
        client.post("/mot-de-passe/oublie/", {"email": f"n{number}@example.org"})
    page = client.post("/mot-de-passe/oublie/", {"email": "encore@example.org"})
    assert page.status_code == 429
    assert "Attendez cinq minutes" in page.text


def test_a_closed_account_does_not_come_in(client: Client, town: Town) -> None:
    account = town.alice.professional.account
    account.is_active = False
    account.save()
    assert _connect(client, town.alice).status_code != 200 or not client.session.get("situation")
    assert client.get("/").url.startswith("/connexion/")


@pytest.mark.parametrize("headers", [{}, {"HX-Request": "true"}])
def test_what_is_written_outlives_the_session(
    client: Client, town: Town, headers: dict[str, str]
) -> None:
    typed = {"family_name": "de la Tour", "password": "ma phrase à moi"}
    address = "/annuaire/professionnels/nouveau/"
    answer = client.post(address, typed, headers=headers)
    assert answer.status_code == 403
    assert "Votre session est finie" in answer.text
    assert "/connexion/" in answer.text
    assert ("de la Tour" in answer.text) is not bool(headers)
    assert "ma phrase" not in answer.text
    assert client.post(address, {"family_name": ""}).url.startswith("/connexion/")
    sign_in(client, town.sofia)
    actions.end_membership(actor_of(town.diane), membership=town.sofia, ends_on=SINCE)
    answer = client.post(address, typed, headers=headers)
    assert answer.status_code == 403
    assert "Aucune situation n’est choisie" in answer.text
    assert "/situation/" in answer.text


def test_leaving_empties_the_session(client: Client, town: Town) -> None:
    _connect(client, town.alice)
    assert client.post("/deconnexion/").url == "/connexion/"
    assert "situation" not in client.session
    assert client.get("/").url.startswith("/connexion/")
    assert client.get("/deconnexion/").status_code == 405


def test_no_page_of_allauth_but_ours_is_reachable(client: Client, town: Town) -> None:
    sign_in(client, town.alice)
    for path in ("signup", "login", "email", "password/reset"):
        assert client.get(f"/accounts/{path}/").status_code == 404


def test_a_link_chooses_the_password_once(client: Client, town: Town) -> None:
    actor = actor_of(town.command_line)
    person = actions.create_professional(actor, family_name="Sarr", given_name="Fatou")
    account = actions.open_account(actor, professional=person, email="fatou@example.org")
    link = actions.issue_password_link(actor, account=account)
    form = client.get(link)
    assert account.password not in form.url
    chosen = {"password1": "une phrase à moi", "password2": "une phrase à moi"}
    assert client.get(form.url).status_code == 200
    assert client.post(form.url, chosen).url == "/mot-de-passe/choisi/"
    assert client.get("/mot-de-passe/choisi/").status_code == 200
    assert "plus valable" in client.get(link).text
    sent = {"login": account.email, "password": "une phrase à moi"}
    assert client.post("/connexion/", sent).url == "/"


def test_a_new_password_ends_the_sessions_opened_before(client: Client, town: Town) -> None:
    account = town.alice.professional.account
    _connect(client, town.alice)
    account.refresh_from_db()
    link, elsewhere = queries.password_link(account), Client()
    chosen = {"password1": "une phrase à moi", "password2": "une phrase à moi"}
    assert len(sessions_of(account.pk)) == 1
    elsewhere.post(elsewhere.get(link).url, chosen)
    assert not sessions_of(account.pk)
    assert client.get("/").url.startswith("/connexion/")


def test_a_link_does_not_sign_another_person_out(client: Client, town: Town) -> None:
    link = queries.password_link(town.denis.professional.account)
    sign_in(client, town.alice)
    assert client.get(link).status_code == 409
    assert client.get("/").status_code == 200


def test_a_forgotten_password_is_answered_by_the_outbox(client: Client, town: Town) -> None:
    account = town.alice.professional.account
    done = "/mot-de-passe/envoye/"
    assert client.post("/mot-de-passe/oublie/", {"email": "inconnu@example.org"}).url == done
    assert client.post("/mot-de-passe/oublie/", {"email": account.email}).url == done
    assert client.get(done).status_code == 200
    assert not mail.outbox
    drain()
    assert [sent.to for sent in mail.outbox] == [[account.email]]
    assert f"http://testserver/mot-de-passe/{account.pk.hex}-" in mail.outbox[0].body


def test_an_address_that_nobody_has_is_answered_by_the_same_work(
    client: Client, town: Town
) -> None:
    known, closed = (one.professional.account for one in (town.alice, town.denis))
    closed.is_active = False
    closed.save()

    def statements(email: str) -> list[str]:
        cache.clear()
        with CaptureQueriesContext(connection) as seen:
            client.post("/mot-de-passe/oublie/", {"email": email})
        return [re.split(' WHERE | VALUES | "s[0-9]', query["sql"])[0] for query in seen]

    expected = statements(known.email)
    assert any("outbox_message" in statement for statement in expected)
    assert statements("inconnu@example.org") == expected
    assert statements(closed.email) == expected
    drain()
    assert [sent.to for sent in mail.outbox] == [[known.email]]


def test_the_password_is_changed_from_inside(client: Client, town: Town) -> None:
    account, elsewhere = town.alice.professional.account, Client()
    _connect(elsewhere, town.alice)
    _connect(client, town.alice)
    assert client.get("/mot-de-passe/changer/").status_code == 200
    new = {
        "oldpassword": PASSWORD,
        "password1": "une autre phrase",
        "password2": "une autre phrase",
    }
    assert client.post("/mot-de-passe/changer/", new).status_code == 302
    assert [one.session_key for one in sessions_of(account.pk)] == [client.session.session_key]
    assert elsewhere.get("/").url.startswith("/connexion/")
    assert client.get("/").status_code == 200


def test_a_crowd_of_visitors_hides_no_attempt(client: Client, town: Town) -> None:
    for _ in range(5):
        _connect(client, town.alice, "faux")
    # Counts of other addresses, whose keys come first: those that the cache would forget.
    later = timezone.now().replace(tzinfo=None) + timedelta(days=1)
    crowd = [(f":1:a{number}", "", later) for number in range(12_000)]
    with connection.cursor() as cursor:
        cursor.executemany("INSERT INTO cache_entry VALUES (%s, %s, %s)", crowd)
    cache.set("one-more", 1)
    assert "Trop de tentatives" in _connect(client, town.alice).text


def test_a_mailed_link_leads_to_the_site_itself(client: Client, town: Town, settings: Any) -> None:
    settings.CSRF_TRUSTED_ORIGINS = ["https://dossier.example"]
    asked = {"email": town.alice.professional.account.email}
    client.post("/mot-de-passe/oublie/", asked, headers={"host": "testserver:4444"})
    drain()
    assert "https://dossier.example/mot-de-passe/" in mail.outbox[0].body
    assert "4444" not in mail.outbox[0].body


def test_an_address_is_called_the_same_in_its_error(client: Client, db: None) -> None:
    for page, sent in (("/connexion/", {"login": "x"}), ("/mot-de-passe/oublie/", {"email": "x"})):
        answer = client.post(page, sent)
        assert "saisissez une adresse électronique valide" in answer.text
        assert "courriel" not in answer.text
