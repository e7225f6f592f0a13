"""Nobody opens to another a right wider than his own: situations, accounts, links."""

from collections.abc import Callable, Collection
from datetime import timedelta
from typing import Any

import pytest
from django.core import mail
from django.test import Client

from tests.factories.town import SINCE, Town, actor_of, sign_in
from virage.directory import actions
from virage.directory.models import Account, Establishment, Membership, Professional, Unit
from virage.foundation.access.enums import Reach
from virage.foundation.errors import Refused
from virage.foundation.outbox.actions import drain


def _newcomer(town: Town, profession: str = "", establishment: Establishment | None = None) -> Any:
    actor = actor_of(town.command_line)
    person = actions.create_professional(actor, family_name="Sarr")
    if profession:
        reach = Reach.ESTABLISHMENT if establishment else Reach.OPERATOR
        _open(actor, person, profession, establishment, reach)
    return person


def _open(
    actor: Any,
    person: Professional,
    profession: str,
    establishment: Establishment | None,
    reach: str = Reach.ESTABLISHMENT,
    units: Collection[Unit] = (),
) -> Membership:
    return actions.open_membership(
        actor,
        professional=person,
        profession=profession,
        establishment=establishment,
        reach=reach,
        units=units,
        starts_on=SINCE,
    )


@pytest.mark.parametrize(
    ("who", "profession", "reach", "condition"),
    [
        ("diane", "physician", Reach.ESTABLISHMENT, None),
        ("sofia", "secretary", Reach.ESTABLISHMENT, None),
        ("sofia", "technical_admin", Reach.NOBODY, None),
        ("tom", "technical_admin", Reach.NOBODY, None),
        ("sofia", "physician", Reach.ESTABLISHMENT, "wider_right"),
        ("sofia", "director", Reach.NOBODY, "wider_right"),
        ("tom", "secretary", Reach.ESTABLISHMENT, "wider_right"),
        ("tom", "physician", Reach.NOBODY, "wider_right"),
        ("tom", "director", Reach.ESTABLISHMENT, "wider_right"),
    ],
)
def test_a_right_no_wider_than_ones_own(
    town: Town, who: str, profession: str, reach: str, condition: str | None
) -> None:
    actor, person = actor_of(getattr(town, who)), _newcomer(town)
    if condition is None:
        assert _open(actor, person, profession, town.ehpad, reach).pk
        return
    with pytest.raises(Refused) as refused:
        _open(actor, person, profession, town.ehpad, reach)
    assert refused.value.condition == condition


def test_nor_over_more_persons(town: Town) -> None:
    Membership.objects.filter(pk=town.sofia.pk).update(reach=Reach.UNITS)
    town.sofia.units.set([town.unit_a])
    sofia, person = actor_of(town.sofia), _newcomer(town)
    wider: list[tuple[Reach, list[Unit]]] = [
        (Reach.ESTABLISHMENT, []),
        (Reach.UNITS, [town.unit_b]),
        (Reach.UNITS, [town.unit_a, town.unit_b]),
    ]
    for reach, units in wider:
        with pytest.raises(Refused) as refused:
            _open(sofia, person, "secretary", town.ehpad, reach, units)
        assert refused.value.condition == "wider_right"
    assert _open(sofia, person, "secretary", town.ehpad, Reach.UNITS, [town.unit_a]).pk


@pytest.mark.parametrize(
    ("who", "condition"),
    [("tom", "wider_right"), ("sofia", "wider_right"), ("diane", None), ("gaspard", None)],
)
def test_an_account_opens_only_what_one_could_open(
    town: Town, who: str, condition: str | None
) -> None:
    actor, nurse = actor_of(getattr(town, who)), _newcomer(town, "nurse", town.ehpad)
    if condition is None:
        account = actions.open_account(actor, professional=nurse, email="sarr@example.org")
        assert actions.issue_password_link(actor, account=account)
        return
    account = Account.objects.create(professional=nurse, email="n@example.org", password="!")
    for gesture in (
        lambda: actions.issue_password_link(actor, account=account),
        lambda: actions.open_account(actor, professional=nurse, email="sarr@example.org"),
    ):
        with pytest.raises(Refused) as refused:
            gesture()
        assert refused.value.condition == condition


def test_a_link_dies_with_the_situations_it_was_made_for(client: Client, town: Town) -> None:
    """Its bearer would otherwise sign with a right wider than that of who handed it over."""
    sofia, diane = actor_of(town.sofia), actor_of(town.diane)
    person = _newcomer(town, "secretary", town.ehpad)
    account = actions.open_account(sofia, professional=person, email="sarr@example.org")
    narrow = actions.issue_password_link(sofia, account=account)
    chosen = client.get(narrow).url
    physician = _open(diane, person, "physician", town.ehpad)
    assert "plus valable" in client.get(narrow).text
    assert "plus valable" in client.post(chosen, {"password1": "x", "password2": "x"}).text
    actions.end_membership(diane, membership=physician, ends_on=SINCE + timedelta(days=1))
    ended = actions.issue_password_link(sofia, account=account)
    assert "plus valable" not in Client().get(ended, follow=True).text
    actions.end_membership(diane, membership=physician, ends_on=diane.today)
    assert "plus valable" in client.get(ended, follow=True).text
    actions.end_membership(diane, membership=physician, ends_on=SINCE + timedelta(days=1))
    former = actions.issue_password_link(sofia, account=account)
    actions.issue_password_link(diane, account=account)
    assert "plus valable" in Client().get(former, follow=True).text


