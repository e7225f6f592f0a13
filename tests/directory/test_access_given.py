"""The account of another: invited by mail, given access back face to face, shut out at once."""

from typing import Any

from allauth.mfa.models import Authenticator
from django.core import mail
from django.test import Client

from tests.factories.town import PASSWORD, Town, actor_of, sign_in
from virage.directory import actions, queries
from virage.directory.models import Account, Membership, Operator, Professional
from virage.foundation.journal.models import JournalEvent
from virage.foundation.outbox.actions import drain

SEEN = {"has_seen": "on"}


def _newcomer(town: Town) -> Account:
    office = actor_of(town.command_line)
    person = actions.create_professional(office, family_name="Sarr", given_name="Fatou")
    actions.open_membership(
        office,
        professional=person,
        profession="secretary",
        establishment=town.ehpad,
        reach="establishment",
        starts_on=town.alice.starts_on,
    )
    return actions.open_account(office, professional=person, email="fatou@example.org")


def _access(who: Professional, door: str = "") -> str:
    return f"/annuaire/professionnels/{who.pk}/acces/{door}"


def _account(member: Membership) -> Account:
    return Account.objects.get(professional=member.professional)


def _choose(link: str) -> Any:
    client = Client()
    chosen = {"password1": "une phrase à moi", "password2": "une phrase à moi"}
    return client.post(client.get(link).url, chosen)


def test_an_invitation_opens_once(client: Client, town: Town) -> None:
    account = _newcomer(town)
    sign_in(client, town.diane)
    client.post(_access(account.professional, "inviter/"))
    assert not mail.outbox
    drain()
    assert (mail.outbox[0].to, mail.outbox[0].subject) == ([account.email], "Votre accès à Virage")
    link = mail.outbox[0].body.split("http://testserver")[1].split()[0]
    assert _choose(link).url == "/mot-de-passe/choisi/"
    assert "plus valable" in Client().get(link).text
    assert client.post(_access(account.professional, "inviter/")).status_code == 403


def test_access_is_given_back_face_to_face(client: Client, town: Town) -> None:
    alice, account = Client(), _account(town.alice)
    sign_in(alice, town.alice)
    sign_in(client, town.diane)
    door = _access(town.alice.professional, "redonner/")
    assert client.post(door, {"has_seen": ""}).status_code == 422
    assert alice.get("/").status_code == 200
    page = client.post(door, SEEN)
    link = page.context["link"].removeprefix("http://testserver")
    assert alice.get("/").url.startswith("/connexion/")
    assert not Authenticator.objects.filter(user=account).exists()
    sent = {"login": account.email, "password": PASSWORD}
    assert client.post("/deconnexion/").status_code == 302
    assert client.post("/connexion/", sent).status_code == 200
    assert _choose(link).status_code == 302
    assert client.post("/connexion/", {**sent, "password": "une phrase à moi"}).url == "/"
    assert client.get("/").url == "/ma-connexion/application/"
    drain()
    assert "Diane Perrin" in mail.outbox[-1].body
    event = JournalEvent.objects.get(action="account.reset")
    assert (event.professional_id, event.target_id) == (town.diane.professional_id, account.pk)


def test_only_who_answers_for_the_person_gives_access_back(client: Client, town: Town) -> None:
    for member, statuses in ((town.aude, {403}), (town.sofia, {403}), (town.charlie, {404, 403})):
        sign_in(client, member)
        for door in ("redonner/", "sessions/fermer/", "inviter/"):
            assert client.post(_access(town.alice.professional, door), SEEN).status_code in statuses
    sign_in(client, town.gaspard)
    assert client.post(_access(town.gaspard.professional, "redonner/"), SEEN).status_code == 422
    assert _account(town.alice).check_password(PASSWORD)
    assert _account(town.gaspard).check_password(PASSWORD)


def test_sessions_are_ended_and_the_history_tells_by_whom(client: Client, town: Town) -> None:
    alice = Client()
    sign_in(alice, town.alice)
    sign_in(client, town.diane)
    client.post(_access(town.alice.professional, "sessions/fermer/"))
    assert alice.get("/").url.startswith("/connexion/")
    page = client.get(_access(town.alice.professional))
    assert "Sessions fermées par qui gère les comptes" in page.text
    sign_in(alice, town.alice)
    assert "Diane Perrin" in alice.get("/ma-connexion/").text


def test_a_link_made_before_a_wider_situation_is_void(town: Town) -> None:
    account = _newcomer(town)
    link = queries.password_link(account)
    actions.open_membership(
        actor_of(town.command_line),
        professional=account.professional,
        profession="nurse",
        establishment=town.ehpad,
        reach="establishment",
        starts_on=town.alice.starts_on,
    )
    assert "plus valable" in Client().get(link).text


def _told() -> dict[str, list[str]]:
    """Return what each address was told, once the messages have left."""
    drain()
    told: dict[str, list[str]] = {}
    for one in mail.outbox:
        told.setdefault(one.to[0], []).append(one.subject)
    return told


def test_an_access_to_health_is_told_at_once(client: Client, town: Town) -> None:
    """A director alone may invent a physician and take the link: someone else hears of it."""
    hers, his = _account(town.diane).email, _account(town.gaspard).email
    sign_in(client, town.diane)
    client.post(_access(town.alice.professional, "redonner/"), SEEN)
    given = "Un accès à des données de santé a été remis"
    told = _told()
    assert told[his] == [given], "without addresses of its own, the other direction"
    assert hers not in told
    body = next(one.body for one in mail.outbox if one.to == [his])
    assert "Diane Perrin a remis à Alice Martel" in body
    mail.outbox.clear()
    Operator.objects.filter(pk=town.operator.pk).update(privacy_emails="dpo@quatrevents.example")
    client.post(_access(town.denis.professional, "redonner/"), SEEN)
    told = _told()
    assert told["dpo@quatrevents.example"] == [given]
    assert his not in told


def test_whoever_was_told_learns_that_the_addresses_change(town: Town) -> None:
    gaspard, hers = actor_of(town.gaspard), _account(town.diane).email
    changed = "Les adresses de la protection des données ont changé"
    for addresses, told in (("dpo@quatrevents.example", hers), ("", "dpo@quatrevents.example")):
        version = Operator.objects.get(pk=town.operator.pk).version
        changes = {"privacy_emails": addresses}
        actions.update_operator(gaspard, expected_version=version, changes=changes)
        assert _told() == {told: [changed]}
        mail.outbox.clear()


def test_a_situation_opened_by_who_gave_the_access_is_told_too(client: Client, town: Town) -> None:
    account = _newcomer(town)
    diane = actor_of(town.diane)
    actions.issue_password_link(diane, account=account)
    assert not _told(), "a secretary reads no health"
    account.refresh_from_db()
    account.set_password(PASSWORD)
    account.save()
    actions.open_membership(
        diane,
        professional=account.professional,
        profession="nurse",
        establishment=town.ehpad,
        reach="establishment",
        starts_on=diane.today,
    )
    assert list(_told()) == [_account(town.gaspard).email]
