"""What does not fit its column, on both databases: a text refuses the file, a figure is kept apart.

Nothing is cut, and nothing is rounded.
"""

from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal

import pytest
from django.db.models import DecimalField

from tests.exchange.rows import send
from tests.exchange.samples import JOURNEY, NURSE, file_of, person, receive, record
from tests.factories.town import Town, actor_of
from virage.agenda.models import Transport
from virage.exchange.enums import ImportState, LineLevel
from virage.exchange.models import ReceivedItem
from virage.exchange.queries.columns import MEASURED
from virage.exchange.queries.reading import read_file
from virage.formats.tddui.record import TransferRecord
from virage.formats.tddui.record import Transport as TransportInTransit
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
    former = [replace(one, reason="R" * 501) for one in note.former_versions]
    sample.notes[0] = replace(note, former_versions=former)
    return sample


@pytest.mark.parametrize(
    "excess",
    [with_profession, with_family_name, with_birth_order, with_reason_of_correction],
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


def with_journey(**figures: Decimal) -> TransferRecord:
    sample = record()
    journey = replace(sample.events[0].transports[0], **figures)
    sample.events[0] = replace(sample.events[0], transports=[journey])
    return sample


@pytest.mark.parametrize(
    ("name", "figure"),
    [
        ("distance_km", "12.345"),
        ("distance_km", "999999.999"),
        ("planned_minutes", "-999999.996"),
        ("planned_cost", "9999999.999"),
        ("actual_cost", "100000000"),
        ("actual_cost", "1E-20"),
    ],
)
def test_a_figure_that_its_column_would_change_is_kept_apart(
    town: Town, name: str, figure: str
) -> None:
    sample = with_journey(**{name: Decimal(figure)})
    received = receive(actor_of(town.sofia), file_of(sample), unit=town.unit_a)
    assert received.state == ImportState.IMPORTED
    assert received.lines.get(code="figure_not_exact").value == figure
    assert getattr(Transport.objects.get(), name) is None
    kept = ReceivedItem.objects.get()
    assert (kept.content, kept.volet, kept.owner_key) == (figure, "care", JOURNEY.value)
    [sent] = read_file(send(Person.objects.get())).record.leftovers
    assert (sent.content, sent.owner) == (figure, JOURNEY.value)


@pytest.mark.parametrize("figure", ["0.01", "12.5000", "999999.99", "-3", "0E+40"])
def test_a_figure_that_its_column_holds_is_taken(town: Town, figure: str) -> None:
    sample = with_journey(distance_km=Decimal(figure))
    received = receive(actor_of(town.sofia), file_of(sample), unit=town.unit_a)
    assert received.state == ImportState.IMPORTED
    assert Transport.objects.get().distance_km == Decimal(figure)
    assert not ReceivedItem.objects.exists()


def test_journeys_alone_hold_figures() -> None:
    holders = {
        kind
        for kind, columns in MEASURED.items()
        if any(isinstance(column, DecimalField) for column in columns.values())
    }
    assert holders == {TransportInTransit}
