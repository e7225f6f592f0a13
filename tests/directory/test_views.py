"""The screens of the directory: who sees, who adds, and that they stay light."""

from typing import Any

import pytest
from django.test import Client

from tests.factories.town import SINCE, Town, actor_of, sign_in
from tests.guards import BoundedQueries
from virage.directory import actions
from virage.directory.models import Establishment, Membership, Professional
from virage.foundation.errors import Invalid

LISTS = ("/annuaire/", "/annuaire/professionnels/", "/annuaire/situations/")


@pytest.mark.parametrize("url", LISTS)
def test_everyone_reads_the_lists_of_the_operator(client: Client, town: Town, url: str) -> None:
    sign_in(client, town.alice)
    page = client.get(url)
    assert page.status_code == 200
    assert "Ajouter" not in page.text
    for stranger in ("EHPAD du Lac", "Charlie", "Ligne de commande"):
        assert stranger not in page.text


@pytest.mark.parametrize("url", [*LISTS, "/", "/situation/"])
def test_a_list_costs_the_same_for_one_row_and_thirty(
    client: Client, town: Town, url: str, queries: BoundedQueries
) -> None:
    sign_in(client, town.gaspard)
    with queries(at_most=12) as before:
        client.get(url)
    actor = actor_of(town.command_line)
    for number in range(30):
        actions.create_establishment(actor, name=f"Service {number}")
        person = actions.create_professional(actor, family_name=f"Nom {number}")
        actions.open_account(actor, professional=person, email=f"n{number}@example.org")
        actions.open_membership(
            actor,
            professional=person,
            profession="nurse",
            establishment=town.ehpad,
            units=[town.unit_a],
            starts_on=SINCE,
        )
    with queries(at_most=len(before)):
        page = client.get(url)
    assert page.status_code == 200


def test_a_director_adds_a_structure_down_to_its_rooms(client: Client, town: Town) -> None:
    sign_in(client, town.gaspard)
    typed = {"name": "SAVS Le Passage", "kind": "446", "usager_word": "usager", "version": "1"}
    response = client.post("/annuaire/etablissements/nouveau/", typed)
    made = Establishment.objects.get(name="SAVS Le Passage")
    assert response.url == f"/annuaire/etablissements/{made.pk}/"
    client.post(f"{response.url}unites/nouvelle/", {"name": "Secteur nord", "version": "1"})
    unit = made.units.get()
    room = {"name": "Studio 3", "version": "1"}
    client.post(f"/annuaire/unites/{unit.pk}/chambres/nouvelle/", room)
    page = client.get(response.url)
    assert "Secteur nord" in page.text
    assert "Studio 3" in page.text


def test_a_wrong_key_comes_back_with_what_was_typed(client: Client, town: Town) -> None:
    sign_in(client, town.gaspard)
    typed = {"name": "IME du Pré", "finess": "990000102", "usager_word": "usager", "version": "1"}
    page = client.post("/annuaire/etablissements/nouveau/", typed)
    assert page.status_code == 422
    assert "Ce numéro FINESS est faux" in page.text
    assert "IME du Pré" in page.text


def test_a_new_colleague_gets_an_account_and_a_situation(client: Client, town: Town) -> None:
    sign_in(client, town.diane)
    typed = {"family_name": "Sarr", "given_name": "Fatou", "version": "1"}
    response = client.post("/annuaire/professionnels/nouveau/", typed)
    person = Professional.objects.get(family_name="Sarr")
    page = response.url
    client.post(f"{page}compte/", {"email": "Fatou.Sarr@example.org"})
    assert "attend son mot de passe" in client.get("/").text
    assert "Ouvrez d’abord une situation" in client.get(page).text
    assert "Ouvrez d’abord la situation" in client.post(f"{page}lien/").text
    shown = client.get(f"{page}situations/nouvelle/")
    assert "Choisir ce lieu" in shown.text
    assert "Filtrer" not in shown.text
    assert "Rez-de-jardin" in shown.text
    assert "La Clairière" not in shown.text
    typed = {
        "profession": "nurse",
        "reach": "units",
        "units": [str(town.unit_a.pk)],
        "starts_on": "2026-01-05",
        "ends_on": "",
    }
    client.post(f"{page}situations/nouvelle/?establishment={town.ehpad.pk}", typed)
    membership = Membership.objects.get(professional=person)
    assert (membership.establishment, membership.units.get()) == (town.ehpad, town.unit_a)
    assert f"/mot-de-passe/{person.account.pk.hex}-" in client.post(f"{page}lien/").text
    client.post(f"/annuaire/situations/{membership.pk}/fin/", {"ends_on": "2026-02-01"})
    membership.refresh_from_db()
    assert membership.ends_on is not None
    assert "Terminée" in client.get(page).text


