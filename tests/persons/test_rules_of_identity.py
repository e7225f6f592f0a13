"""Ages, INS against traits, stays against dates."""

from datetime import UTC, date, datetime
from typing import Any

import pytest

from tests.persons.admissions import traits
from virage.persons.enums import InsOid, InsStatus, ProtectionKind, StayStatus
from virage.persons.models import Person
from virage.persons.rules.identity import (
    age_label,
    completed,
    contradictions,
    faults_of_ins,
    faults_of_traits,
    status_after_unlock,
)
from virage.persons.rules.stays import StayDates, faults_of_dates, origin_label, status_of
from virage.persons.rules.surroundings import (
    faults_of_number,
    faults_of_protection,
    missing_guardian,
)

TODAY = date(2026, 11, 23)


@pytest.mark.parametrize(
    ("birth_on", "age"),
    [
        (date(1941, 3, 12), "85 ans"),
        (date(1941, 11, 24), "84 ans"),
        (date(2025, 11, 23), "12 mois"),
        (date(2024, 11, 24), "23 mois"),
        (date(2024, 11, 23), "2 ans"),
        (date(2026, 11, 22), "1 jour"),
        (date(2026, 11, 24), ""),
        (None, ""),
    ],
)
def test_ages_are_worded(birth_on: date | None, age: str) -> None:
    assert age_label(birth_on, TODAY) == age


@pytest.mark.parametrize(
    ("origin", "said"),
    [
        ("Hôpital de Vaumarin", "Hôpital de Vaumarin"),
        ("CHU/Nantes", "CHU/Nantes"),
        ("Organization/tddui-organization-origine-example", "Structure non nommée"),
        ("urn:uuid:0f8b5a1e-0000-4000-8000-000000000000", "Structure non nommée"),
        ("", ""),
    ],
)
def test_an_origin_is_said_in_words(origin: str, said: str) -> None:
    assert origin_label(origin) == said


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"birth_on": TODAY}, None),
        ({"birth_on": date(2026, 11, 24)}, "birth_on"),
        ({"birth_on": date(1901, 11, 23)}, None),
        ({"birth_on": date(1900, 11, 23)}, "birth_on"),
        ({"died_at": datetime(1941, 3, 12, 23, tzinfo=UTC)}, None),
        ({"died_at": datetime(1941, 3, 11, 12, tzinfo=UTC)}, "died_at"),
    ],
)
def test_a_life_lasts_from_no_day_at_all_to_125_years(
    changes: dict[str, Any], field: str | None
) -> None:
    who = completed(traits(**changes))
    assert list(faults_of_traits(who, TODAY)) == ([field] if field else [])


@pytest.mark.parametrize(
    ("value", "oid", "field"),
    [
        ("269054958815780", InsOid.TEST, None),
        ("269054958815799", InsOid.TEST, "ins_value"),
        ("2690549588157", InsOid.TEST, "ins_value"),
        ("269054958815780", "", "ins_oid"),
        ("", "", None),
    ],
)
def test_an_ins_typed_has_its_length_key_and_register(
    value: str, oid: str, field: str | None
) -> None:
    faults = faults_of_ins(value, oid, "female", date(1969, 5, 2))
    assert list(faults) == ([field] if field else [])


@pytest.mark.parametrize(
    ("value", "sex", "birth_on", "counts"),
    [
        ("269054958815780", "female", date(1969, 5, 2), {}),
        ("269054958815780", "unknown", None, {}),
        ("269054958815780", "male", date(1969, 5, 2), {"sex": 1}),
        ("269054958815780", "female", date(1970, 5, 2), {"birth_on": 1}),
        ("269054958815780", "male", date(1970, 6, 2), {"sex": 1, "birth_on": 2}),
        # A fictive month, and a number in the course of registration: neither says anything.
        ("269314958815780", "female", date(1969, 5, 2), {}),
        ("769054958815780", "female", date(1969, 5, 2), {}),
    ],
)
def test_where_an_ins_and_the_traits_disagree(
    value: str, sex: str, birth_on: date | None, counts: dict[str, int]
) -> None:
    said = contradictions(value, sex, birth_on)
    assert {trait: len(messages) for trait, messages in said.items()} == counts


