"""The second factor: forced where health is read, never replayed, never stored in clear."""

import json
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from django.test import Client

from tests.access import matrix_file
from tests.factories.factors import SECRET, code_at, fresh_code, give_telephone
from tests.factories.town import PASSWORD, Town, actor_of, sign_in
from virage.directory import actions
from virage.directory.actions.sign_in import renew_codes
from virage.directory.middleware import FACTOR
from virage.directory.models import Account, Membership
from virage.directory.queries import factors_of
from virage.directory.queries.sign_in import MISSING
from virage.directory.rules import needs_second_factor, professions_of_people
from virage.foundation.access.matrix import shipped
from virage.foundation.journal.models import JournalEvent

SECOND = "/connexion/second-facteur/"
ENROL = "/ma-connexion/application/"


def _account(member: Membership) -> Account:
    return Account.objects.get(professional=member.professional)


def _password(client: Client, member: Membership) -> Any:
    return client.post("/connexion/", {"login": _account(member).email, "password": PASSWORD})


def _without_factor(member: Membership) -> Account:
    account = _account(member)
    Authenticator.objects.filter(user=account).delete()
    return account


def test_whoever_reads_health_needs_one() -> None:
    needing = {one for one in professions_of_people() if needs_second_factor(shipped(), one)}
    reading = {
        one
        for one in professions_of_people()
        if any(matrix_file.reads_volet(one, volet) for volet in ("medical", "care"))
    }
    assert needing == reading | {"director"}
    assert "nurse" in needing
    assert "technical_admin" not in needing
    assert all(
        needs_second_factor(shipped(), one, everybody=True) for one in professions_of_people()
    )


def test_the_password_alone_opens_nothing(client: Client, town: Town) -> None:
    assert _password(client, town.alice).url == SECOND
    assert client.get("/").url.startswith("/connexion/")
    page = client.post(SECOND, {"code": "000000"})
    assert "Ce code est faux" in page.text
    key = client.session.session_key
    assert client.post(SECOND, {"code": fresh_code(_account(town.alice))}).url == "/"
    assert client.session.session_key != key
    assert client.get("/").status_code == 200


def test_the_device_of_a_connection_is_told_to_its_owner_alone(client: Client, town: Town) -> None:
    alice = Client(headers={"User-Agent": "Mozilla/5.0 (Windows NT 10.0; rv:140.0) Firefox/140.0"})
    _password(alice, town.alice)
    alice.post(SECOND, {"code": fresh_code(_account(town.alice))})
    history = alice.get("/ma-connexion/").text.partition("Ce qui s’est passé")[2]
    assert "Firefox, Windows" in history
    sign_in(client, town.diane)
    page = client.get(f"/annuaire/professionnels/{town.alice.professional_id}/acces/")
    assert page.status_code == 200 and "Firefox" not in page.text


def test_without_one_nothing_comes_before_adding_it(client: Client, town: Town) -> None:
    account = _without_factor(town.alice)
    assert _password(client, town.alice).url == "/"
    for path in ("/", "/usagers/", "/situation/", "/ma-connexion/", "/ma-connexion/code/"):
        assert client.get(path).url == ENROL
        assert client.get(path, headers={"HX-Request": "true"})["HX-Redirect"] == ENROL
    assert client.post("/usagers/recherche/", {"q": "Rose"}).status_code in (302, 403, 404)
    secret = client.get(ENROL).context["secret"]
    page = client.post(ENROL, {"code": "000000"})
    assert page.status_code == 422
    assert page.context["secret"] == secret
    page = client.post(ENROL, {"code": code_at(secret=secret)})
    assert len(page.context["codes"]) == 10
    assert client.get("/").status_code == 200
    assert factors_of(account).has_totp


def test_a_first_factor_ends_the_sessions_of_the_password_alone(client: Client, town: Town) -> None:
    account, thief = _without_factor(town.alice), Client()
    _password(thief, town.alice)
    late = thief.get(ENROL).context["secret"]
    _password(client, town.alice)
    secret = client.get(ENROL).context["secret"]
    assert client.post(ENROL, {"code": code_at(secret=secret)}).status_code == 200
    thief.post(ENROL, {"code": code_at(secret=late), "password": PASSWORD})
    assert thief.get("/").url.startswith("/connexion/")
    assert client.get("/").status_code == 200
    # Even a session that was spared changes nothing.
    for path in (ENROL, "/ma-connexion/cle/"):
        sign_in(client, town.alice)
        session = client.session
        session[FACTOR] = MISSING
        session.save()
        sent = {"code": code_at(secret=late), "password": PASSWORD}
        assert client.post(path, sent).url.startswith("/connexion/")
    assert Authenticator.objects.filter(user=account, type="totp").count() == 1


def test_who_reads_no_health_may_do_without(client: Client, town: Town, settings: Any) -> None:
    _without_factor(town.tom)
    _password(client, town.tom)
    assert client.get("/").status_code == 200
    settings.SECOND_FACTOR = "all"
    assert client.get("/").url == ENROL


