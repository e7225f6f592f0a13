"""The end of a contract closes what it opened: the rights at once, the rest the night after."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.test import Client

from tests.exchange.samples import file_of, record
from tests.factories.town import Town, actor_of, sign_in
from tests.persons.admissions import today
from virage.directory.actions import end_membership
from virage.directory.models import Membership
from virage.directory.queries import actor_for
from virage.exchange.actions.processing import process_import
from virage.exchange.actions.receiving import receive_file
from virage.exchange.enums import ImportState
from virage.foundation.journal.models import JournalEvent
from virage.persons import actions
from virage.persons.jobs import end_contracts
from virage.persons.models import Person, Referent

NOTED = JournalEvent.objects.filter(action="membership.expire")


def test_rights_end_with_the_last_day_and_roles_the_night_after(town: Town, rose: Person) -> None:
    office, alice = actor_of(town.command_line), town.alice
    actions.name_referent(office, person=rose, professional=alice.professional, starts_on=today())
    end_membership(actor_of(town.gaspard), membership=alice, ends_on=today())
    account, now = alice.professional.account, office.at
    assert actor_for(account, alice.pk, now) is not None
    assert actor_for(account, alice.pk, now + timedelta(days=1)) is None
    assert actions.close_ended_contracts(office) == 0, "the last day is not over"
    tomorrow = actor_of(town.command_line, now + timedelta(days=1))
    assert actions.close_ended_contracts(tomorrow) == 1
    assert Referent.objects.get().ends_on == today()
    assert NOTED.get().target_id == alice.pk
    ended = JournalEvent.objects.get(action="referent.end")
    assert ended.lines.get().subject_id == rose.subject_id
    assert actions.close_ended_contracts(tomorrow) == 0, "once"


def test_a_role_goes_on_while_another_situation_does(town: Town, rose: Person) -> None:
    office, bob = actor_of(town.command_line), town.bob
    actions.name_referent(office, person=rose, professional=bob.professional, starts_on=today())
    type(bob).objects.create(
        operator=town.operator,
        professional=bob.professional,
        establishment=town.ehpad,
        profession="educator",
        starts_on=today(),
    )
    end_membership(actor_of(town.gaspard), membership=bob, ends_on=today() - timedelta(days=1))
    end_contracts({})
    assert Referent.objects.get().ends_on is None
    assert NOTED.count() == 1


@pytest.mark.parametrize(
    ("last_day", "midnight"),
    [
        (date(2026, 1, 31), datetime(2026, 1, 31, 23, tzinfo=UTC)),
        (date(2026, 7, 31), datetime(2026, 7, 31, 22, tzinfo=UTC)),
        # The night when clocks go back: the last day has twenty-five hours.
        (date(2026, 10, 25), datetime(2026, 10, 25, 23, tzinfo=UTC)),
    ],
)
def test_rights_begin_and_end_at_midnight_in_france(
    town: Town, last_day: date, midnight: datetime
) -> None:
    alice, a_moment = town.alice, timedelta(microseconds=1)
    account = alice.professional.account
    Membership.objects.filter(pk=alice.pk).update(ends_on=last_day)
    assert actor_for(account, alice.pk, midnight - a_moment) is not None
    assert actor_for(account, alice.pk, midnight) is None
    the_day_after = {"starts_on": last_day + timedelta(days=1), "ends_on": None}
    Membership.objects.filter(pk=alice.pk).update(**the_day_after)
    assert actor_for(account, alice.pk, midnight - a_moment) is None
    assert actor_for(account, alice.pk, midnight) is not None


def test_an_open_session_reads_nothing_once_the_contract_is_over(
    client: Client, town: Town, rose: Person
) -> None:
    sign_in(client, town.alice)
    doors = [f"/usagers/{rose.pk}/", "/usagers/", f"/usagers/{rose.pk}/transmissions/"]
    assert [client.get(door).status_code for door in doors] == [200, 200, 200]
    Membership.objects.filter(pk=town.alice.pk).update(ends_on=today() - timedelta(days=1))
    for door in doors:
        page = client.get(door)
        assert page.status_code != 200 or "Lambert" not in page.text, door


def test_a_file_received_before_the_end_is_not_written_after_it(town: Town) -> None:
    gaspard = town.gaspard
    received = receive_file(
        actor_of(gaspard),
        file_name="dossier.json",
        content=file_of(record()),
        establishment=town.ehpad,
    )
    Membership.objects.filter(pk=gaspard.pk).update(ends_on=today() - timedelta(days=1))
    assert process_import(received.pk).state == ImportState.REFUSED
    assert not Person.objects.exists()
