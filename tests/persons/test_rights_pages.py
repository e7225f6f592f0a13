"""« Droits » of a record: why one sees it; the direction closes, hides and shares from there."""

from datetime import date
from typing import Any

import pytest
from django.test import Client

from tests.factories import drafts
from tests.factories.town import Town, actor_of, sign_in
from tests.persons.admissions import today
from virage.documents.actions import add_document
from virage.foundation.access.enums import Volet
from virage.foundation.access.models import Restriction
from virage.persons import actions
from virage.persons.models import Person
from virage.record.actions import write_note


def page_of(client: Client, person: Person) -> str:
    return client.get(f"/usagers/{person.pk}/droits/").text.replace("\u00a0", " ")


def test_it_names_the_link_and_the_rule(
    client: Client, town: Town, rose: Person, queries: Any
) -> None:
    sign_in(client, town.alice)
    with queries(at_most=12):
        page = page_of(client, rose)
    assert "dans votre unité « Rez-de-jardin »" in page
    assert "Le tableau des droits le donne à « Infirmière, infirmier »" in page
    assert "vous ne pouvez pas lire dans le volet « Budget et argent »" in page
    assert "Fermer ce dossier" not in page, "the direction decides"
    office = actor_of(town.command_line)
    actions.name_referent(
        office, person=rose, professional=town.bob.professional, starts_on=date(2026, 1, 5)
    )
    sign_in(client, town.bob)
    page = page_of(client, rose)
    assert "Vous êtes son référent depuis le 05/01/2026" in page
    assert "sauf les alertes" in page, "what stays readable of a closed volet"
    actions.raise_restriction(
        actor_of(town.diane), person=rose, profession="teacher", reason="Non."
    )
    for who in (town.diane, town.gaspard):
        sign_in(client, who)
        with queries(at_most=12):
            page_of(client, rose)
    assert "couvre toutes les personnes de l’organisme" in page_of(client, rose)


def test_a_volet_of_numbers_alone_is_neither_open_nor_closed(
    client: Client, town: Town, rose: Person
) -> None:
    sign_in(client, town.diane)
    page = page_of(client, rose)
    row = page.split('<th scope="row">Soins</th>')[1].split("</tr>")[0]
    assert "Les nombres seulement" in row
    assert "Fermé" not in row and "Ouvert" not in row


def test_something_closed_is_said_without_saying_what(
    client: Client, town: Town, rose: Person
) -> None:
    note = write_note(actor_of(town.alice), draft=drafts.note(rose, text="Secret."))
    asked = {"item_id": note.pk, "professional": town.alice.professional, "reason": "Conflit."}
    actions.raise_restriction(actor_of(town.diane), person=rose, **asked)
    sign_in(client, town.alice)
    page = page_of(client, rose)
    assert "Une partie de ce dossier vous est fermée" in page
    assert "Conflit" not in page and "Secret" not in page


def test_the_direction_closes_and_lifts(client: Client, town: Town, rose: Person) -> None:
    sign_in(client, town.diane)
    url = f"/usagers/{rose.pk}/droits/"
    refused = client.post(f"{url}fermer/", {"reason": "Elle s’y oppose."})
    assert refused.status_code == 422 and "Elle s’y oppose." in refused.text
    empty = client.post(f"{url}fermer/", {"reason": ""})
    assert set(empty.context["form"].errors) == {
        "professional",
        "reason",
    }
    whom = str(town.alice.professional_id)
    typed = {"professional": whom, "reason": "Elle s’y oppose."}
    assert client.post(f"{url}fermer/", typed).url == url
    restriction = Restriction.objects.get()
    assert "Alice Martel" in page_of(client, rose)
    assert client.post(f"{url}{restriction.pk}/lever/").url == url
    assert "levée le" in page_of(client, rose)


def test_no_button_lifts_what_is_closed_to_oneself(
    client: Client, town: Town, rose: Person
) -> None:
    note = write_note(actor_of(town.aude), draft=drafts.note(rose, volet=Volet.SOCIO_EDUCATIVE))
    asked = {"item_id": note.pk, "professional": town.diane.professional, "reason": "Plainte."}
    actions.raise_restriction(actor_of(town.gaspard), person=rose, **asked)
    lift = f"/usagers/{rose.pk}/droits/{Restriction.objects.get().pk}/lever/"
    sign_in(client, town.diane)
    page = page_of(client, rose)
    assert "elle vous vise" in page and lift not in page
    assert client.post(lift).status_code == 403
    sign_in(client, town.gaspard)
    assert lift in page_of(client, rose)