def test_a_code_serves_once_even_half_a_minute_later(client: Client, town: Town) -> None:
    code = code_at(1)
    _password(client, town.alice)
    assert client.post(SECOND, {"code": code}).url == "/"
    thief = Client()
    _password(thief, town.alice)
    for typed in (code, f"{code[:3]} {code[3:]}"):
        assert thief.post(SECOND, {"code": typed}).status_code == 200
    assert thief.get("/").url.startswith("/connexion/")


def test_the_code_that_adds_an_application_signs_nobody_in(client: Client, town: Town) -> None:
    _without_factor(town.alice)
    _password(client, town.alice)
    code = code_at(secret=client.get(ENROL).context["secret"])
    assert client.post(ENROL, {"code": code}).status_code == 200
    thief = Client()
    _password(thief, town.alice)
    assert "a déjà servi" in thief.post(SECOND, {"code": code}).text
    assert thief.get("/").url.startswith("/connexion/")


def test_a_rescue_code_serves_once(client: Client, town: Town) -> None:
    account = _account(town.alice)
    code = renew_codes(account)[0]
    _password(client, town.alice)
    assert client.post(SECOND, {"code": code}).url == "/"
    again = Client()
    _password(again, town.alice)
    assert again.post(SECOND, {"code": code}).status_code == 200
    assert factors_of(account).codes_left == 9
    assert JournalEvent.objects.filter(action="sign_in.rescue_code").count() == 1


def test_codes_cannot_be_tried_for_long(client: Client, town: Town) -> None:
    _password(client, town.alice)
    for number in range(5):
        client.post(SECOND, {"code": f"00000{number}"})
    page = client.post(SECOND, {"code": fresh_code(_account(town.alice))})
    assert "Trop de tentatives" in page.text
    refused = JournalEvent.objects.filter(action="sign_in.code_refused")
    assert refused.count() == 5


def test_no_secret_is_in_clear_in_the_database(town: Town) -> None:
    codes = renew_codes(_account(town.alice))
    stored = json.dumps(list(Authenticator.objects.order_by("pk").values_list("data", flat=True)))
    assert SECRET not in stored
    assert not any(code in stored for code in codes)


def test_a_changed_telephone_asks_for_the_password(client: Client, town: Town) -> None:
    sign_in(client, town.alice)
    secret = client.get(ENROL).context["secret"]
    sent = {"code": code_at(secret=secret)}
    assert client.post(ENROL, sent).status_code == 422
    assert client.post(ENROL, {**sent, "password": "faux"}).status_code == 422
    assert client.post(ENROL, {**sent, "password": PASSWORD}).status_code == 200
    assert not JournalEvent.objects.filter(action__contains=secret).exists()


def test_the_last_factor_stays(client: Client, town: Town) -> None:
    account = _without_factor(town.alice)
    key = Authenticator.objects.create(
        user=account, type=Authenticator.Type.WEBAUTHN, data={"name": "Clé bleue"}
    )
    sign_in(client, town.alice)
    removal = f"/ma-connexion/cle/retirer/?key={key.pk}"
    assert removal in client.get("/ma-connexion/").text
    asked = {"key": client.get(removal).context["form"]["key"].value(), "password": PASSWORD}
    last = client.post(removal, asked)
    assert (last.status_code, "votre seul second facteur" in last.text) == (422, True)
    others = Client()
    sign_in(others, town.denis)
    others.post(removal, asked)
    assert Authenticator.objects.filter(pk=key.pk).exists()
    give_telephone(account)
    client.post(removal, {**asked, "password": "faux"})
    assert Authenticator.objects.filter(pk=key.pk).exists(), "a page found open removes nothing"
    assert client.post(removal, asked).url == "/ma-connexion/"
    assert not Authenticator.objects.filter(pk=key.pk).exists()


@pytest.mark.parametrize(
    "answer",
    [
        {"id": "AA"},
        {"rawId": "AA", "clientExtensionResults": 1},
        {"rawId": "AA", "response": {"clientDataJSON": "AA", "attestationObject": "oA"}},
        {"rawId": "AA", "response": {"clientDataJSON": "e30", "attestationObject": "AA"}},
    ],
)
def test_an_answer_that_no_key_gives_is_refused(client: Client, town: Town, answer: Any) -> None:
    sent = {"credential": json.dumps(answer), "name": "Clé bleue", "password": PASSWORD}
    _password(client, town.alice)
    assert client.post(SECOND, sent).status_code == 200
    sign_in(client, town.alice)
    client.get("/ma-connexion/cle/")
    assert client.post("/ma-connexion/cle/", sent).status_code == 422


def test_a_situation_that_reads_health_asks_for_one_once_chosen(client: Client, town: Town) -> None:
    _without_factor(town.tom)
    _password(client, town.tom)
    nurse = actions.open_membership(
        actor_of(town.command_line),
        professional=town.tom.professional,
        profession="nurse",
        establishment=town.ehpad,
        reach="establishment",
        starts_on=town.tom.starts_on,
    )
    client.post("/situation/", {"membership": nurse.pk})
    assert client.get("/").url == ENROL
