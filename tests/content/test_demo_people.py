"""The demo's people: right keys on invented numbers, codes of the record, every profession."""

import re

from virage.demo import people
from virage.directory.enums import EstablishmentKind, UsagerWord
from virage.foundation.access.enums import Reach
from virage.foundation.access.matrix import matrix_file
from virage.foundation.content import nomenclature
from virage.persons.enums import ProtectionKind, ReceptionMode

PLANS = people.structures().establishments


def _luhn_holds(number: str) -> bool:
    """Luhn's formula, which closes FINESS, SIREN, SIRET and RPPS numbers."""
    digits = [int(digit) for digit in reversed(number)]
    doubled = [digit if rank % 2 == 0 else digit * 2 for rank, digit in enumerate(digits)]
    return sum(digit - 9 if digit > 9 else digit for digit in doubled) % 10 == 0


def test_numbers_have_a_right_key() -> None:
    siren = people.structures().operator.siren
    assert re.fullmatch(r"\d{9}", siren)
    assert _luhn_holds(siren)
    for plan in PLANS:
        assert re.fullmatch(r"99\d{7}", plan.finess), "department 99, which does not exist"
        assert _luhn_holds(plan.finess)
        assert re.fullmatch(siren + r"\d{5}", plan.siret)
        assert _luhn_holds(plan.siret)
    numbers = [member.rpps for member in people.staff() if member.rpps]
    assert len(numbers) == len(set(numbers)) > 0
    assert all(re.fullmatch(r"\d{11}", number) and _luhn_holds(number) for number in numbers)


def test_structures_speak_the_codes_of_the_directory() -> None:
    assert len({plan.finess for plan in PLANS}) == len(PLANS)
    names = [unit.name for plan in PLANS for unit in plan.units]
    assert len(names) == len(set(names))
    profiles = {profile.key for profile in people.people().profiles}
    for plan in PLANS:
        assert plan.kind in EstablishmentKind
        assert plan.usager_word in UsagerWord
        for unit in plan.units:
            assert unit.profile in profiles
            assert sum(unit.reception_modes.values()) == unit.usagers
            assert set(unit.reception_modes) <= set(ReceptionMode)
            assert not unit.rooms or len(unit.rooms) >= unit.usagers


def test_hundred_and_twenty_usagers() -> None:
    assert sum(unit.usagers for plan in PLANS for unit in plan.units) == 120


def test_staff_covers_every_profession() -> None:
    situations = [situation for member in people.staff() for situation in member.situations]
    assert {situation.profession for situation in situations} == set(matrix_file().professions) - {
        "system"
    }
    units = {plan.key: {unit.name for unit in plan.units} for plan in PLANS}
    for situation in situations:
        assert situation.reach in Reach
        assert set(situation.units) <= units.get(situation.establishment, set())
        assert (situation.reach == Reach.UNITS) == bool(situation.units)
        assert situation.establishment in units or situation.reach in (
            Reach.OPERATOR,
            Reach.NOBODY,
        )


def test_every_unit_has_a_team() -> None:
    for plan in PLANS:
        for unit in plan.units:
            assert any(
                situation.establishment == plan.key
                and situation.profession in ("care_assistant", "educator")
                and (not situation.units or unit.name in situation.units)
                for member in people.staff()
                for situation in member.situations
            ), unit.name


def test_staff_addresses_are_distinct_and_lead_nowhere() -> None:
    emails = [member.email for member in people.staff()]
    assert len(emails) == len(set(emails)) >= 30
    assert all(re.fullmatch(r"[a-z-]+\.[a-z-]+@demo\.virage\.example", each) for each in emails)
    civility = nomenclature.get("civility")
    assert all(civility.has(member.name.civility) for member in people.staff())


def test_profiles_speak_the_codes_of_the_record() -> None:
    generations = people.names().generations
    for profile in people.people().profiles:
        assert generations[0].born_from <= profile.born_from < profile.born_to
        assert profile.born_to <= generations[-1].born_to
        assert 0 < profile.ins_percent < 100
        assert all(nomenclature.get("household_situation").has(c) for c in profile.household)
        assert all(nomenclature.get("stay_entry_mode").has(code) for code in profile.entry_mode)
        for contact in profile.contacts:
            assert all(nomenclature.get("relation").has(code) for code in contact.relation)
            assert nomenclature.get("contact_role").has(contact.role)
        assert all(each.kind in ProtectionKind for each in profile.protections)
        assert sum(each.percent for each in profile.protections) <= 100


def test_generations_follow_one_another() -> None:
    generations = people.names().generations
    for former, later in zip(generations, generations[1:], strict=False):
        assert later.born_from == former.born_to + 1
    assert all(len(each.female) >= 15 and len(each.male) >= 15 for each in generations)


def test_stock_has_no_double() -> None:
    names = people.names()
    assert len(set(names.family_names)) == len(names.family_names) >= 120
    assert all(re.fullmatch(r"998\d\d", town.code) for town in names.towns)
    assert all(re.fullmatch(r"99\d{3}", country.code) for country in names.countries)


def test_remarkable_persons_fit_their_unit() -> None:
    units = {unit.name for plan in PLANS for unit in plan.units}
    for person in people.people().remarkable:
        assert person.unit in units
        assert set(person.attributes) <= {"douteuse", "fictive", "homonyme"}
        assert re.fullmatch(r"[A-Z' -]+", person.birth_family_name)
    surnames = [person.birth_family_name for person in people.people().remarkable]
    assert len(surnames) > len(set(surnames)), "two persons with a like name"