def test_one_item_is_closed_from_its_own_page(client: Client, town: Town, rose: Person) -> None:
    note = write_note(actor_of(town.aude), draft=drafts.note(rose, volet=Volet.SOCIO_EDUCATIVE))
    sign_in(client, town.diane)
    address = f"/usagers/{rose.pk}/droits/fermer/?item={note.pk}"
    assert address in client.get(f"/usagers/{rose.pk}/transmissions/{note.pk}/").text
    filed = add_document(
        actor_of(town.aude), draft=drafts.document(rose, volet=Volet.SOCIO_EDUCATIVE)
    )
    page = client.get(f"/usagers/{rose.pk}/documents/{filed.pk}/fiche/").text
    assert f"/usagers/{rose.pk}/droits/fermer/?item={filed.pk}" in page
    typed = {"profession": "educator", "reason": "Il y est nommé."}
    assert client.post(address, typed).status_code == 302
    assert Restriction.objects.get().item_id == note.pk


@pytest.mark.parametrize("who", ["diane", "gaspard"])
def test_sensitive_and_shared(client: Client, town: Town, rose: Person, who: str) -> None:
    sign_in(client, getattr(town, who))
    url = f"/usagers/{rose.pk}/droits/"
    client.post(f"{url}sensible/", {"is_sensitive": "on"})
    rose.subject.refresh_from_db()
    assert rose.subject.is_sensitive
    client.post(f"{url}sensible/")
    rose.subject.refresh_from_db()
    assert not rose.subject.is_sensitive
    shared = client.post(f"{url}partager/", {"agreed_on": today().isoformat()})
    rose.subject.refresh_from_db()
    assert rose.subject.is_shared_between_establishments is (who == "gaspard")
    assert shared.status_code == (302 if who == "gaspard" else 422)
    assert client.post(f"{url}ne-plus-partager/").url == url


@pytest.mark.parametrize("who", ["alice", "sofia"])
def test_nobody_else_decides(client: Client, town: Town, rose: Person, who: str) -> None:
    sign_in(client, getattr(town, who))
    url = f"/usagers/{rose.pk}/droits/"
    assert client.get(f"{url}fermer/").status_code == 403
    for gesture in ("fermer", "sensible", "partager", "ne-plus-partager"):
        assert client.post(f"{url}{gesture}/", {}).status_code == 403, gesture


def test_the_author_of_a_writing_finds_how_to_close_it(
    client: Client, town: Town, rose: Person
) -> None:
    note = write_note(actor_of(town.denis), draft=drafts.note(rose, volet=Volet.MEDICAL))
    close = f"/usagers/{rose.pk}/droits/fermer/?item={note.pk}"
    sign_in(client, town.denis)
    assert close in client.get(f"/usagers/{rose.pk}/transmissions/{note.pk}/").text
    typed = {"professional": town.alice.professional_id, "reason": "La personne s’y oppose."}
    assert client.post(close, typed).status_code == 302
    assert Restriction.objects.get().item_id == note.pk
    assert client.get(f"/usagers/{rose.pk}/droits/fermer/").status_code == 403
    care = write_note(actor_of(town.alice), draft=drafts.note(rose))
    assert f"item={care.pk}" not in client.get(f"/usagers/{rose.pk}/transmissions/{care.pk}/").text


def test_its_author_is_offered_the_colleagues_to_whom_he_may_close_it(
    client: Client, town: Town, rose: Person
) -> None:
    note = write_note(actor_of(town.denis), draft=drafts.note(rose, volet=Volet.MEDICAL))
    sign_in(client, town.denis)
    address = f"/usagers/{rose.pk}/droits/fermer/?item={note.pk}"
    form = client.get(address).context["form"]
    offered = {key for key, _ in form.fields["professional"].choices}
    assert "profession" not in form.fields
    assert str(town.alice.professional_id) in offered
    assert not offered & {str(one.professional_id) for one in (town.denis, town.diane)}
    empty = client.post(address, {"reason": "Conflit."})
    assert list(empty.context["form"].errors) == ["professional"]
    typed = {"professional": str(town.alice.professional_id), "reason": "Conflit."}
    assert client.post(address, typed).status_code == 302
    assert Restriction.objects.get().professional_id == town.alice.professional_id
