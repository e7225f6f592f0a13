"""Dates at the edges: a file may write anything, reading it gives a date that clocks can shift."""

import json
from dataclasses import fields, is_dataclass
from datetime import UTC, date, datetime
from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from tests.formats import cda_samples
from tests.formats.fhir_samples import bundle, codes, encounter, patient
from virage.formats.outcome import Unreadable
from virage.formats.tddui.reading import read
from virage.formats.tddui.record import Reading
from virage.foundation.calendar import is_in_calendar

years = st.sampled_from([0, 1, 2, 1849, 1850, 2026, 2200, 2201, 9998, 9999]) | st.integers(0, 9999)
twos = st.integers(0, 99).map("{:02}".format)
months, month_days = st.integers(0, 13), st.integers(0, 32)
shifts = st.tuples(st.sampled_from("+-"), twos, twos)


@st.composite
def fhir_dates(draw: st.DrawFn) -> str:
    """A day or an instant of FHIR, in its form but perhaps of no calendar."""
    day = f"{draw(years):04}-{draw(months):02}-{draw(month_days):02}"
    if draw(st.booleans()):
        return day
    sign, hours, minutes = draw(shifts)
    zone = draw(st.sampled_from(["Z", f"{sign}{hours}:{minutes}", ""]))
    return f"{day}T{draw(twos)}:{draw(twos)}:{draw(twos)}{zone}"


@st.composite
def cda_dates(draw: st.DrawFn) -> str:
    """A TS of CDA, in its form but perhaps of no calendar."""
    day = f"{draw(years):04}{draw(months):02}{draw(month_days):02}"
    clock = draw(st.sampled_from(["", f"{draw(twos)}{draw(twos)}{draw(twos)}"]))
    zone = "".join(draw(shifts)) if clock and draw(st.booleans()) else ""
    return f"{day}{clock}{zone}"


def fhir_file(written: str) -> bytes:
    person = patient(birthDate=written, deceasedDateTime=written)
    event = encounter(period={"start": written, "end": written})
    return json.dumps(bundle(person, event, timestamp=written)).encode()


def cda_file(written: str) -> bytes:
    person = cda_samples.PATIENT.replace('value="19600514"', f'value="{written}"')
    event = cda_samples.event().replace("20261103090000+0100", written)
    return cda_samples.document(cda_samples.events(event), patient=person)


def dates_of(value: Any) -> list[date]:
    """Every date inside a record."""
    if isinstance(value, date):
        return [value]
    if isinstance(value, list):
        return [found for each in value for found in dates_of(each)]
    if is_dataclass(value):
        return [found for each in fields(value) for found in dates_of(getattr(value, each.name))]
    return []


def check_reading(data: bytes) -> None:
    """Reading gives dates that any clock may shift, or refuses the file: nothing else."""
    try:
        record = read(data).record
    except Unreadable:
        return
    for found in dates_of(record):
        assert is_in_calendar(found)
        if isinstance(found, datetime):
            assert found.astimezone(UTC)


@given(fhir_dates())
@example("0001-01-01T00:00:00+14:00")
@example("9999-12-31T23:59:59-14:00")
@example("١٩٦٠-٠٥-١٤")
@settings(max_examples=200)
def test_any_date_of_fhir(written: str) -> None:
    check_reading(fhir_file(written))


@given(cda_dates())
@example("00010101000000+1400")
@example("99991231235959-1400")
@settings(max_examples=200)
def test_any_date_of_cda(written: str) -> None:
    check_reading(cda_file(written))


@pytest.mark.parametrize(
    "written", ["9999-12-31T23:59:59Z", "0001-01-01T00:00:00+14:00", "0001-01-01", "1849-12-31"]
)
def test_a_date_beyond_the_calendar_is_said_and_kept_as_text(written: str) -> None:
    reading = read(fhir_file(written))
    assert "date_unreadable" in codes(reading)
    assert reading.record.person.birth_on is None
    assert reading.record.events[0].starts_at is None
    assert kept(reading, f'"{written}"') >= 3


def kept(reading: Reading, written: str) -> int:
    return sum(written in leftover.content for leftover in reading.record.leftovers)
