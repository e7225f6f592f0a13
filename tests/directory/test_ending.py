"""Ending a situation: who may, and what never stays without a direction."""

from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta
from threading import Barrier

import pytest
from django.db import connection, transaction
from django.test import Client
from django.utils import timezone

from tests.factories.town import SINCE, Town, actor_of, build_town, hire, sign_in
from virage.directory import actions
from virage.directory.models import Membership
from virage.foundation.access.actor import Actor
from virage.foundation.access.enums import Reach
from virage.foundation.errors import Invalid, Refused


def _end(actor: Actor, membership: Membership, ends_on: date | None = None) -> Membership:
    last = ends_on or timezone.localdate()
    return actions.end_membership(actor, membership=membership, ends_on=last)


def _second_director(town: Town) -> Membership:
    actor = actor_of(town.command_line)
    return hire(actor, "Ghislaine Nori", "director", reach=Reach.OPERATOR)


@pytest.mark.parametrize(
    ("who", "whose", "condition"),
    [
        ("diane", "denis", None),
        ("diane", "diane", None),
        ("sofia", "sofia", None),
        ("gaspard", "tom", None),
        ("sofia", "diane", "wider_right"),
        ("sofia", "denis", "wider_right"),
        ("tom", "gaspard", "wider_right"),
        ("diane", "gaspard", "directory_scope"),
        ("alice", "aude", "directory"),
        ("charlie", "alice", "hidden"),
    ],
)
def test_a_right_no_wider_than_ones_own_is_ended(
    town: Town, who: str, whose: str, condition: str | None
) -> None:
    actor, membership = actor_of(getattr(town, who)), getattr(town, whose)
    if condition is None:
        assert _end(actor, membership).ends_on
        return
    with pytest.raises(Refused) as refused:
        _end(actor, membership)
    assert refused.value.condition == condition


def test_the_page_offers_to_end_what_one_may_end(client: Client, town: Town) -> None:
    sign_in(client, town.sofia)
    for membership, status in ((town.sofia, 200), (town.diane, 403)):
        door = f"/annuaire/situations/{membership.pk}/fin/"
        assert client.get(door).status_code == status
        page = client.get(f"/annuaire/professionnels/{membership.professional_id}/")
        assert (door in page.text) == (status == 200)


def test_the_last_direction_of_the_operator_does_not_end(client: Client, town: Town) -> None:
    sign_in(client, town.gaspard)
    url = f"/annuaire/situations/{town.gaspard.pk}/fin/"
    page = client.post(url, {"ends_on": "2099-12-31"})
    assert page.status_code == 422
    assert "ouvrez d’abord la situation" in page.text
    successor = _second_director(town)
    assert client.post(url, {"ends_on": "2099-12-31"}).status_code == 302
    with pytest.raises(Invalid):
        _end(actor_of(successor), successor)


def test_a_successor_must_be_there_the_day_after_and_stay(town: Town) -> None:
    successor = _second_director(town)
    gaspard, today = actor_of(town.gaspard), timezone.localdate()
    for dates in (
        {"starts_on": today + timedelta(days=2)},
        {"ends_on": today + timedelta(days=90)},
    ):
        Membership.objects.filter(pk=successor.pk).update(
            **{"starts_on": SINCE, "ends_on": None} | dates
        )
        with pytest.raises(Invalid):
            _end(gaspard, town.gaspard, today)
    Membership.objects.filter(pk=successor.pk).update(
        starts_on=today + timedelta(days=1), ends_on=None
    )
    assert _end(gaspard, town.gaspard, today).ends_on == today


def test_without_a_whole_direction_the_last_one_stays(town: Town) -> None:
    Membership.objects.filter(pk=town.gaspard.pk).update(ends_on=SINCE)
    with pytest.raises(Invalid):
        _end(actor_of(town.diane), town.diane)
    hire(
        actor_of(town.command_line),
        "Ghislaine Nori",
        "director",
        town.ime,
        reach=Reach.ESTABLISHMENT,
    )
    assert _end(actor_of(town.diane), town.diane).ends_on


def test_nobody_puts_off_the_end_of_his_own(town: Town) -> None:
    today = timezone.localdate()
    tom = _end(actor_of(town.tom), town.tom, today + timedelta(days=5))
    later = today + timedelta(days=6)
    with pytest.raises(Refused) as refused:
        _end(actor_of(town.tom), tom, later)
    assert refused.value.condition == "own_membership"
    assert _end(actor_of(town.gaspard), tom, later).ends_on == later


@pytest.mark.django_db(transaction=True)
def test_two_directors_do_not_end_each_other_at_once() -> None:
    town = build_town()
    other = _second_director(town)
    pairs = [(actor_of(town.gaspard), other), (actor_of(other), town.gaspard)]
    start = Barrier(2)

    def end_it(pair: tuple[Actor, Membership]) -> bool:
        start.wait()
        try:
            _end(*pair)
        except Invalid:
            return False
        finally:
            connection.close()
        return True

    with ThreadPoolExecutor(2) as people:
        assert sorted(people.map(end_it, pairs)) == [False, True]
    assert Membership.objects.filter(reach=Reach.OPERATOR, ends_on=None, profession="director")


@pytest.mark.django_db(transaction=True)
def test_who_writes_meanwhile_waits_for_nobody() -> None:
    """Ending a situation locks the operator, which each row of its establishments names."""
    if connection.vendor != "postgresql":
        pytest.skip("SQLite writes one transaction at a time: this run is not on PostgreSQL")
    town = build_town()
    office = actor_of(town.command_line)

    def write() -> str:
        try:
            with connection.cursor() as cursor:
                cursor.execute("SET lock_timeout = '5s'")
            return actions.create_establishment(office, name="SAVS").name
        finally:
            connection.close()

    with transaction.atomic(), ThreadPoolExecutor(1) as colleague:
        _end(actor_of(town.gaspard), town.tom)
        assert colleague.submit(write).result() == "SAVS"
