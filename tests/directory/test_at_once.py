"""Two people who give one name, or one number, at the same instant: the second one is told."""

import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from operator import attrgetter
from threading import Event
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import generate_totp_secret
from django.db import connection

from tests.factories.town import Town, actor_of, build_town
from tests.persons.test_at_once import both_at_once
from virage.directory import actions
from virage.directory.actions.sign_in import add_totp, renew_codes
from virage.directory.models import Account, Room
from virage.foundation.access.actor import Actor
from virage.foundation.errors import Invalid

Gesture = Callable[[Town, Actor], object]
NAME, FINESS, SIREN = {"name": "Les Lilas"}, {"finess": "990000408"}, {"siren": "990000028"}
RPPS = {"rpps": "81000000000"}


def to(changes: dict[str, str]) -> dict[str, Any]:
    """Return what a correction is told besides its thing."""
    return {"expected_version": 1, "changes": changes}


# What a colleague corrects first, what he gives it, and the gesture that gives the same.
GESTURES: dict[str, tuple[str, dict[str, str], Gesture]] = {
    "unit": (
        *("unit_b", NAME),
        lambda town, office: actions.update_unit(office, unit=town.unit_a, **to(NAME)),
    ),
    "new unit": (
        *("unit_b", NAME),
        lambda town, office: actions.create_unit(office, establishment=town.ehpad, **NAME),
    ),
    "room": (
        *("room_a1", NAME),
        lambda town, office: actions.update_room(
            office, room=Room.objects.get(name="14"), **to(NAME)
        ),
    ),
    "new room": (
        *("room_a1", NAME),
        lambda town, office: actions.create_room(office, unit=town.unit_a, **NAME),
    ),
    "establishment": (
        *("ime", FINESS),
        lambda town, office: actions.update_establishment(
            office, establishment=town.ehpad, **to(FINESS)
        ),
    ),
    "new establishment": (
        *("ime", FINESS),
        lambda town, office: actions.create_establishment(office, name="IME", **FINESS),
    ),
    "operator": (
        *("other_operator", SIREN),
        lambda town, office: actions.update_operator(office, **to(SIREN)),
    ),
    "new operator": (
        *("other_operator", SIREN),
        lambda town, office: actions.create_operator(name="Fondation du Pré", **SIREN),
    ),
    "professional": (
        *("bob.professional", RPPS),
        lambda town, office: actions.update_professional(
            office, professional=town.alice.professional, **to(RPPS)
        ),
    ),
    "new professional": (
        *("bob.professional", RPPS),
        lambda town, office: actions.create_professional(office, family_name="Roux", **RPPS),
    ),
}


@pytest.mark.parametrize(("taken_by", "value", "gesture"), GESTURES.values(), ids=GESTURES)
def test_a_colleague_quicker_than_the_look_is_told_as_one_seen(
    town: Town,
    monkeypatch: pytest.MonkeyPatch,
    taken_by: str,
    value: dict[str, str],
    gesture: Gesture,
) -> None:
    office = actor_of(town.command_line)
    actions.create_room(office, unit=town.unit_a, name="14")
    theirs = attrgetter(taken_by)(town)
    model = type(theirs)
    save = model.save

    def save_too_late(self: Any, **how: Any) -> None:
        model.objects.filter(pk=theirs.pk).update(**value)
        save(self, **how)

    monkeypatch.setattr(model, "save", save_too_late)
    with pytest.raises(Invalid) as told:
        gesture(town, office)
    assert told.value.errors.keys() == value.keys()


@pytest.mark.django_db(transaction=True)
def test_one_of_two_renames_to_one_name_is_refused() -> None:
    town = build_town()
    office = actor_of(town.command_line)
    units = iter((town.unit_a, town.unit_b))
    done = both_at_once(lambda: actions.update_unit(office, unit=next(units), **to(NAME)))
    assert done == [False, True]
    assert town.ehpad.units.filter(**NAME).count() == 1


@pytest.mark.django_db(transaction=True)
def test_codes_renewed_while_an_access_is_taken_back_go_with_it(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    town = build_town()
    account = town.alice.professional.account
    add_totp(account, secret=generate_totp_secret(), session_key="")
    activate, is_written = RecoveryCodes.activate, Event()

    def activate_slowly(of: Account) -> RecoveryCodes:
        codes = activate(of)
        is_written.set()
        time.sleep(0.5)
        return codes

    def renew() -> None:
        try:
            renew_codes(account)
        finally:
            connection.close()

    monkeypatch.setattr(RecoveryCodes, "activate", activate_slowly)
    with ThreadPoolExecutor(1) as owner:
        renewed = owner.submit(renew)
        assert is_written.wait(5)
        actions.reset_access(actor_of(town.diane), account=account, has_seen=True)
        renewed.result()
    assert not Authenticator.objects.filter(user=account).exists()
