"""Correcting the directory: by whom, what is refused, what is journalled, two people at once."""

from typing import Any

import pytest
from django.test import Client

from tests.factories.town import Town, actor_of, sign_in
from virage.directory import actions, queries
from virage.directory.models import Establishment, Membership, Professional, Room, Unit
from virage.foundation.journal.models import JournalEvent


def _establishment(establishment: Establishment, **changes: str) -> dict[str, str]:
    now = {"name": establishment.name, "kind": establishment.kind, "finess": establishment.finess}
    return {**now, "siret": "", "usager_word": establishment.usager_word, "version": "1", **changes}


def _things(town: Town) -> dict[str, tuple[str, str, dict[str, str]]]:
    """Return, by action, the address, who corrects there, and what he types."""
    return {
        "operator.update": (
            "/annuaire/organisme/modifier/",
            "gaspard",
            {"name": "Association Les Cinq Vents", "siren": "", "version": "1"},
        ),
        "establishment.update": (
            f"/annuaire/etablissements/{town.ehpad.pk}/modifier/",
            "gaspard",
            _establishment(town.ehpad, name="EHPAD Les Chênes"),
        ),
        "unit.update": (
            f"/annuaire/unites/{town.unit_a.pk}/modifier/",
            "sofia",
            {"name": "Rez-de-chaussée", "version": "1"},
        ),
        "room.update": (
            f"/annuaire/chambres/{town.room_a1.pk}/modifier/",
            "sofia",
            {"name": "12 bis", "version": "1"},
        ),
        "professional.update": (
            f"/annuaire/professionnels/{town.alice.professional_id}/modifier/",
            "diane",
            {"family_name": "Martin", "given_name": "Alice", "version": "1"},
        ),
    }


def test_a_mistake_is_corrected_and_the_journal_says_which_fields(
    client: Client, town: Town
) -> None:
    for action, (url, who, typed) in _things(town).items():
        sign_in(client, getattr(town, who))
        assert client.get(url).status_code == 200, action
        answer = client.post(url, typed, follow=True)
        changed = typed.get("family_name") or typed["name"]
        assert changed in answer.text, action
        event = JournalEvent.objects.get(action=action)
        expected = {"family_name"} if action == "professional.update" else {"name"}
        assert expected <= set(event.detail["fields"]) <= expected | {"siren"}
        client.post(url, typed | {"version": "2"})
        assert JournalEvent.objects.filter(action=action).count() == 1, "nothing has changed"


def test_only_those_who_add_correct(client: Client, town: Town) -> None:
    for action, (url, who, typed) in _things(town).items():
        for stranger in ("alice", "denis", "charlie"):
            sign_in(client, getattr(town, stranger))
            assert client.post(url, typed).status_code in (403, 404), (action, stranger)
        if who != "sofia":
            sign_in(client, town.sofia)
            assert client.post(url, typed).status_code == 403, action


def test_nobody_corrects_the_card_of_whom_he_could_not_have_installed(
    client: Client, town: Town
) -> None:
    """A nurse and a director open more than the secretary, Bob is another establishment's."""
    sign_in(client, town.sofia)
    for who in (town.alice, town.gaspard, town.bob):
        card = f"/annuaire/professionnels/{who.professional_id}/"
        assert f"{card}modifier/" not in client.get(card).text
        typed = {"family_name": "Autre", "is_external": "on", "version": "1"}
        assert client.post(f"{card}modifier/", typed).status_code == 403
    visitor = actions.create_professional(
        actor_of(town.sofia), family_name="Sarr", is_external=True
    )
    for person in (visitor, town.sofia.professional):
        card = f"/annuaire/professionnels/{person.pk}/"
        assert f"{card}modifier/" in client.get(card).text
        typed = {"family_name": "Autre", "version": "1"}
        assert client.post(f"{card}modifier/", typed).status_code == 302


@pytest.mark.parametrize(
    ("field", "number"),
    [("finess", "990000102"), ("finess", "990000200"), ("siret", "99000001100009")],
)
def test_numbers_of_an_establishment_are_checked_as_when_it_is_added(
    client: Client, town: Town, field: str, number: str
) -> None:
    sign_in(client, town.gaspard)
    url = f"/annuaire/etablissements/{town.ehpad.pk}/modifier/"
    page = client.post(url, _establishment(town.ehpad, **{field: number}))
    assert page.status_code == 422
    assert field in page.context["form"].errors


def test_numbers_are_typed_as_papers_print_them(client: Client, town: Town) -> None:
    sign_in(client, town.gaspard)
    url = f"/annuaire/etablissements/{town.ehpad.pk}/modifier/"
    for field in ("finess", "siret"):
        assert "maxlength" not in client.get(url).context["form"][field].as_widget()
    printed = {"finess": "99 000 010 1", "siret": "732 829 320 00074"}
    assert client.post(url, _establishment(town.ehpad, **printed)).status_code == 302
    town.ehpad.refresh_from_db()
    assert (town.ehpad.finess, town.ehpad.siret) == ("990000101", "73282932000074")


