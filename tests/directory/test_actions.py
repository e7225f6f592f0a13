"""Changing the directory: what is written, what is journalled, what is refused."""

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from django.db.models import QuerySet

from tests.factories.town import SINCE, Town, actor_of
from virage.directory import actions, queries
from virage.directory.models import Membership
from virage.foundation.access.enums import Reach
from virage.foundation.access.models import Subject
from virage.foundation.errors import Invalid, Refused
from virage.foundation.journal.models import JournalEvent, JournalLine


def test_an_operator_comes_with_its_command_line(db: None) -> None:
    operator = actions.create_operator(name="Fondation du Lac", siren="990000010")
    membership = queries.system_membership(operator)
    assert membership.professional.display_name == "Ligne de commande"
    event = JournalEvent.objects.get(action="operator.create")
    assert (event.membership_id, event.operator_id) == (membership.pk, operator.pk)
    with pytest.raises(Invalid) as refused:
        actions.create_operator(name="Autre", siren="990000010")
    assert "siren" in refused.value.errors


def test_an_establishment_owns_a_subject(town: Town) -> None:
    subject = Subject.objects.get(pk=town.ehpad.subject_id)
    assert (subject.operator_id, subject.kind) == (town.operator.pk, "establishment")
    assert JournalLine.objects.filter(subject_id=subject.pk).count() == 1


def test_what_is_received_keeps_its_wrong_keys(town: Town) -> None:
    actor = actor_of(town.gaspard)
    with pytest.raises(Invalid) as refused:
        actions.create_establishment(actor, name="IME", finess="123456789", siret="1")
    assert set(refused.value.errors) == {"finess", "siret"}
    actions.create_establishment(actor, name="IME", finess="123456789", is_received=True)


def test_an_external_professional_may_be_hired(town: Town) -> None:
    actor, rpps = actor_of(town.gaspard), "81000000000"
    with pytest.raises(Invalid):
        actions.create_professional(actor, family_name="Roux", rpps="10000000000")
    actions.create_professional(actor, family_name="Roux", rpps=rpps, is_external=True)
    actions.create_professional(actor, family_name="Roux", rpps=rpps)
    with pytest.raises(Invalid):
        actions.create_professional(actor, family_name="Roux", rpps=rpps)


def test_two_colleagues_cannot_add_one_rpps_at_once(
    town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    actor, rpps = actor_of(town.gaspard), "81000000000"
    actions.create_professional(actor, family_name="Roux", rpps=rpps)
    monkeypatch.setattr(QuerySet, "exists", lambda self: False)
    with pytest.raises(Invalid) as refused:
        actions.create_professional(actor, family_name="Roux", rpps=rpps)
    assert "rpps" in refused.value.errors


def test_names_and_numbers_are_given_once(town: Town) -> None:
    actor = actor_of(town.gaspard)
    twice: list[Callable[[], Any]] = [
        lambda: actions.create_establishment(actor, name="X", finess=town.ehpad.finess),
        lambda: actions.create_unit(actor, establishment=town.ehpad, name=town.unit_a.name),
        lambda: actions.create_room(actor, unit=town.unit_a, name=town.room_a1.name),
        lambda: actions.open_account(
            actor, professional=town.bob.professional, email="bob@example.org"
        ),
    ]
    for create in twice:
        with pytest.raises(Invalid):
            create()


@pytest.mark.parametrize(
    ("who", "condition"),
    [
        ("alice", "directory"),
        ("denis", "directory"),
        ("sofia", None),
        ("diane", None),
        ("tom", None),
        ("charlie", "hidden"),
    ],
)
def test_only_some_professions_manage_and_only_at_home(
    town: Town, who: str, condition: str | None
) -> None:
    actor = actor_of(getattr(town, who))
    if condition is None:
        actions.create_unit(actor, establishment=town.ehpad, name="Nouvelle")
        return
    with pytest.raises(Refused) as refused:
        actions.create_unit(actor, establishment=town.ehpad, name="Nouvelle")
    assert refused.value.condition == condition


def test_a_membership_in_one_establishment_manages_no_other(town: Town) -> None:
    actor = actor_of(town.sofia)
    for create in (
        lambda: actions.create_unit(actor, establishment=town.ime, name="X"),
        lambda: actions.create_establishment(actor, name="X"),
    ):
        with pytest.raises(Refused) as refused:
            create()
        assert refused.value.condition == "directory_scope"


def _open(town: Town, who: str, **changes: Any) -> Membership:
    asked = {
        "professional": town.bob.professional,
        "profession": "educator",
        "establishment": town.ime,
        "units": [town.ime_unit],
        "starts_on": SINCE,
    }
    return actions.open_membership(actor_of(getattr(town, who)), **(asked | changes))


def test_nobody_opens_a_membership_for_oneself(town: Town) -> None:
    with pytest.raises(Refused) as refused:
        _open(town, "tom", professional=town.tom.professional)
    assert refused.value.condition == "own_membership"


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"profession": "system"}, "profession"),
        ({"profession": "wizard"}, "profession"),
        ({"profession": "technical_admin"}, "reach"),
        ({"reach": Reach.OPERATOR}, "reach"),
        ({"establishment": None, "units": []}, "reach"),
        ({"units": "unit_a"}, "units"),
        ({"units": []}, "units"),
        ({"ends_on": date(2019, 1, 1)}, "ends_on"),
    ],
)
def test_a_membership_makes_sense(town: Town, changes: dict[str, Any], field: str) -> None:
    if changes.get("units") == "unit_a":
        changes = {"units": [town.unit_a]}
    with pytest.raises(Invalid) as refused:
        _open(town, "gaspard", **changes)
    assert field in refused.value.errors


def test_the_people_of_another_operator_do_not_exist(town: Town) -> None:
    for changes in (
        {"professional": town.charlie.professional},
        {"establishment": town.other_ehpad, "units": []},
    ):
        with pytest.raises(Refused) as refused:
            _open(town, "gaspard", **changes)
        assert refused.value.is_hidden


def test_the_command_line_does_not_end(town: Town) -> None:
    with pytest.raises(Refused):
        actions.end_membership(actor_of(town.tom), membership=town.command_line, ends_on=SINCE)


def test_no_link_is_issued_for_a_password_already_chosen(town: Town) -> None:
    with pytest.raises(Refused) as refused:
        actions.issue_password_link(actor_of(town.diane), account=town.alice.professional.account)
    assert refused.value.condition == "password_chosen"
