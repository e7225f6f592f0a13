"""The end of a contract closes what it opened: the rights at once, the rest the night after."""

from datetime import timedelta

from tests.factories.town import Town, actor_of
from tests.persons.admissions import today
from virage.directory.actions import end_membership
from virage.directory.queries import actor_for
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
