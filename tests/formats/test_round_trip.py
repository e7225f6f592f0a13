"""What is written is read back equal, whatever the record, and always as the same bytes."""

from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings

from tests.formats.full_record import full_record
from tests.formats.official import CDA_DOCUMENT, FHIR_BUNDLE, needs_official_files
from tests.formats.strategies import records
from virage.formats.tddui.reading import read
from virage.formats.tddui.record import EMPTY, Item, TransferRecord
from virage.formats.tddui.to_fhir import build

UNSAID = "path", "profile", "owner", "volet", "authored_on"
"""Where the object was read, what a leftover need not say, and the other way to date."""

NOW = datetime(2026, 11, 23, 10, 0, tzinfo=UTC)


@given(records())
@settings(max_examples=150)
def test_a_record_comes_back_equal(record: TransferRecord) -> None:
    assert record.made_at is not None
    written = build(record, made_at=record.made_at)
    assert read(written).record == record
    assert build(read(written).record, made_at=record.made_at) == written


@needs_official_files
@pytest.mark.parametrize("file", [FHIR_BUNDLE, CDA_DOCUMENT], ids=["FHIR", "CDA"])
def test_the_official_files_come_back_equal(file: Path) -> None:
    record = read(file.read_bytes()).record
    written = build(record, made_at=NOW)
    assert read(written).record == replace(record, made_at=NOW)
    assert build(record, made_at=NOW) == written


def test_a_record_that_says_everything_comes_back_equal() -> None:
    record = full_record()
    assert unsaid(record) == []
    assert read(build(record, made_at=NOW)).record == replace(record, made_at=NOW)


def unsaid(value: Any, path: str = "record") -> list[str]:
    """The fields that say nothing: a new field must be given a value in the sample."""
    if isinstance(value, list):
        return [found for each in value for found in unsaid(each, path)]
    if not isinstance(value, Item | TransferRecord):
        return []
    parts = {name: part for name, part in vars(value).items() if name not in UNSAID}
    empty = [f"{path}.{name}" for name, part in parts.items() if part in ("", None, [], b"", EMPTY)]
    below = [found for name, part in parts.items() for found in unsaid(part, f"{path}.{name}")]
    return empty + below
