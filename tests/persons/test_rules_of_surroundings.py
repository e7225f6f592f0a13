"""Numbers that are dialled, and keys of national numbers."""

import pytest

from virage.persons.models import Contact, PersonTelecom
from virage.persons.rules.surroundings import dialled, faults_of_key


@pytest.mark.parametrize(
    ("written", "number"),
    [
        ("01 99 00 12 34", "0199001234"),
        ("01.99.00.12.34", "0199001234"),
        ("+33 (0)1 99 00 12 34", "+33199001234"),
        ("0032 2 555 12 34", "003225551234"),
        ("15", "15"),
        ("112", "112"),
        ("39 19", "3919"),
        ("116 117", "116117"),
        ("12", ""),
        ("abc", ""),
        ("01 99 00 12 3", ""),
        ("01 99 00 12 34 poste 5", ""),
        ("", ""),
    ],
)
def test_what_can_be_dialled(written: str, number: str) -> None:
    assert dialled(written) == number


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("0199001234", "01 99 00 12 34".replace(" ", "\u00a0")),
        ("01.99.00.12.34", "01.99.00.12.34"),
        ("+33199001234", "+33199001234"),
        ("3919", "3919"),
    ],
)
def test_ten_figures_are_read_by_two(written: str, read: str) -> None:
    assert Contact(telecoms=[{"system": "phone", "value": written}]).means[0][0] == read
    assert PersonTelecom(system="phone", value=written).shown == read


def test_only_what_can_be_dialled_is_a_link() -> None:
    values = [("phone", "01 99 00 12 34"), ("phone", "le soir"), ("email", "roux@exemple.invalid")]
    contact = Contact(telecoms=[{"system": one, "value": value} for one, value in values])
    assert [number for _, number in contact.means] == ["0199001234", "", ""]


@pytest.mark.parametrize(
    ("number", "is_wrong"),
    [
        ("2 69 05 49 588 157 80", False),
        ("269054958815799", True),
        ("2690549588157", False),
        ("18001 2A 001234 22", False),
        ("18001 2A 001234 23", True),
        ("MGEN-123456789012", False),
    ],
)
def test_the_key_of_a_national_number(number: str, is_wrong: bool) -> None:
    assert bool(faults_of_key("value", number)) == is_wrong
