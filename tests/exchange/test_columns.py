"""Whatever does not fit its column refuses the file, on both databases, and nothing is cut."""

from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal

import pytest

from tests.exchange.samples import NURSE, file_of, person, receive, record
from tests.factories.town import Town, actor_of
from virage.exchange.enums import ImportState, LineLevel
from virage.formats.tddui.record import TransferRecord
from virage.foundation.coded import Coded
from virage.persons.models import Person


def with_profession() -> TransferRecord:
    nurse = replace(NURSE, profession=Coded(text="P" * 101))
    return record(professionals=[nurse])


def with_family_name() -> TransferRecord:
    return record(person=person(birth_family_name="L" * 101))


def with_birth_order() -> TransferRecord:
    return record(person=person(birth_order=40_000))


def with_reason_of_correction() -> TransferRecord:
    sample = record()
    note = sample.notes[0]
    former = [replace(one, reason="R" * 201) for one in note.former_versions]
    sample.notes[0] = replace(note, former_versions=former)
    return sample


def with_cost() -> TransferRecord:
    sample = record()
    journey = replace(sample.events[0].transports[0], actual_cost=Decimal(10**8))
    sample.events[0] = replace(sample.events[0], transports=[journey])
    return sample


@pytest.mark.parametrize(
    "excess",
    [with_profession, with_family_name, with_birth_order, with_reason_of_correction, with_cost],
)
def test_it_refuses_the_file(town: Town, excess: Callable[[], TransferRecord]) -> None:
    received = receive(actor_of(town.sofia), file_of(excess()))
    assert received.state == ImportState.REFUSED
    line = received.lines.get(level=LineLevel.REFUSAL)
    assert line.code == "value_too_long"
    assert len(line.value) < 40
    assert not Person.objects.exists()


def test_names_of_the_longest_kind_are_taken_whole(town: Town) -> None:
    longest = replace(NURSE, family_name="M" * 100, given_name="A" * 100)
    received = receive(actor_of(town.sofia), file_of(record(professionals=[longest])))
    assert received.state == ImportState.IMPORTED