def test_a_birth_to_come_is_told_once_not_by_the_stay_too() -> None:
    entry = StayDates(entered_on=date(2026, 1, 5))
    assert faults_of_dates(entry, date(2026, 12, 1), TODAY) == {}
    assert faults_of_dates(entry, TODAY, TODAY) != {}


@pytest.mark.parametrize("status", InsStatus)
def test_unlocking_loses_what_the_check_gave(status: InsStatus) -> None:
    kept = status if status in (InsStatus.PROVISIONAL, InsStatus.VALIDATED) else "provisoire"
    assert status_after_unlock(status) == kept


@pytest.mark.parametrize(
    ("dates", "field"),
    [
        ({"entered_on": date(2026, 1, 5)}, None),
        ({"planned_entry_on": date(2027, 1, 5)}, None),
        ({}, "entered_on"),
        ({"entered_on": date(2026, 11, 24)}, "entered_on"),
        ({"entered_on": date(1941, 3, 12)}, None),
        ({"entered_on": date(1941, 3, 11)}, "entered_on"),
        ({"planned_entry_on": date(1941, 3, 11)}, "planned_entry_on"),
        ({"entered_on": date(2026, 1, 5), "exited_on": date(2026, 1, 5)}, None),
        ({"entered_on": date(2026, 1, 5), "exited_on": date(2026, 1, 4)}, "exited_on"),
        ({"entered_on": date(2026, 1, 5), "exited_on": date(2026, 12, 1)}, "exited_on"),
        ({"planned_entry_on": date(2026, 1, 5), "exited_on": date(2026, 2, 1)}, "exited_on"),
        ({"entered_on": date(2026, 1, 5), "planned_exit_on": date(2026, 1, 5)}, None),
        ({"entered_on": date(2026, 1, 5), "planned_exit_on": date(2026, 1, 4)}, "planned_exit_on"),
        ({"entered_on": date(2026, 1, 5), "admitted_on": date(2026, 12, 1)}, "admitted_on"),
    ],
)
def test_dates_of_a_stay_hold_together(dates: dict[str, Any], field: str | None) -> None:
    faults = faults_of_dates(StayDates(**dates), date(1941, 3, 12), TODAY)
    assert list(faults) == ([field] if field else [])


def test_the_dates_give_the_state() -> None:
    assert status_of(StayDates(planned_entry_on=TODAY)) == StayStatus.PLANNED
    assert status_of(StayDates(entered_on=TODAY)) == StayStatus.IN_PROGRESS
    assert status_of(StayDates(entered_on=TODAY, exited_on=TODAY)) == StayStatus.FINISHED


def test_a_national_number_does_not_hide_under_another_nature() -> None:
    assert faults_of_number(kind="PI", value="2 69 05 49 588 157 80".replace(" ", ""))
    assert not faults_of_number(kind="NH", value="269054958815780")
    assert not faults_of_number(kind="PI", value="D-2041")


def test_a_tutelle_or_a_curatelle_names_its_holder() -> None:
    dates = {"judged_on": None, "ends_on": None, "today": TODAY}
    needing = {
        kind
        for kind in ProtectionKind.values
        if faults_of_protection(kind=kind, has_holder=False, protects_nothing=True, **dates)
    }
    assert needing == {"curatelle", "curatelle_renforcee", "tutelle"}


def test_a_minor_has_a_holder_of_parental_authority() -> None:
    born = date(2014, 4, 4)
    assert missing_guardian(born, frozenset({"NOK"}), TODAY)
    assert not missing_guardian(born, frozenset({"GUARD"}), TODAY)
    assert not missing_guardian(date(2008, 11, 23), frozenset(), TODAY)


def test_a_birth_place_without_a_name_says_that_it_is_a_code() -> None:
    assert Person(birth_place_code="63220").birth_place == "Code 63220"
    assert Person(birth_place_code="63220", birth_place_name="Lachaux").birth_place == (
        "Lachaux (63220)"
    )
    assert Person().birth_place == ""
