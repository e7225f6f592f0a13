"""Every fault of a FHIR file: what is tolerated and said, and what refuses the whole file."""

import base64
import json
from typing import Any

import pytest

from tests.formats.fhir_samples import JSON, bundle, codes, encounter, patient, read_json
from virage.formats.fhir.names import NOS
from virage.formats.fhir.references import full_url
from virage.formats.outcome import Limits, Unreadable
from virage.formats.tddui.canonical import (
    ATTACHMENT,
    ENCOUNTER_IDENTIFIERS,
    PROFESSIONAL_TRANSPORT,
    STAY,
    TRANSPORT_INPUTS,
)
from virage.formats.tddui.reading import read
from virage.foundation.coded import Coded


def document(**attachment: Any) -> JSON:
    return {
        "resourceType": "DocumentReference",
        "id": "piece",
        "meta": {"profile": ["https://example.org/document"]},
        "status": "current",
        "subject": {"reference": "Patient/odette"},
        "content": [{"attachment": attachment}],
    }


def text_file(**parts: Any) -> JSON:
    data = base64.b64encode(b"bonjour").decode()
    return document(**({"title": "Note", "contentType": "text/plain", "data": data} | parts))


def request(**parts: Any) -> JSON:
    file = bundle(patient())
    file["entry"][0]["request"] |= parts
    return file


def project(of: str) -> list[JSON]:
    """A personalised project of someone, and an action that belongs to it."""
    subject = {"reference": f"Patient/{of}"}
    plan = {"resourceType": "CarePlan", "id": "projet", "subject": subject}
    based_on = [{"reference": "CarePlan/projet"}]
    return [plan, {"resourceType": "Task", "id": "action", "basedOn": based_on}]


TOLERATED: dict[str, JSON] = {
    "request_url_is_profile": request(url="TDDUIPatient"),
    "request_url_mismatch": request(url="Observation"),
    "profile_missing": bundle(patient(meta=None)),
    "wrong_profile_version": bundle(
        patient(
            meta={
                "profile": [
                    "https://interop.esante.gouv.fr/ig/fhir/tddui/StructureDefinition/tddui-patient|2.0.0"
                ]
            }
        )
    ),
    "reference_outside_bundle": bundle(patient(), encounter(partOf={"reference": "Encounter/no"})),
    "reference_missing": bundle(patient(), encounter(subject=None)),
    "careplan_of_other_person": bundle(patient(), *project(of="marcel")),
    "deprecated_system": bundle(
        patient(
            identifier=[
                {
                    "system": "https://identifiant-medicosocial-localusager.cnsa.fr",
                    "value": "3990000018/LOC42",
                }
            ]
        )
    ),
    "unknown_resource": bundle(patient(), {"resourceType": "Basic", "id": "autre"}),
    "birth_date_missing": bundle(patient(birthDate=None)),
    "birth_date_partial": bundle(patient(birthDate="1960-05")),
    "date_unreadable": bundle(patient(birthDate="1960-13-45")),
    "date_partial": bundle(
        patient(), encounter(meta={"profile": [STAY]}, period={"start": "2026"})
    ),
    "time_missing": bundle(patient(), encounter(period={"start": "2026-11-02"})),
    "gender_other": bundle(patient(gender="other")),
    "unknown_code": bundle(patient(gender="f")),
    "unsafe_file_name": bundle(patient(), text_file(title="../../etc/passwd")),
    "attachment_external": bundle(patient(), document(title="Loin", url="https://example.org/a")),
    "attachment_empty": bundle(patient(), document(title="Vide")),
    "attachment_hash_mismatch": bundle(patient(), text_file(hash="AAAA")),
    "attachment_type_mismatch": bundle(patient(), text_file(contentType="application/pdf")),
}


@pytest.mark.parametrize(("code", "file"), TOLERATED.items(), ids=TOLERATED)
def test_tolerated_and_said(code: str, file: JSON) -> None:
    reading = read_json(file)
    assert code in codes(reading)


@pytest.mark.parametrize(
    "code", ["date_unreadable", "date_partial", "time_missing", "gender_other"]
)
def test_the_value_as_received_is_kept(code: str) -> None:
    reading = read_json(TOLERATED[code])
    fault = next(finding for finding in reading.findings if finding.code == code)
    assert any(f'"{fault.value}"' in each.content for each in reading.record.leftovers)


def test_a_link_to_the_project_of_another_person_is_kept_and_told() -> None:
    reading = read_json(TOLERATED["careplan_of_other_person"])
    [fault] = [each for each in reading.findings if each.code == "careplan_of_other_person"]
    assert fault.path == "Bundle.entry[2].Task.basedOn[0].reference"
    assert [each.key for each in reading.record.leftovers] == ["CarePlan/projet", "Task/action"]


def test_a_link_to_her_own_project_is_no_fault() -> None:
    assert "careplan_of_other_person" not in codes(
        read_json(bundle(patient(), *project(of="odette")))
    )