def test_a_situation_over_units_names_one(client: Client, town: Town) -> None:
    sign_in(client, town.gaspard)
    url = f"/annuaire/professionnels/{town.basile.professional_id}/situations/nouvelle/"
    typed = {"profession": "nurse", "reach": "units", "starts_on": "2026-01-05"}
    page = client.post(f"{url}?establishment={town.ehpad.pk}", typed)
    assert page.status_code == 422
    assert "Choisissez au moins une unité." in page.text
    empty = actions.create_establishment(actor_of(town.gaspard), name="SAVS Le Passage")
    page = client.get(url, {"establishment": empty.pk})
    assert "Cet établissement n’a pas encore d’unité" in page.text
    assert "units" not in dict(page.context["form"].fields["reach"].choices)
    with pytest.raises(Invalid) as refused:
        actions.open_membership(
            actor_of(town.gaspard),
            professional=town.basile.professional,
            profession="nurse",
            establishment=empty,
            starts_on=SINCE,
        )
    assert "pas encore d’unité" in refused.value.errors["units"][0]


def test_an_unknown_establishment_is_not_the_whole_operator(client: Client, town: Town) -> None:
    sign_in(client, town.gaspard)
    url = f"/annuaire/professionnels/{town.bob.professional_id}/situations/nouvelle/"
    typed = {"profession": "director", "reach": "operator", "starts_on": "2026-01-05"}
    for unknown in (town.other_ehpad.pk, "tout"):
        assert client.post(f"{url}?establishment={unknown}", typed).status_code == 404
    assert not Membership.objects.filter(professional=town.bob.professional, reach="operator")


def test_figures_and_icons_read_the_same_everywhere(client: Client, town: Town) -> None:
    sign_in(client, town.gaspard)
    assert "2 unités" in client.get("/annuaire/").text
    page = client.get("/")
    (entry,) = [link for link in page.context["shell"].links if link.label == "Annuaire"]
    (card,) = [card for card in page.context["cards"] if card.title == "Annuaire"]
    assert card.icon == entry.icon


def test_words_are_searched_by_post(client: Client, town: Town) -> None:
    sign_in(client, town.alice)
    page = client.post("/annuaire/professionnels/", {"q": "gar"})
    assert "Garnier" in page.text
    assert "Martel" not in page.text.split("<main")[1]
    assert (
        "Personne ne répond à ces mots"
        in client.post("/annuaire/professionnels/", {"q": "zz"}).text
    )


def _forms(town: Town) -> dict[str, Any]:
    person = town.basile.professional_id
    return {
        "/annuaire/etablissements/nouveau/": "gaspard",
        f"/annuaire/etablissements/{town.ehpad.pk}/unites/nouvelle/": "sofia",
        f"/annuaire/unites/{town.unit_a.pk}/chambres/nouvelle/": "sofia",
        "/annuaire/professionnels/nouveau/": "sofia",
        f"/annuaire/professionnels/{person}/compte/": "diane",
        f"/annuaire/professionnels/{person}/situations/nouvelle/": "sofia",
        f"/annuaire/situations/{town.basile.pk}/fin/": "diane",
    }


def test_the_forms_open_to_those_who_manage_there_only(client: Client, town: Town) -> None:
    for url, manager in _forms(town).items():
        sign_in(client, getattr(town, manager))
        assert client.get(url).status_code == 200, url
        sign_in(client, town.alice)
        assert client.get(url).status_code == 403, url
        sign_in(client, town.charlie)
        assert client.get(url).status_code in (403, 404), url


def test_an_account_is_offered_the_address_of_the_card(client: Client, town: Town) -> None:
    person = town.basile.professional
    Professional.objects.filter(pk=person.pk).update(work_email="b.roy@tilleuls.example")
    sign_in(client, town.diane)
    page = client.get(f"/annuaire/professionnels/{person.pk}/compte/")
    assert 'value="b.roy@tilleuls.example"' in page.text


@pytest.mark.parametrize("kind", ["etablissements", "professionnels"])
def test_another_operator_does_not_exist(client: Client, town: Town, kind: str) -> None:
    theirs = {"etablissements": town.other_ehpad.pk, "professionnels": town.charlie.professional_id}
    sign_in(client, town.gaspard)
    assert client.get(f"/annuaire/{kind}/{theirs[kind]}/").status_code == 404


def test_there_is_no_link_without_an_account(client: Client, town: Town) -> None:
    person = actions.create_professional(actor_of(town.command_line), family_name="Sans compte")
    sign_in(client, town.diane)
    page = client.post(f"/annuaire/professionnels/{person.pk}/lien/")
    assert page.status_code == 403
    assert "Ce professionnel n’a pas de compte. On en ouvre un depuis sa fiche." in page.text
    assert "À voir avec" not in page.text
