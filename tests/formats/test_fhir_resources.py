"""The official resources published alone, each in a Bundle with the official usager."""

import json
from functools import cache
from typing import Any

import pytest

from tests.formats.fhir_samples import bundle, codes, patient, read_json
from tests.formats.official import FHIR_BUNDLE, needs_official_files
from virage.formats.tddui.record import Reading

pytestmark = needs_official_files
FOLDER = FHIR_BUNDLE.parent


@cache
def official(name: str) -> dict[str, Any]:
    return json.loads((FOLDER / f"{name}-example.json").read_text())


def beside_the_usager(*names: str) -> Reading:
    """Read these resources beside an invented usager under the official address."""
    usager = patient(id="tddui-patient-ins-example")
    return read_json(bundle(usager, *(official(name) for name in names)))


def test_a_contact() -> None:
    reading = beside_the_usager("RelatedPerson-tddui-related-person-contact")
    [contact] = reading.record.contacts
    assert contact.identifier is not None
    assert contact.key == contact.identifier.value == "3480787529/123456789-PPAttente-1234-enfant"
    assert (contact.role.display, contact.relation.display) == ("Responsable légal", "Père")
    assert contact.protection_role.code == ""
    assert codes(reading).count("identifier_without_system") == 1
    assert reading.record.leftovers == []


def test_aggir() -> None:
    name = "QuestionnaireResponse-tddui-questionnaire-response-aggir-pa"
    [evaluation] = beside_the_usager(name).record.evaluations
    assert evaluation.questionnaire.endswith("tddui-questionnaire-aggir-pa-ssiad")
    assert str(evaluation.authored_on) == "2023-04-06"
    [result] = evaluation.answers
    assert (result.value.code, result.value_kind) == ("MED-340", "Coding")
    thought = result.children[0]
    assert (thought.text, thought.value.code) == ("Fonctions de la pensée", "qf0")
    assert [(line.text, line.value) for line in thought.children] == [
        ("fait spontanément", True),
        ("fait totalement", True),
        ("fait correctement", True),
        ("fait habituellement", True),
    ]


def test_serafin() -> None:
    name = "QuestionnaireResponse-tddui-questionnaire-response-serafin-precision"
    [evaluation] = beside_the_usager(name).record.evaluations
    assert [(line.link_id, line.value, line.value_kind) for line in evaluation.answers][:2] == [
        ("besoin-loco-mot", 31, "integer"),
        ("besoin-entretien-personnel", 31, "integer"),
    ]
    assert evaluation.comment.startswith("Cette évaluation fait suite")


def test_ssiad_situation() -> None:
    name = "QuestionnaireResponse-tddui-questionnaire-response-situation-ssiad"
    reading = beside_the_usager(name)
    [evaluation] = reading.record.evaluations
    assert [line.value for line in evaluation.answers] == [False] * 3 + [True] + [False] * 3
    assert evaluation.source == "Practitioner/tddui-practitioner-example"
    assert codes(reading).count("reference_outside_bundle") == 2


def test_a_place_becomes_part_of_its_event() -> None:
    event = next(
        entry["resource"]
        for entry in json.loads(FHIR_BUNDLE.read_text())["entry"]
        if entry["resource"]["id"] == "tddui-encounter-evenement-example"
    )
    usager = patient(id="tddui-patient-ins-example")
    place = official("Location-tddui-event-location")
    [read] = read_json(bundle(usager, event, place)).record.events
    assert read.place is not None
    assert (read.place.lines, read.place.city) == (["12 rue des Lilas"], "Vittefleur")


def test_a_professional() -> None:
    name = "Practitioner-tddui-pp-pa-practitioner-ide"
    [professional] = beside_the_usager(name).record.professionals
    assert (professional.family_name, professional.given_name) == ("Bernard", "Élodie")


def test_a_usager_without_ins_nor_birth_date() -> None:
    reading = read_json(bundle(official("Patient-tddui-patient")))
    person = reading.record.person
    assert (person.birth_on, person.birth_order, person.claimed_status) == (None, 2, "")
    assert {"birth_date_missing", "identity_status_missing"} <= set(codes(reading))
    assert reading.record.leftovers == []


KEPT = {
    "CarePlan-tddui-pp-pa-careplan": "Projet personnalisé : Projet personnalisé de Mme Jeanne L.",
    "Consent-tddui-pp-pa-consent-accord": "Accord",
    "Goal-tddui-pp-pa-goal-attente-usager": "Attente ou objectif : - Garder la main",
    "Goal-tddui-pp-pa-goal-objectif-1": "Attente ou objectif : Réduire le risque de chute",
    "ServiceRequest-tddui-pp-pa-servicerequest-besoin-1": "Besoin : Besoin d'aide",
    "Task-tddui-pp-pa-task-action-1-ide": "Action : Atelier éducation risque de chute",
    "Task-tddui-pp-pa-task-moyen-ressource-ide-1": "Action : Temps de coordination",
    "Observation-tddui-observation-mobilite-usager": "Observation : Transport mode",
    "Observation-tddui-observation-periodescolaire": "Observation : Période scolaire",
}


@pytest.mark.parametrize(("name", "title"), KEPT.items(), ids=KEPT)
def test_what_has_no_field_is_kept_whole(name: str, title: str) -> None:
    reading = beside_the_usager(name)
    [leftover] = reading.record.leftovers
    assert leftover.kind == "fhir-resource"
    assert leftover.title.startswith(title)
    assert leftover.profile in json.dumps(official(name)["meta"])
    assert json.loads(leftover.content).keys() == official(name).keys()
    assert "unknown_resource" in codes(reading)


def test_references_between_kept_resources_are_keys() -> None:
    reading = beside_the_usager("CarePlan-tddui-pp-pa-careplan", "Goal-tddui-pp-pa-goal-objectif-1")
    plan, goal = reading.record.leftovers
    assert plan.key == "3480787529/123456789-PPER-1234"
    assert f'"valueReference":{{"reference":"{plan.key}"}}' in goal.content