def refused(file: JSON, limits: Limits | None = None) -> tuple[str, str]:
    with pytest.raises(Unreadable) as refusal:
        read(json.dumps(file).encode(), limits=limits)
    return refusal.value.findings[0].code, refusal.value.findings[0].path


def without(name: str) -> JSON:
    file = bundle(patient())
    del file["entry"][0][name]
    return file


REFUSED: dict[str, JSON] = {
    "not_a_transaction": bundle(patient()) | {"type": "collection"},
    "not_a_bundle": patient(),
    "no_person": bundle(encounter()),
    "several_persons": bundle(patient(), patient(id="marcel")),
    "duplicate_full_url": bundle(patient(), encounter(), encounter()),
    "method_not_post": request(method="PUT"),
    "missing_required": without("resource"),
    "resource_invalid": bundle(patient(birthDate=["1960-05-14"])),
    "bad_base64": bundle(patient(), text_file(data="&&&&")),
}


@pytest.mark.parametrize(("code", "file"), REFUSED.items(), ids=REFUSED)
def test_refused_whole(code: str, file: JSON) -> None:
    assert refused(file)[0] == code


def test_a_request_is_needed() -> None:
    assert refused(without("request")) == ("method_not_post", "Bundle.entry[0].request.method")


def test_the_limits() -> None:
    file = bundle(patient(), encounter(), text_file())
    assert refused(file, Limits(entries=2))[0] == "too_many_entries"
    assert refused(file, Limits(attachment_bytes=3))[0] == "attachment_too_large"
    assert refused(file, Limits(file_bytes=100))[0] == "too_large"
    assert refused(file, Limits(depth=3))[0] == "too_deep"


@pytest.mark.parametrize(
    "parts",
    [
        {"identifier": [{"value": "1"}] * 20_001},
        {"extension": [{"url": "a"}] * 20_001},
        {"address": [{"line": ["a"] * 20_001}]},
        {f"x{place}": place for place in range(20_001)},
    ],
    ids=["identifiers", "extensions", "lines", "unknown members"],
)
def test_what_no_record_has_so_many_of(parts: JSON) -> None:
    assert refused(bundle(patient(**parts)))[0] == "too_many_entries"


def test_faults_are_not_told_without_end() -> None:
    many = [{"reference": "Patient/absente"}] * 20_002
    kept = {"resourceType": "Basic", "id": "autre", "extension": many}
    assert refused(bundle(patient(), kept))[0] == "too_many_entries"
    assert refused(bundle(patient()), Limits(entries=1))[0] == "too_many_entries"


def test_a_reference_outside_is_kept_by_value() -> None:
    away = {"reference": "Organization/ailleurs"}
    [event] = read_json(bundle(patient(), encounter(serviceProvider=away))).record.events
    assert event.structure == "Organization/ailleurs"


@pytest.mark.parametrize(
    "reference", ["Patient/odette", "https://example.org/fhir/Patient/odette/_history/2"]
)
def test_references_however_they_are_written(reference: str) -> None:
    reading = read_json(bundle(patient(), encounter(subject={"reference": reference})))
    assert "reference_outside_bundle" not in codes(reading)


def test_who_set_the_status_of_an_event_took_no_part_in_it() -> None:
    types = (("PART", "ines"), ("AUT", "paul"))
    participants = [
        {
            "type": [{"coding": [{"code": role}]}],
            "individual": {"reference": f"Practitioner/{name}"},
        }
        for role, name in types
    ]
    people = [
        {"resourceType": "Practitioner", "id": name, "name": [{"family": name.title()}]}
        for _, name in types
    ]
    event = encounter(participant=participants)
    record = read_json(bundle(patient(), event, *people)).record
    assert record.events[0].professionals == ["Practitioner/ines"]
    assert [each.title for each in record.leftovers] == ["Évènement : participant[1]"]


def test_a_stay_is_not_called_by_the_number_of_its_paper_file() -> None:
    number_of_file = {"system": ENCOUNTER_IDENTIFIERS, "code": "NUMDOSS"}
    paper_file = {"type": {"coding": [number_of_file]}, "value": "2024-17"}
    own = {"system": "https://example.org/sejours", "value": "88"}
    stay = encounter(meta={"profile": [STAY]}, identifier=[paper_file, own])
    record = read_json(bundle(patient(), stay)).record
    assert (record.stays[0].key, record.stays[0].file_number) == ("88", "2024-17")


def test_a_role_without_its_professional_and_a_second_role_are_kept() -> None:
    practitioner = {"resourceType": "Practitioner", "id": "ines", "name": [{"family": "Vasseur"}]}
    roles = [
        {
            "resourceType": "PractitionerRole",
            "id": f"role-{number}",
            "practitioner": {"reference": f"Practitioner/{who}"},
            "code": [{"text": f"rôle {number}"}],
        }
        for number, who in enumerate(["ines", "ines", "absent"])
    ]
    record = read_json(bundle(patient(), practitioner, *roles)).record
    [professional] = record.professionals
    assert professional.function == Coded(text="rôle 0")
    assert [each.key for each in record.leftovers] == [
        "PractitionerRole/role-1",
        "PractitionerRole/role-2",
    ]
    assert f'{{"reference":"{professional.key}"}}' in record.leftovers[0].content


