"""The keys of the national numbers, against published vectors and single typing errors."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from virage.foundation.national_numbers import (
    is_finess_valid,
    is_luhn_valid,
    is_nir_valid,
    is_rpps_valid,
    is_siren_valid,
    is_siret_valid,
    looks_like_nir,
    nir_key,
)

DIGITS = "0123456789"
months = st.sampled_from([f"{n:02d}" for n in [*range(1, 13), *range(20, 100)]])
departments = st.sampled_from(["2A", "2B", "01", "75", "99"])
nir_bodies = st.tuples(
    st.sampled_from("123478"),
    st.text(DIGITS, min_size=2, max_size=2),
    months,
    departments,
    st.text(DIGITS, min_size=6, max_size=6),
).map("".join)


@pytest.mark.parametrize(
    ("body", "key"),
    [
        ("2690549588157", "80"),
        ("1850578006084", "91"),
        ("180012A001234", "22"),
        ("180012B001234", "49"),
    ],
)
def test_nir_key_of_known_numbers(body: str, key: str) -> None:
    assert nir_key(body) == key
    assert is_nir_valid(body + key)


@pytest.mark.parametrize(
    "number",
    ["", "269054958815", "2690549588157", "269054958815781", "569054958815780", "269134958815780"],
    ids=["empty", "12 digits", "no key", "wrong key", "first digit", "month 13"],
)
def test_nir_refused(number: str) -> None:
    assert not is_nir_valid(number)


def test_nir_key_refuses_what_is_not_a_nir() -> None:
    with pytest.raises(ValueError, match="13 characters"):
        nir_key("26905")


@given(nir_bodies, st.integers(0, 12), st.sampled_from(DIGITS))
def test_nir_key_sees_every_single_wrong_digit(body: str, place: int, digit: str) -> None:
    number = body + nir_key(body)
    assert is_nir_valid(number)
    altered = number[:place] + digit + number[place + 1 :]
    assert altered == number or not is_nir_valid(altered)


@given(nir_bodies)
def test_a_nir_is_seen_inside_a_business_identifier(body: str) -> None:
    assert looks_like_nir(f"3480787529/{body}-SEJOUR-1012")
    assert looks_like_nir(f"3480787529/{(body + nir_key(body)).lower()}-SEJOUR-1012")


@pytest.mark.parametrize("text", ["3480787529/194704032", "", "SEJOUR-21564655", "1" * 20])
def test_ordinary_identifiers_hold_no_nir(text: str) -> None:
    assert not looks_like_nir(text)


@pytest.mark.parametrize("number", ["010000024", "990000010", "2A0000123", "9A0000001"])
def test_finess_accepted(number: str) -> None:
    assert is_finess_valid(number)


@pytest.mark.parametrize("number", ["480787529", "01000002", "0100000240", "2C0000123", ""])
def test_finess_refused(number: str) -> None:
    assert not is_finess_valid(number)


def test_siren_and_siret() -> None:
    assert is_siren_valid("732829320")
    assert not is_siren_valid("732829321")
    assert is_siret_valid("73282932000074")
    assert not is_siret_valid("73282932000075")
    assert not is_siret_valid("732829320")
    assert not is_siret_valid("99000001100009"), "the SIREN it begins with has a wrong key"


def test_la_poste_has_its_own_rule() -> None:
    assert is_siret_valid("35600000000048")
    assert is_siret_valid("35600000049837")
    assert not is_siret_valid("35600000049838")


@pytest.mark.parametrize(
    ("number", "is_valid"),
    [("10001234568", False), ("10000000017", True), ("10103441234", False), ("1000000001", False)],
)
def test_rpps(number: str, is_valid: bool) -> None:
    assert is_rpps_valid(number) is is_valid


@given(st.text(DIGITS, min_size=2, max_size=20), st.integers(0, 19), st.integers(1, 9))
def test_luhn_sees_every_single_wrong_digit(digits: str, place: int, shift: int) -> None:
    sound = next(digits + key for key in DIGITS if is_luhn_valid(digits + key))
    place %= len(sound)
    altered = sound[:place] + str((int(sound[place]) + shift) % 10) + sound[place + 1 :]
    assert not is_luhn_valid(altered)


@given(st.text())
def test_any_text_gets_an_answer(text: str) -> None:
    for rule in (is_nir_valid, is_finess_valid, is_siren_valid, is_siret_valid, is_rpps_valid):
        assert rule(text) in (True, False)
    assert looks_like_nir(text) in (True, False)
