"""The official CDA 1.0.1 document: everything that has a place is in it, the rest is listed."""

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest

from tests.formats.cda_samples import read
from tests.formats.official import CDA_DOCUMENT, needs_official_files
from virage.formats.tddui.record import Reading
from virage.foundation.coded import Coded

pytestmark = needs_official_files
CISIS = "https://smt.esante.gouv.fr/fhir/CodeSystem/terminologie-cisis"


@pytest.fixture(scope="module")
def reading() -> Reading:
    return read(CDA_DOCUMENT.read_bytes())


def test_it_says_what_it_is(reading: Reading) -> None:
    assert (reading.source_format, reading.version) == ("tddui-cda", "1.1.0-ballot")
    assert reading.record.made_at == datetime(2023, 4, 14, 9, 15, tzinfo=UTC)
    assert reading.record.sender_structure == "1480787529"


def test_the_usager(reading: Reading) -> None:
    person = reading.record.person
    assert person.birth_family_name == person.used_family_name == "DUPONT"
    assert person.birth_given_names == "Jean Stéphane Patrick"
    assert person.first_birth_given_name == person.used_given_name == "Jean"
    assert (person.sex, person.birth_on, person.birth_order) == ("male", date(1947, 4, 3), 2)
    assert (person.birth_place_code, person.birth_place_state) == ("63220", "Puy-De-Dôme")
    assert [(each.value, each.type.code, each.use) for each in person.identifiers] == [
        ("147720425367411", "INS-NIR", "official")
    ]
    assert (person.addresses[0].house_number, person.addresses[0].city) == ("12", "Vittefleur")


def test_one_structure_under_three_names(reading: Reading) -> None:
    [structure] = reading.record.structures
    assert (structure.number, structure.name) == ("1480787529", "SSIAD Les Chênes Verts")
    assert structure.kind.code == "354"


def test_one_professional_met_four_times(reading: Reading) -> None:
    [professional] = reading.record.professionals
    assert professional.number == "10103441234"
    assert (professional.civility, professional.given_name) == ("MME", "Claire")
    assert (professional.profession.code, professional.function.code) == ("G15_60", "330")
    assert professional.structure == "1480787529"


def test_the_stay(reading: Reading) -> None:
    [stay] = reading.record.stays
    assert stay.identifier is not None
    assert stay.identifier.value == "3480787529/147720425367411-SEJOUR-1012"
    assert (stay.file_number, stay.status) == ("1012", "in-progress")
    assert (stay.admitted_on, stay.entered_on) == (date(2023, 4, 11), date(2023, 4, 14))
    assert (stay.planned_exit_on, stay.exited_on) == (date(2023, 5, 5), None)
    assert stay.entry_label == "Date de début du suivi post-opératoire : 14 avril 2023"
    assert stay.exit_label == "Sortie prévisionnelle prévue pour le 5 mai 2023"
    assert not stay.entry_mode


def test_the_event(reading: Reading) -> None:
    [event] = reading.record.events
    assert (event.status, [each.code for each in event.types]) == ("finished", ["MED-1298"])
    assert event.label == "Visite à domicile pour soins infirmiers"
    assert event.reason.startswith("Suivi post-opératoire")
    assert event.report.startswith("Observations cliniques")
    assert len(event.comments) == 1
    assert event.comments[0].startswith("Cet évènement a débuté plus tard")
    assert event.starts_at == datetime(2023, 4, 14, 8, 30, tzinfo=UTC)
    assert event.updated_at == event.ends_at == datetime(2023, 4, 14, 9, 15, tzinfo=UTC)
    assert event.place is not None
    assert event.place.street == "rue des Lilas"
    assert event.stay == reading.record.stays[0].key
    assert event.professionals == [reading.record.professionals[0].key]
    [used] = event.used_resources
    assert used.type == Coded(
        "http://snomed.info/sct", "261324000", "Véhicule", text="Véhicule de la structure"
    )


def test_its_journey(reading: Reading) -> None:
    [journey] = reading.record.events[0].transports
    assert (journey.traveller, journey.professional) == ("professional", "10103441234")
    assert (journey.mode.system, journey.mode.code) == (CISIS, "ORG-202")
    assert journey.motorisation.code == "GEN-355"
    assert (journey.distance_km, journey.planned_minutes) == (Decimal(4), Decimal(10))
    assert journey.actual_cost == journey.planned_cost == Decimal(2)


def test_the_evaluations(reading: Reading) -> None:
    aggir, situation = reading.record.evaluations
    assert (aggir.type.code, aggir.status, aggir.authored_on) == (
        "MED-1292",
        "completed",
        date(2023, 4, 6),
    )
    assert aggir.source == "10103441234"
    [result] = aggir.answers
    assert isinstance(result.value, Coded)
    assert result.value.code == "MED-340"
    assert [answer.link_id for answer in result.children][:3] == ["b160", "b114", "d510"]
    assert len(result.children) == 10
    washing = result.children[2]
    assert isinstance(washing.value, Coded)
    assert washing.value.code == "qf4"
    assert [answer.value for answer in washing.children] == [False] * 4
    assert [answer.value for answer in situation.answers] == [
        *(False, False, False),
        *(True, False, False, False),
    ]


def test_the_attached_file(reading: Reading) -> None:
    [attached] = reading.record.documents
    assert attached.title == "Grille d'évaluation SSIAD"
    assert attached.content_type == "application/pdf"
    assert attached.content.startswith(b"%PDF-1.5")
    assert attached.content.rstrip().endswith(b"%%EOF")
    assert attached.evaluation == reading.record.evaluations[0].key


def test_what_has_no_place_is_listed(reading: Reading) -> None:
    assert [leftover.title for leftover in reading.record.leftovers] == [
        "Auteur : Logiciel de Dossier Usager Informatisé",
        "Responsable du document : Logiciel de Dossier Usager Informatisé",
        "Acte documenté : Logiciel de Dossier Usager Informatisé",
        "Cadre du transfert : Autre établissement du domaine social ou médico-social",
        "Texte de la section « Séjour »",
        "Précision : Statut",
        "Texte de la section « Evènements »",
        "Précision : Statut",
        "Précision : Statut",
        "Précision : Document attaché",
        "Texte de la section « Evaluations »",
        "Élément : Type de document",
        "Registre des identifiants de l’expéditeur",
    ]
    assert all(leftover.kind == "cda-element" for leftover in reading.record.leftovers)


def test_keys_name_one_object_only(reading: Reading) -> None:
    record = reading.record
    objects = [
        *(record.person, *record.structures, *record.professionals, *record.stays),
        *(*record.events, *record.events[0].transports, *record.evaluations),
        *(*record.documents, *record.leftovers),
    ]
    assert len({each.key for each in objects}) == len(objects)


def test_its_faults(reading: Reading) -> None:
    faults = [(finding.code, finding.value) for finding in reading.findings]
    assert ("identifier_malformed", "480787529") in faults
    assert ("time_missing", "20230414") in faults