def test_names_and_numbers_are_given_once(client: Client, town: Town) -> None:
    sign_in(client, town.gaspard)
    office = actor_of(town.command_line)
    room = actions.create_room(office, unit=town.unit_a, name="14")
    actions.create_professional(office, family_name="Roux", rpps="81000000000")
    for url, typed in {
        f"/annuaire/unites/{town.unit_a.pk}/modifier/": {"name": town.unit_b.name},
        f"/annuaire/chambres/{room.pk}/modifier/": {"name": town.room_a1.name},
        f"/annuaire/professionnels/{town.alice.professional_id}/modifier/": {
            "family_name": "Martel",
            "rpps": "81000000000",
        },
    }.items():
        assert client.post(url, typed | {"version": "1"}).status_code == 422, url


def test_a_wrong_number_received_stays_until_another_is_typed(client: Client, town: Town) -> None:
    office = actor_of(town.command_line)
    received = actions.create_establishment(
        office, name="IME", finess="123456789", is_received=True
    )
    number = "899700218896ABCDEF"
    person = Professional.objects.create(operator=town.operator, family_name="RENARD", rpps=number)
    sign_in(client, town.gaspard)
    url = f"/annuaire/etablissements/{received.pk}/modifier/"
    assert client.post(url, _establishment(received, name="IME Le Pré")).status_code == 302
    url = f"/annuaire/professionnels/{person.pk}/modifier/"
    typed = {"family_name": "Renard", "rpps": number, "version": "1"}
    assert client.post(url, typed).status_code == 302
    person.refresh_from_db()
    assert (person.family_name, person.rpps) == ("Renard", number)


def test_the_second_of_two_editors_is_told(client: Client, town: Town) -> None:
    sign_in(client, town.sofia)
    url = f"/annuaire/unites/{town.unit_a.pk}/modifier/"
    first, second = ({"name": name, "version": "1"} for name in ("Les Lilas", "Les Roses"))
    assert client.post(url, first).status_code == 302
    page = client.post(url, second)
    assert page.status_code == 409
    assert "Les Lilas" in page.text
    assert "Les Roses" in page.text
    again = {"name": "Les Roses", "version": page.context["form"].data["version"]}
    assert client.post(url, again).status_code == 302
    town.unit_a.refresh_from_db()
    assert town.unit_a.name == "Les Roses"


@pytest.mark.parametrize("who", ["gaspard", "alice"])
def test_the_ways_to_correct_are_shown_to_those_who_may(
    client: Client, town: Town, who: str
) -> None:
    sign_in(client, getattr(town, who))
    pages: dict[str, Any] = {
        "/annuaire/": ["operator.update"],
        f"/annuaire/etablissements/{town.ehpad.pk}/": [
            "establishment.update",
            "unit.update",
            "room.update",
        ],
        f"/annuaire/professionnels/{town.alice.professional_id}/": ["professional.update"],
    }
    for page, corrected in pages.items():
        text = client.get(page).text
        for action in corrected:
            assert (_things(town)[action][0] in text) is (who == "gaspard"), action


def test_what_another_operator_holds_does_not_exist(client: Client, town: Town) -> None:
    sign_in(client, town.gaspard)
    office = actor_of(Membership.objects.get(operator=town.other_operator, profession="system"))
    room = actions.create_room(office, unit=town.other_unit, name="1")
    for kind, thing in (
        ("etablissements", town.other_ehpad),
        ("unites", town.other_unit),
        ("chambres", room),
        ("professionnels", town.charlie.professional),
    ):
        assert client.post(f"/annuaire/{kind}/{thing.pk}/modifier/", {}).status_code == 404, kind
    assert Room.objects.get(pk=room.pk).name == "1"
    assert Unit.objects.get(pk=town.other_unit.pk).name == "Le Lac"


def test_whoever_corrects_an_operator_corrects_his_own(town: Town) -> None:
    named = {"name": "Association Les Cinq Vents"}
    gaspard = actor_of(town.gaspard)
    assert actions.update_operator(gaspard, expected_version=1, changes=named) == town.operator
    town.other_operator.refresh_from_db()
    assert town.other_operator.name == "Fondation du Lac"


def test_identifiers_keep_the_first_finess_of_the_operator(town: Town) -> None:
    """Whatever is added or corrected afterwards: they have gone out (decision 0004)."""
    actor, changes = actor_of(town.command_line), {"finess": "990000119"}
    actions.update_establishment(
        actor, establishment=town.ehpad, expected_version=1, changes=changes
    )
    town.operator.refresh_from_db()
    assert town.operator.issuing_finess == "990000101"


def test_a_finess_entered_later_is_the_first(db: None) -> None:
    operator = actions.create_operator(name="Fondation du Lac")
    actor = actor_of(queries.system_membership(operator))
    home = actions.create_establishment(actor, name="EHPAD du Lac")
    changes = {"finess": "990000309"}
    actions.update_establishment(actor, establishment=home, expected_version=1, changes=changes)
    operator.refresh_from_db()
    assert operator.issuing_finess == "990000309"
