"""FHIR Bundles of invented people, built from parts."""

import json
from typing import Any

from virage.formats.fhir.names import TERMINOLOGY
from virage.formats.tddui.canonical import PATIENT, TDDUI
from virage.formats.tddui.reading import read
from virage.formats.tddui.record import Reading

JSON = dict[str, Any]


def patient(**parts: Any) -> JSON:
    """A Patient of the guide, complete but for what these parts change."""
    resource = {
        "resourceType": "Patient",
        "id": "odette",
        "meta": {"profile": [PATIENT]},
        "identifier": [{"system": "https://example.org/usagers", "value": "LOC42"}],
        "name": [{"use": "official", "family": "PATUREL", "given": ["ODETTE"]}],
        "gender": "female",
        "birthDate": "1960-05-14",
    }
    return {name: part for name, part in (resource | parts).items() if part is not None}


def encounter(**parts: Any) -> JSON:
    """An event of that Patient."""
    resource = {
        "resourceType": "Encounter",
        "id": "sortie",
        "meta": {"profile": [f"{TDDUI}/StructureDefinition/tddui-encounter-evenement"]},
        "identifier": [{"system": "https://example.org/sorties", "value": "7"}],
        "status": "finished",
        "class": {"system": f"{TERMINOLOGY}/v3-ActCode", "code": "HH"},
        "subject": {"reference": "Patient/odette"},
        "period": {"start": "2026-11-02T09:15:00Z", "end": "2026-11-02T11:00:00Z"},
    }
    return {name: part for name, part in (resource | parts).items() if part is not None}


def bundle(*resources: JSON, **parts: Any) -> JSON:
    """A transaction of these resources."""
    entries = [
        {
            "fullUrl": f"https://example.org/fhir/{each['resourceType']}/{each['id']}",
            "resource": each,
            "request": {"method": "POST", "url": each["resourceType"]},
        }
        for each in resources
    ]
    return {"resourceType": "Bundle", "type": "transaction", "entry": entries, **parts}


def read_json(value: JSON) -> Reading:
    """What the door of the house reads in a JSON file."""
    return read(json.dumps(value).encode())


def codes(reading: Reading) -> list[str]:
    """The faults found, in their order."""
    return [finding.code for finding in reading.findings]