def journey(*inputs: tuple[str, JSON]) -> JSON:
    """A professional's journey to the event, with these inputs."""
    return {
        "resourceType": "Task",
        "id": "trajet",
        "meta": {"profile": [PROFESSIONAL_TRANSPORT]},
        "encounter": {"reference": "Encounter/sortie"},
        "input": [
            {"type": {"coding": [{"system": TRANSPORT_INPUTS, "code": code}]}, **value}
            for code, value in inputs
        ],
    }


def test_a_journey_without_its_event_is_kept() -> None:
    reading = read_json(bundle(patient(), journey()))
    assert [each.key for each in reading.record.leftovers] == ["Task/trajet"]


def test_other_units_stay_as_received() -> None:
    task = journey(
        ("distance", {"valueDistance": {"value": 3, "code": "m"}}),
        ("budgetReel", {"valueMoney": {"value": 3, "currency": "CHF"}}),
        ("adresseDepart", {"valueAddress": {"city": "Valmorel"}}),
    )
    record = read_json(bundle(patient(), encounter(), task)).record
    [transport] = record.events[0].transports
    assert (transport.distance_km, transport.actual_cost) == (None, None)
    assert [each.title for each in record.leftovers] == [
        "Action : input[0]",
        "Action : input[1]",
        "Action : input[2]",
    ]


def test_the_first_of_two_inputs_is_read_and_the_second_kept() -> None:
    costs = [
        ("budgetReel", {"valueMoney": {"value": euros, "currency": "EUR"}}) for euros in (3, 5)
    ]
    record = read_json(bundle(patient(), encounter(), journey(*costs))).record
    assert record.events[0].transports[0].actual_cost == 3
    assert [each.title for each in record.leftovers] == ["Action : input[1]"]


def test_a_second_link_of_a_list_and_an_unknown_list_are_kept() -> None:
    roles = f"{NOS}/TRE_R260-HL7RoleClass/FHIR/TRE-R260-HL7RoleClass"
    links = [(roles, "GUARD"), (roles, "ECON"), ("https://example.org/liens", "X")]
    contact = {
        "resourceType": "RelatedPerson",
        "id": "paul",
        "patient": {"reference": "Patient/odette"},
        "relationship": [{"coding": [{"system": each, "code": code}]} for each, code in links],
    }
    record = read_json(bundle(patient(), contact)).record
    assert record.contacts[0].role.code == "GUARD"
    assert [each.title for each in record.leftovers] == [
        "Contact : relationship[1]",
        "Contact : relationship[2]",
    ]


def test_a_file_inside_an_event_becomes_a_document() -> None:
    file = text_file()["content"][0]["attachment"]
    event = encounter(extension=[{"url": ATTACHMENT, "valueAttachment": file}])
    record = read_json(bundle(patient(), event)).record
    [document] = record.documents
    assert (document.content, document.event) == (b"bonjour", record.events[0].key)
    assert record.leftovers == []


def test_several_forms_of_a_document() -> None:
    file = text_file()
    file["content"] *= 2
    documents = read_json(bundle(patient(), file)).record.documents
    assert [each.key for each in documents] == [
        "DocumentReference/piece",
        "DocumentReference/piece#2",
    ]


def test_a_document_without_a_file_is_kept() -> None:
    record = read_json(bundle(patient(), document())).record
    assert record.documents == []
    assert [each.key for each in record.leftovers] == ["DocumentReference/piece"]


@pytest.mark.parametrize(
    ("answer", "told"),
    [
        ({"valueQuantity": {"value": 61.5}}, []),
        ({"valueDate": "9999-99-99"}, ["date_unreadable"]),
    ],
)
def test_what_answers_nothing_is_kept(answer: JSON, told: list[str]) -> None:
    """A measure, a date that there cannot be."""
    response = {
        "resourceType": "QuestionnaireResponse",
        "id": "poids",
        "status": "completed",
        "subject": {"reference": "Patient/odette"},
        "item": [{"linkId": "poids", "answer": [answer]}],
    }
    reading = read_json(bundle(patient(), response))
    assert reading.record.evaluations[0].answers[0].value is None
    assert [json.loads(each.content) for each in reading.record.leftovers] == [answer]
    assert [one for one in codes(reading) if one.startswith("date")] == told


def test_an_entry_that_lost_its_address_is_found_by_what_we_make_of_its_key() -> None:
    nurse = {"resourceType": "Practitioner", "id": "n", "identifier": [{"value": "801"}]}
    cared_for = encounter(
        id="soin", participant=[{"individual": {"reference": full_url("Practitioner", "801")}}]
    )
    file = bundle(patient(), nurse, cared_for)
    del file["entry"][1]["fullUrl"]
    (event,) = read_json(file).record.events
    assert event.professionals == ["801"]
