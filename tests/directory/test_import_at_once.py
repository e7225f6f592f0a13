"""An access given while a table is written: whichever is first, the other judges with it."""

from concurrent.futures import Future, ThreadPoolExecutor
from typing import Any

import pytest
from django.db import connection, transaction

from tests.factories.town import PASSWORD, actor_of, build_town
from virage.directory import actions
from virage.directory.actions import import_rows, imports
from virage.directory.actions.imports import apply_table, receive_table, write_table
from virage.directory.enums import ImportKind
from virage.directory.models import Account, Membership, Professional
from virage.directory.rules.imports import read_table
from virage.foundation.access.actor import Actor
from virage.foundation.errors import Refused

STAFF = """Matricule;Nom;Prénom;FINESS;Profession;Portée
M1;Sarr;Fatou;990000101;IDE;Établissement
"""
LONG_ENOUGH_S = 0.5


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("is_first", [True, False], ids=["access first", "table first"])
def test_an_access_given_meanwhile_does_not_escape(
    monkeypatch: pytest.MonkeyPatch, is_first: bool
) -> None:
    if connection.vendor == "sqlite":
        pytest.skip("one writer at a time: nothing happens meanwhile")
    town = build_town()
    office, sofia = actor_of(town.command_line), actor_of(town.sofia)
    fatou = actions.create_professional(
        office, family_name="Sarr", given_name="Fatou", registration_number="M1"
    )
    actions.open_membership(
        office,
        professional=fatou,
        profession="secretary",
        establishment=town.ehpad,
        reach="establishment",
        starts_on=town.alice.starts_on,
    )
    sheet = read_table("staff", STAFF.encode())
    table = receive_table(office, kind=ImportKind.STAFF, file_name="a.csv", sheet=sheet)
    apply_table(office, import_id=table.pk)
    given: list[Future[None]] = []
    module, name = (imports, "planned_rows") if is_first else (import_rows, "take_back_if_wider")
    planned_or_held = getattr(module, name)

    with ThreadPoolExecutor(1) as elsewhere:

        def then_give(*arguments: Any) -> Any:
            done = planned_or_held(*arguments)
            given.append(elsewhere.submit(_give_access, sofia, fatou))
            if is_first:
                given[0].result()
            else:
                with pytest.raises(TimeoutError):
                    given[0].exception(LONG_ENOUGH_S)
            return done

        monkeypatch.setattr(module, name, then_give)
        assert write_table(table.pk).state == "done"
        refused = given[0].exception()
    assert Membership.objects.filter(professional=fatou, profession="nurse").exists()
    if is_first:
        assert not Account.objects.get(professional=fatou).has_usable_password()
    else:
        assert isinstance(refused, Refused)
        assert not Account.objects.filter(professional=fatou).exists()


def _give_access(actor: Actor, professional: Professional) -> None:
    """Open an account and choose its password, as the bearer of its link would."""
    try:
        with transaction.atomic():
            account = actions.open_account(
                actor, professional=professional, email="fatou@example.org"
            )
            actions.issue_password_link(actor, account=account)
            account.set_password(PASSWORD)
            account.save()
    finally:
        connection.close()
