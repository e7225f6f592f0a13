"""Who acts, in one statement, and on which days."""

from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.utils import timezone

from tests.factories.town import SINCE, Town, actor_of
from tests.guards import BoundedQueries
from virage.directory.models import Membership
from virage.directory.queries import actor_for, professional_of, system_membership
from virage.foundation.access.enums import Reach
from virage.foundation.errors import Refused

PARIS = ZoneInfo("Europe/Paris")


def test_an_actor_holds_all_that_is_asked_of_it(town: Town, queries: BoundedQueries) -> None:
    account = town.alice.professional.account
    with queries(at_most=1):
        actor = actor_for(account, town.alice.pk, timezone.now())
    assert actor is not None
    assert actor.unit_ids == (town.unit_a.pk,)
    assert (actor.profession, actor.reach) == ("nurse", Reach.UNITS)
    assert actor.establishment_name == "EHPAD Les Tilleuls"
    assert actor.account_id == account.pk


def test_a_membership_without_establishment_covers_the_operator(town: Town) -> None:
    actor = actor_of(town.gaspard)
    assert actor.establishment_id is None
    assert actor.establishment_name == "Association Les Quatre Vents"
    assert actor_of(system_membership(town.operator)).account_id is None


def test_a_membership_is_its_own_account_s(town: Town) -> None:
    account = town.bob.professional.account
    assert actor_for(account, town.alice.pk, timezone.now()) is None


@pytest.mark.parametrize(("hour", "acts"), [(time(23, 59), False), (time(0, 1), True)])
def test_a_membership_starts_at_midnight_in_paris(town: Town, hour: time, acts: bool) -> None:
    day = SINCE if acts else SINCE - timedelta(days=1)
    at = datetime.combine(day, hour, PARIS)
    account = town.alice.professional.account
    assert (actor_for(account, town.alice.pk, at) is not None) is acts


def test_the_last_day_is_worked(town: Town) -> None:
    Membership.objects.filter(pk=town.alice.pk).update(ends_on=SINCE)
    account = town.alice.professional.account
    evening = datetime.combine(SINCE, time(23, 0), PARIS)
    assert actor_for(account, town.alice.pk, evening)
    assert actor_for(account, town.alice.pk, evening + timedelta(hours=2)) is None


def test_the_command_line_is_not_a_colleague(town: Town) -> None:
    with pytest.raises(Refused):
        professional_of(actor_of(town.alice), town.command_line.professional_id)
