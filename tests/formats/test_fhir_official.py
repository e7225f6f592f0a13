"""The official FHIR Bundle: everything that has a place is in it, the rest is listed."""

from datetime import date, datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest

from tests.formats.fhir_samples import codes
from tests.formats.full_record import CISIS
from tests.formats.official import FHIR_BUNDLE, needs_official_files
from virage.formats.tddui.reading import read
from virage.formats.tddui.record import Reading
from virage.foundation.coded import Coded

pytestmark = needs_official_files
PARIS = ZoneInfo("Europe/Paris")


@pytest.fixture(scope="module")
def reading() -> Reading:
    return read(FHIR_BUNDLE.read_bytes())


def test_it_says_what_it_is(reading: Reading) -> None:
    assert (reading.source_format, reading.version) == ("tddui-fhir", "")


def test_the_usager(reading: Reading) -> None:
    person = reading.record.person
    assert person.key == "3480787529/194704032"
    assert (person.birth_family_name, person.first_birth_given_name) == ("DUPONT", "Jean")
    assert person.birth_given_names == "Jean Stéphane Patrick"
    assert (person.used_family_name, person.used_given_name) == ("DUPONT", "")
    assert (person.sex, person.birth_on, person.birth_order) == ("male", date(1947, 4, 3), None)
    assert (person.birth_place_code, person.birth_place_name) == ("63220", "Mazoires")
    assert (person.claimed_status, person.household_situation.display) == ("VALI", "Seul")
    ins, local, licence = person.identifiers
    assert (ins.value, ins.system) == ("147720425367411", "urn:oid:1.2.250.1.213.1.4.8")
    assert (local.value, local.type.code) == ("3480787529/194704032", "PI")
    assert (licence.value, licence.starts_on) == ("822146819", date(1980, 1, 1))
    [address] = person.addresses
    assert (address.house_number, address.street, address.lines) == ("12", "rue des Lilas", [])


def test_the_structure_and_the_professional(reading: Reading) -> None:
    [structure] = reading.record.structures
    assert (structure.key, structure.name) == ("1480787529", "Les Chênes Verts")
    [professional] = reading.record.professionals
    assert (professional.number, professional.given_name) == ("10103441234", "Claire")
    assert [each.code for each in professional.qualifications] == ["DE09", "60"]
    assert (professional.profession.code, professional.function.code) == ("G15_60", "330")
    assert (professional.exercise_mode.code, professional.structure) == ("S", structure.key)


def test_the_stay(reading: Reading) -> None:
    [stay] = reading.record.stays
    assert stay.key == "3480787529/147720425367411-SEJOUR-1012"
    assert (stay.file_number, stay.status, stay.class_code) == ("1012", "in-progress", "HH")
    assert (stay.admitted_on, stay.entered_on) == (date(2023, 4, 11), date(2023, 4, 14))
    assert (stay.planned_exit_on, stay.exited_on) == (date(2023, 5, 5), None)
    assert stay.entry_mode == Coded(CISIS, "GEN-092.06.07", "Autre modalité d'entrée")
    assert stay.entry_label.startswith("Date de début du suivi")
    assert (stay.structure, stay.origin) == (
        "1480787529",
        "Organization/tddui-organization-origine-example",
    )


def test_the_event(reading: Reading) -> None:
    [event] = reading.record.events
    assert event.starts_at == datetime(2023, 4, 14, 10, 30, tzinfo=PARIS)
    assert event.ends_at == datetime(2023, 4, 14, 11, 15, tzinfo=PARIS)
    assert event.types == [
        Coded(CISIS, "MED-1298", "Intervention d'un infirmer salarié"),
        Coded(text="Intervention"),
    ]
    assert (event.status, event.label) == ("finished", "Visite à domicile pour soins infirmier.")
    assert event.comments[0].startswith("Cet évènement a débuté plus tard")
    assert event.report.startswith("Observations cliniques")
    assert (event.was_confirmed_by_person, event.was_person_present) == (True, None)
    assert [(used.type.code, used.detail.code) for used in event.used_resources] == [
        ("ORG-206", "ORG-208")
    ]
    assert event.professionals == ["10103441234"]
    assert event.stay == "3480787529/147720425367411-SEJOUR-1012"


def test_the_journeys(reading: Reading) -> None:
    professional, usager = reading.record.events[0].transports
    assert (professional.traveller, professional.professional) == ("professional", "10103441234")
    assert professional.motorisation.code == "GEN-355"
    assert (professional.planned_cost, professional.distance_km) == (Decimal(2), Decimal(4))
    assert professional.planned_minutes == Decimal(10)
    assert (usager.traveller, usager.mode.display) == ("usager", "Taxi")
    assert (usager.is_accompanied, usager.is_aseptic, usager.nature.code) == (True, False, "3.2.4")


def test_what_has_no_place(reading: Reading) -> None:
    [leftover] = reading.record.leftovers
    assert (leftover.kind, leftover.title) == ("fhir-element", "Évènement : location[0]")
    assert "Location/tddui-event-location-example" in leftover.content
    assert leftover.owner == reading.record.events[0].key


def test_its_faults(reading: Reading) -> None:
    assert codes(reading) == [
        *["request_url_is_profile"] * 8,
        *["reference_outside_bundle"] * 2,
        "nir_key_wrong",
        *["name_not_strict"] * 2,
        "status_claimed_qualified",
        "finess_key_wrong",
        "rpps_key_wrong",
        *["nir_in_business_identifier"] * 4,
    ]
    first = reading.findings[0]
    assert (first.path, first.value) == ("Bundle.entry[0].request.url", "TDDUIPatientINS")
