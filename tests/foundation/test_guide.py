"""The help of the page at hand, and a visit that one stops and takes up again."""

from django.test import Client

from tests.factories.factors import fresh_code
from tests.factories.town import PASSWORD, Town, sign_in
from tests.guards import BoundedQueries
from virage.directory.models import Membership
from virage.foundation.guide.models import VisitProgress


def test_each_page_leads_to_its_own_help(client: Client, town: Town) -> None:
    sign_in(client, town.alice)
    assert 'href="/aide/usagers/"' in client.get("/usagers/").text
    assert 'href="/aide/accueil/"' in client.get("/").text
    assert 'href="/aide/"' in client.get("/nulle-part/").text
    assert 'href="/aide/connexion/"' in Client().get("/connexion/").text


def test_the_index_goes_by_theme(client: Client) -> None:
    page = client.get("/aide/").text
    first, second = page.index("Se connecter, se protéger"), page.index("Se repérer dans Virage")
    assert first < page.index('href="/aide/mot-de-passe/"') < second


def test_help_says_more_to_a_trade(client: Client, town: Town) -> None:
    sign_in(client, town.alice)
    nurse = client.get("/aide/accueil/").text
    assert "Pour votre métier" in nurse
    assert "Pour votre métier" not in Client().get("/aide/accueil/").text
    assert client.get("/aide/rien/").status_code == 404


def test_a_visit_goes_over_real_pages_and_is_taken_up_again(client: Client, town: Town) -> None:
    sign_in(client, town.alice)
    assert "Commencer la visite" in client.get("/visite/").text
    assert client.post("/visite/suivre/", {"to": "again"}).url == "/"
    page = client.post("/visite/suivre/", {"to": "next"}, follow=True)
    assert page.request["PATH_INFO"] == "/usagers/"
    assert "Étape 2 sur 8" in page.text
    assert client.post("/visite/suivre/", {"to": "stop"}).url == "/visite/"
    assert "Étape 2 sur 8" not in client.get("/usagers/").text
    # Another day, another computer.
    elsewhere = Client()
    sign_in(elsewhere, town.alice)
    assert "Reprendre la visite" in elsewhere.get("/visite/").text
    again = elsewhere.post("/visite/suivre/", {"to": "1"}, follow=True)
    assert "Étape 2 sur 8" in again.text
    last = elsewhere.post("/visite/suivre/", {"to": "7"}, follow=True)
    assert "Terminer la visite" in last.text
    assert "Visite terminée" in elsewhere.post("/visite/suivre/", {"to": "next"}, follow=True).text
    assert VisitProgress.objects.get().step == 8


def test_progress_is_ones_own(client: Client, town: Town) -> None:
    sign_in(client, town.alice)
    client.post("/visite/suivre/", {"to": "3"})
    other = Client()
    sign_in(other, town.aude)
    assert "Commencer la visite" in other.get("/visite/").text


def enter(client: Client, member: Membership) -> None:
    """Sign in by the door, which reads how far the account is."""
    account = member.professional.account
    client.post("/connexion/", {"login": account.email, "password": PASSWORD})
    client.post("/connexion/second-facteur/", {"code": fresh_code(account)})


def test_the_home_page_invites_to_the_visit_until_it_is_followed(
    client: Client, town: Town
) -> None:
    enter(client, town.alice)
    assert "Vous découvrez Virage" in client.get("/").text
    client.post("/visite/suivre/", {"to": "3"})
    assert "Vous en êtes à l’étape 4 sur 8" in client.get("/").text
    client.post("/visite/suivre/", {"to": "8"})
    assert "Ranger cette carte" not in client.get("/").text
    elsewhere = Client()
    enter(elsewhere, town.alice)
    assert "Ranger cette carte" not in elsewhere.get("/").text


def test_the_invitation_is_put_away_for_oneself_and_the_visit_stays(
    client: Client, town: Town
) -> None:
    enter(client, town.alice)
    page = client.post("/visite/ranger/", follow=True)
    assert page.request["PATH_INFO"] == "/" and "La carte est rangée" in page.text
    assert "Commencer la visite" in client.get("/visite/").text
    for who, is_invited in ((town.alice, False), (town.denis, True)):
        other = Client()
        enter(other, who)
        assert ("Ranger cette carte" in other.get("/").text) is is_invited


def test_a_visit_costs_no_statement_to_the_pages(
    client: Client, town: Town, queries: BoundedQueries
) -> None:
    sign_in(client, town.alice)
    client.get("/annuaire/")
    with queries(at_most=12) as before:
        client.get("/annuaire/")
    client.post("/visite/suivre/", {"to": "1"})
    with queries(at_most=12) as after:
        assert "Étape 2 sur 8" in client.get("/annuaire/").text
    assert len(after) == len(before)


def test_junk_leads_to_a_step(client: Client, town: Town) -> None:
    sign_in(client, town.alice)
    for junk in ("", "-1", "99999999999999999999", "²", "\x00"):
        assert client.post("/visite/suivre/", {"to": junk}).status_code == 302
