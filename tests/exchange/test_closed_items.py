"""An item closed to someone leaves in no file of hers, and comes back to her by no other door."""

import pytest

from tests.exchange.samples import file_of, receive, record
from tests.factories.town import Town, actor_of
from virage.agenda.models import Event
from virage.directory.models import Membership
from virage.exchange import actions
from virage.exchange.models import ReceivedItem
from virage.exchange.queries.reading import read_file
from virage.formats.tddui.record import TransferRecord
from virage.foundation.access.models import Restriction
from virage.foundation.journal.collector import collecting_reads
from virage.persons.actions import lift_restriction, raise_restriction
from virage.persons.models import Person
from virage.record.models import Note

REASON = "Plainte contre la directrice"


@pytest.fixture
def odette(town: Town) -> Person:
    receive(actor_of(town.sofia), file_of(record()), unit=town.unit_a)
    return Person.objects.get()


def closed_to(town: Town, whom: Membership, item: object) -> Restriction:
    """Close an item of the one record to someone, as the direction of the operator."""
    return raise_restriction(
        actor_of(town.gaspard),
        person=Person.objects.get(),
        professional=whom.professional,
        item_id=item.pk,  # type: ignore[attr-defined]
        reason=REASON,
    )


def exported_by(membership: Membership) -> TransferRecord:
    with collecting_reads():
        content = actions.export_record(actor_of(membership), person_id=Person.objects.get().pk)
    return read_file(content).record


def told(sent: TransferRecord) -> list[str]:
    return [one.content for one in sent.leftovers if REASON in one.content]


def test_nobody_learns_from_an_export_what_is_closed_to_him(town: Town, odette: Person) -> None:
    restriction = closed_to(town, town.diane, Note.objects.get())
    by_diane = exported_by(town.diane)
    assert (by_diane.notes, told(by_diane)) == ([], [])
    by_gaspard = exported_by(town.gaspard)
    assert len(by_gaspard.notes) == len(told(by_gaspard)) == 1
    lift_restriction(actor_of(town.gaspard), restriction=restriction)
    by_diane = exported_by(town.diane)
    assert (len(by_diane.notes), told(by_diane)) == (1, [])


def test_nor_why_an_item_that_does_not_leave_is_closed_to_others(
    town: Town, odette: Person
) -> None:
    event = Event.objects.get()
    closed_to(town, town.alice, event)
    assert told(exported_by(town.diane))
    closed_to(town, town.diane, event)
    assert not told(exported_by(town.diane))


def test_a_stay_closed_to_the_exporter_does_not_leave(town: Town, odette: Person) -> None:
    closed_to(town, town.diane, odette.stays.get())
    sent = exported_by(town.diane)
    assert sent.stays == []
    assert [one.stay for one in sent.events] == [""]
    assert len(exported_by(town.gaspard).stays) == 1


def test_our_own_decisions_come_back_as_known(town: Town, odette: Person) -> None:
    closed_to(town, town.diane, Note.objects.get())
    with collecting_reads():
        ours = actions.export_record(actor_of(town.gaspard), person_id=odette.pk)
    receive(actor_of(town.sofia), ours, unit=town.unit_a)
    assert not ReceivedItem.objects.filter(content__contains=REASON).exists()