def test_access_is_handed_over_to_a_situation(town: Town) -> None:
    """Whoever got it before could not have opened the situations that come later."""
    sofia, diane, person = actor_of(town.sofia), actor_of(town.diane), _newcomer(town)
    account = actions.open_account(sofia, professional=person, email="sarr@example.org")
    left = town.alice.professional.account
    actions.end_membership(diane, membership=town.alice, ends_on=SINCE)
    gestures: list[Callable[[], object]] = [
        lambda: actions.issue_password_link(sofia, account=account),
        lambda: actions.invite(sofia, account=account, site="http://testserver"),
        lambda: actions.reset_access(sofia, account=account, has_seen=True),
        lambda: actions.reset_access(sofia, account=left, has_seen=True),
    ]
    for gesture in gestures:
        with pytest.raises(Refused) as refused:
            gesture()
        assert refused.value.condition == "no_situation"
    actions.request_password_link("sarr@example.org", site="http://testserver")
    drain()
    assert not mail.outbox


@pytest.mark.parametrize(("giver", "is_taken_back"), [("sofia", True), ("diane", False)])
def test_a_wider_situation_takes_back_the_access_given_by_who_could_not_open_it(
    client: Client, town: Town, giver: str, is_taken_back: bool
) -> None:
    diane, person = actor_of(town.diane), _newcomer(town, "secretary", town.ehpad)
    account = actions.open_account(diane, professional=person, email="sarr@example.org")
    link = actions.issue_password_link(actor_of(getattr(town, giver)), account=account)
    typed = {"password1": "une phrase à elle", "password2": "une phrase à elle"}
    client.post(client.get(link).url, typed)
    sent = {"login": account.email, "password": "une phrase à elle"}
    assert client.post("/connexion/", sent).status_code == 302
    _open(diane, person, "nurse", town.ehpad)
    account.refresh_from_db()
    assert account.has_usable_password() != is_taken_back
    answer = client.get("/situation/")
    assert ("/connexion/" in answer.get("Location", "")) == is_taken_back
    office = Client()
    sign_in(office, town.diane)
    card = office.get(f"/annuaire/professionnels/{person.pk}/")
    assert ("attend son mot de passe" in card.text) == is_taken_back


def test_putting_off_the_end_of_a_wider_situation_takes_back_too(town: Town) -> None:
    diane, sofia = actor_of(town.diane), actor_of(town.sofia)
    account, person = town.alice.professional.account, town.alice.professional
    actions.end_membership(diane, membership=town.alice, ends_on=SINCE)
    _open(sofia, person, "secretary", town.ehpad)
    actions.reset_access(sofia, account=account, has_seen=True)
    account.refresh_from_db()
    account.set_password("une phrase à moi")
    account.save()
    actions.end_membership(diane, membership=town.alice, ends_on=diane.today)
    account.refresh_from_db()
    assert not account.has_usable_password()


def test_the_account_of_a_colleague_elsewhere_is_not_opened(town: Town) -> None:
    for where in (town.ime, None):
        director = _newcomer(town, "director", where)
        for who in (town.sofia, town.diane):
            with pytest.raises(Refused) as refused:
                actions.open_account(actor_of(who), professional=director, email="d@example.org")
            assert refused.value.condition == "directory_scope"


def test_the_technical_administration_installs_the_first_director(town: Town) -> None:
    tom, person = actor_of(town.tom), _newcomer(town)
    Account.objects.filter(professional__memberships__profession="director").update(password="!")
    _open(tom, person, "director", None, Reach.OPERATOR)
    account = actions.open_account(tom, professional=person, email="sarr@example.org")
    assert actions.issue_password_link(tom, account=account)
    account.set_password("une phrase à elle")
    account.save()
    with pytest.raises(Refused) as refused:
        _open(tom, _newcomer(town), "director", town.ime)
    assert refused.value.condition == "wider_right"


@pytest.mark.parametrize(
    ("who", "where", "offered", "withheld"),
    [
        ("diane", "ehpad", {"director", "physician", "technical_admin"}, {"system"}),
        ("sofia", "ehpad", {"secretary", "technical_admin"}, {"physician", "director"}),
        ("tom", "", {"technical_admin"}, {"secretary", "director"}),
    ],
)
def test_the_form_offers_the_professions_that_one_may_open(
    client: Client, town: Town, who: str, where: str, offered: set[str], withheld: set[str]
) -> None:
    sign_in(client, getattr(town, who))
    url = f"/annuaire/professionnels/{town.bob.professional_id}/situations/nouvelle/"
    asked = {"establishment": getattr(town, where).pk} if where else {}
    choices = dict(client.get(url, asked).context["form"].fields["profession"].choices)
    assert offered <= choices.keys()
    assert not withheld & choices.keys()


def test_the_form_offers_the_first_direction(client: Client, town: Town) -> None:
    Account.objects.filter(professional__memberships__profession="director").update(password="!")
    sign_in(client, town.tom)
    url = f"/annuaire/professionnels/{town.bob.professional_id}/situations/nouvelle/"
    assert "director" in dict(client.get(url).context["form"].fields["profession"].choices)
