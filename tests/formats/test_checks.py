"""Keys and coherence of a received record: said, never refused."""

from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any

import pytest

from tests.formats.full_record import MORNING, NIR, full_record
from virage.formats.tddui.checks import check
from virage.formats.tddui.record import BusinessIdentifier, TransferRecord
from virage.foundation.national_numbers import nir_key

INS = "urn:oid:1.2.250.1.213.1.4"
OTHER_NIR = NIR[:10] + "099" + nir_key(NIR[:10] + "099")


def found(record: TransferRecord) -> set[str]:
    return {finding.code for finding in check(record)}


USUAL = found(full_record())


def new_faults(record: TransferRecord) -> set[str]:
    return found(record) - USUAL


def test_a_sound_record() -> None:
    assert {"status_claimed_qualified", "identifier_without_system"} == USUAL


PERSONS: dict[str, dict[str, Any]] = {
    "birth_date_missing": {"birth_on": None},
    "ins_without_traits": {"birth_place_code": ""},
    "nir_traits_mismatch": {"sex": "male"},
    "birth_place_unknown": {"birth_place_code": "Paris"},
    "name_not_strict": {"birth_family_name": "Paturel"},
    "identity_status_missing": {"claimed_status": ""},
    "birth_rank_missing": {"birth_order": None, "identifiers": []},
}


@pytest.mark.parametrize(("code", "parts"), PERSONS.items(), ids=PERSONS)
def test_traits(code: str, parts: dict[str, Any]) -> None:
    record = full_record()
    record.person = replace(record.person, **parts)
    assert code in new_faults(record)


@pytest.mark.parametrize(
    ("value", "system", "code"),
    [
        ("26005991000425", f"{INS}.8", "nir_malformed"),
        ("260059910004256", f"{INS}.10", "nir_key_wrong"),
        (NIR, f"{INS}.1.5", "ins_oid_unknown"),
        (NIR, "https://example.org/dossiers", "nir_in_business_identifier"),
        ("12", "", "identifier_without_system"),
        (
            "12",
            "https://identifiant-medicosocial-localusager.esante.gouv.fr",
            "identifier_malformed",
        ),
    ],
)
def test_identifiers(value: str, system: str, code: str) -> None:
    record = full_record()
    record.person.identifiers = [BusinessIdentifier(value=value, system=system)]
    assert code in found(record)


def test_a_nir_of_health_insurance_is_at_its_place() -> None:
    record = full_record()
    record.person.identifiers.append(BusinessIdentifier(value=NIR, system=f"{INS}.13"))
    assert new_faults(record) == set()


def test_several_official_ins() -> None:
    record = full_record()
    ins = record.person.identifiers[0]
    record.person.identifiers.append(replace(ins, use="old"))
    assert new_faults(record) == set()
    record.person.identifiers.append(replace(ins, value=OTHER_NIR))
    assert new_faults(record) == {"multiple_official_ins"}
    record.person.identifiers = [replace(one, use="") for one in record.person.identifiers]
    assert new_faults(record) == {"multiple_official_ins"}


@pytest.mark.parametrize(
    ("number", "codes"),
    [
        ("1990000010", set()),
        ("990000010", set()),
        ("1990000018", {"finess_key_wrong"}),
        ("373282932000074", set()),
        ("373282932000075", {"siret_key_wrong"}),
        ("73282932000075", {"siret_key_wrong"}),
        ("interne-12", set()),
    ],
)
def test_structures(number: str, codes: set[str]) -> None:
    record = full_record()
    record.structures[0].number = number
    assert new_faults(record) == codes


@pytest.mark.parametrize(
    ("number", "codes"),
    [
        ("10000000017", set()),
        ("810000000017", set()),
        ("10103441234", {"rpps_key_wrong"}),
        ("810103441234", {"rpps_key_wrong"}),
        ("059999999", set()),
    ],
)
def test_professionals(number: str, codes: set[str]) -> None:
    record = full_record()
    record.professionals[0].number = number
    assert new_faults(record) == codes


def test_dates_of_stays_and_events() -> None:
    record = full_record()
    [stay], [event] = record.stays, record.events
    stay.exited_on = date(2025, 12, 31)
    event.ends_at = MORNING - timedelta(hours=1)
    record.person.birth_on = date(2026, 2, 1)
    assert new_faults(record) >= {
        "exit_before_entry",
        "end_before_start",
        "event_outside_stay",
        "birth_after_entry",
    }
    stay.entered_on = None
    assert "entry_date_missing" in found(record)


def test_a_birth_and_an_event_on_the_very_days_of_a_stay() -> None:
    record = full_record()
    [stay], [event] = record.stays, record.events
    stay.entered_on = stay.exited_on = record.person.birth_on = event.starts_at.date()
    assert not found(record) & {"exit_before_entry", "event_outside_stay", "birth_after_entry"}


def test_a_file_that_is_not_what_it_claims() -> None:
    record = full_record()
    record.documents[0].content = b"MZ"
    assert new_faults(record) == {"attachment_type_mismatch"}


def test_dates_at_the_ends_of_time_are_compared() -> None:
    record = full_record()
    record.events[0].starts_at = datetime.min.replace(tzinfo=MORNING.tzinfo)
    assert "event_outside_stay" in found(record)


def test_each_fault_tells_where_its_object_was_read() -> None:
    record = full_record()
    record.structures[0].path, record.structures[0].number = "Bundle.entry[1]", "1990000018"
    fault = next(each for each in check(record) if each.code == "finess_key_wrong")
    assert (fault.path, fault.value) == ("Bundle.entry[1]", "1990000018")
