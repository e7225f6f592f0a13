"""`virage init` and `virage link`: the first establishment, and the way in."""

import re
from pathlib import Path

from django.test import Client

from tests.cli.command import run
from tests.exchange.samples import file_of, record
from virage.directory.models import Account, Establishment, Membership, Operator
from virage.foundation.journal.models import JournalEvent

FOUNDED = (
    *("init", "--operator", "Association du Pré", "--siren", "", "--kind", "ehpad"),
    *("--establishment", "EHPAD du Pré", "--family-name", "Sarr", "--given-name", "Fatou"),
    *("--email", "fatou@example.org"),
)


def _path(printed: str) -> str:
    found = re.search(r"http://[^/]+(/mot-de-passe/\S+)", printed)
    assert found
    return found[1]


def test_the_first_administrator_comes_in_by_the_link(db: None, client: Client) -> None:
    result = run(*FOUNDED, "--finess", "990000101")
    assert result.exit_code == 0
    assert Establishment.objects.get().finess == "990000101"
    form = client.get(_path(result.stdout)).url
    client.post(form, {"password1": "une phrase à moi", "password2": "une phrase à moi"})
    client.post("/connexion/", {"login": "fatou@example.org", "password": "une phrase à moi"})
    page = client.get("/annuaire/")
    assert page.wsgi_request.actor.profession == "technical_admin"
    assert "EHPAD du Pré" in page.text
    signed = JournalEvent.objects.filter(actor_name="Ligne de commande", purpose="init")
    assert signed.filter(action="membership.open").exists()


def test_a_wrong_number_leaves_nothing_behind(db: None) -> None:
    result = run(*FOUNDED, "--finess", "990000102")
    assert result.exit_code == 1
    assert "FINESS" in result.stderr
    assert not Operator.objects.exists()
    assert not Membership.objects.exists()


def test_an_address_that_is_none_leaves_nothing_behind(db: None) -> None:
    for address in ("fatou", f"{'f' * 250}@example.org"):
        result = run(*FOUNDED, "--finess", "", "--email", address)
        assert result.exit_code == 1
        assert not Operator.objects.exists()


def test_a_name_is_never_markup(db: None) -> None:
    result = run(*FOUNDED, "--finess", "", "--establishment", "IME [/nord]")
    assert "IME [/nord]" in result.stdout
    assert _path(result.stdout)


def test_what_is_missing_is_asked_for(db: None) -> None:
    answers = "Association du Pré\n\nEHPAD du Pré\nehpad\n\nSarr\nFatou\nfatou@example.org\n"
    result = run("init", answers=answers)
    assert result.exit_code == 0
    assert "Organisme gestionnaire" in result.stdout
    assert Account.objects.get().email == "fatou@example.org"


def test_a_lost_password_is_replaced_from_the_machine(db: None, client: Client) -> None:
    run(*FOUNDED, "--finess", "")
    account = Account.objects.get()
    account.set_password("oubliée depuis hier")
    account.save()
    result = run("link", "Fatou@example.org", "--address", "http://virage.example/")
    assert client.get(_path(result.stdout)).status_code == 302
    assert run("link", "personne@example.org").exit_code == 1


def test_the_first_account_comes_into_what_an_import_founded(
    db: None, client: Client, tmp_path: Path
) -> None:
    file = tmp_path / "dossier.json"
    file.write_bytes(file_of(record()))
    told = run("import", "tddui", file).stdout
    assert "virage init" in told
    result = run("init", answers="Sarr\nFatou\nfatou@example.org\n")
    assert result.exit_code == 0
    assert "EHPAD Les Tilleuls" in result.stdout
    operator = Operator.objects.get()
    assert Establishment.objects.get().name == "EHPAD Les Tilleuls"
    assert Account.objects.get().professional.operator == operator
    form = client.get(_path(result.stdout)).url
    client.post(form, {"password1": "une phrase à moi", "password2": "une phrase à moi"})
    client.post("/connexion/", {"login": "fatou@example.org", "password": "une phrase à moi"})
    assert "EHPAD Les Tilleuls" in client.get("/annuaire/").text
    assert "virage init" not in run("import", "tddui", file).stdout


def test_what_would_change_an_imported_establishment_is_said(db: None, tmp_path: Path) -> None:
    file = tmp_path / "dossier.json"
    file.write_bytes(file_of(record()))
    run("import", "tddui", file)
    result = run(*FOUNDED)
    assert "Sans effet" in result.stdout
    for option in ("--operator", "--siren", "--kind", "--establishment"):
        assert option in result.stdout
    assert Establishment.objects.get().name == "EHPAD Les Tilleuls"
    run(*FOUNDED, "--finess", "", "--email", "autre@example.org")
    assert Operator.objects.count() == 2
