"""What we write, against the profiles of FR Core 2.1.0 and the reconstructed ones of TDDUI.

The TDDUI profiles are rebuilt from their sources, without the guide's own extensions; base R4 is
the validator's. It is not the HL7 reference validator: each difference is named below, bounded.
"""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from pyrofile_validator import ValidationIssue, Validator
from pyrofile_validator.config import ValidatorConfig

from tests.formats.full_record import NOON, full_record
from tests.formats.official import CDA_DOCUMENT, FHIR_BUNDLE, TDDUI, needs_official_files
from virage.formats.fhir.names import FR_CORE, PLANNED_END, PLANNED_START
from virage.formats.tddui import canonical
from virage.formats.tddui.reading import read
from virage.formats.tddui.record import TransferRecord
from virage.formats.tddui.to_fhir import build

pytestmark = needs_official_files
FOLDERS = (TDDUI / "fhir-reconstruction", TDDUI.parent / "fr-core" / "2.1.0")
EXTENSIONS = {
    each for name, each in vars(canonical).items() if name.isupper() and "tddui-" in str(each)
} | {PLANNED_START, PLANNED_END}
UNPUBLISHED_PROFILES = {
    canonical.PRACTITIONER,
    canonical.DOCUMENT,
    canonical.PROFESSIONAL_TRANSPORT,
}
KNOWN = {
    # The guide's own extensions, and R5's, are absent from the reconstruction.
    "extension.unknown": lambda issue: any(f" {url} " in issue.message for url in EXTENSIONS),
    # Three profiles were not rebuilt; FR Core's is checked for the professional.
    "profile.unknown": lambda issue: any(url in issue.message for url in UNPUBLISHED_PROFILES),
    # The questionnaires are published apart from the profiles; CDA names them by a code.
    "questionnaire.unresolved": lambda issue: (
        canonical.TDDUI in issue.message or "'MED-" in issue.message
    ),
    # A narrative is a best practice; ours would only repeat the resource.
    "profile.invariant.dom-6": lambda issue: issue.severity.value == "warning",
    # The official stay refers to a structure that is not in its file.
    "reference.unresolved": lambda issue: "tddui-organization-origine-example" in issue.message,
    # CDA gives no status of a journey: what stands for it is the extension that says so.
    "cardinality.min": lambda issue: issue.path == "Task.status",
    # The validator's own R4 tables know neither of these, which R4 defines.
    "element.unknown": lambda issue: issue.message.endswith("].text"),
    "terminology.required": lambda issue: issue.path == "Task.status",
}


@pytest.fixture(scope="module")
def validator(tmp_path_factory: pytest.TempPathFactory) -> Validator:
    folder = tmp_path_factory.mktemp("profiles")
    for file in (each for place in FOLDERS for each in place.glob("*.json")):
        definition = json.loads(file.read_text())
        if definition.get("resourceType") == "StructureDefinition":
            definition = prepared(definition)
        if "resourceType" in definition:
            (folder / file.name).write_text(json.dumps(definition))
    return Validator(
        ValidatorConfig.load_dict(
            {
                "fhirVersion": "4.0.1",
                "localPackagePaths": [str(folder)],
                "profiles": {
                    "Practitioner": [f"{FR_CORE}/StructureDefinition/fr-core-practitioner"]
                },
                # Only the codes seen in the sources of the guide: a fragment.
                "terminology": {
                    "mode": "local",
                    "ignoredCodeSystems": [canonical.TRANSPORT_INPUTS],
                },
            }
        )
    )


def prepared(definition: dict[str, Any]) -> dict[str, Any]:
    """A definition that the validator reads right: it mistakes slices inside slices."""
    for context in definition.get("context", []):
        if context["type"] == "fhirpath" and context["expression"].replace(".", "").isalpha():
            context["type"] = "element"
    definition.pop("differential", None)
    definition["snapshot"]["element"] = [
        element for each in definition["snapshot"]["element"] for element in prepared_element(each)
    ]
    return definition


def prepared_element(element: dict[str, Any]) -> Iterator[dict[str, Any]]:
    steps = element["id"].split(".")
    if sum(":" in step for step in steps) > 1:
        return
    is_extension = steps[-1].partition(":")[0] == "extension"
    if is_extension and any(":" in step for step in steps[:-1]):
        element.pop("slicing", None)
    yield element
    profiles = element.get("type", [{}])[0].get("profile")
    if is_extension and element.get("sliceName") and profiles:
        place = {name: f"{element[name]}.url" for name in ("id", "path")}
        yield {**place, "min": 1, "max": "1", "fixedUri": profiles[0]}


def unexpected(validator: Validator, record: TransferRecord) -> list[ValidationIssue]:
    """The issues that no known limit explains; our versions are not those of the rebuilt files."""
    written = build(record, made_at=NOON).decode()
    for version in (canonical.VERSION, canonical.FR_CORE_VERSION):
        written = written.replace(f'|{version}"', '"')
    report = validator.validate_resource(json.loads(written))
    return [
        issue for issue in report.issues if issue.code not in KNOWN or not KNOWN[issue.code](issue)
    ]


def test_a_record_that_says_everything(validator: Validator) -> None:
    assert unexpected(validator, full_record()) == []


@pytest.mark.parametrize("file", [FHIR_BUNDLE, CDA_DOCUMENT], ids=["FHIR", "CDA"])
def test_the_official_records(validator: Validator, file: Path) -> None:
    assert unexpected(validator, read(file.read_bytes()).record) == []


def test_the_validator_sees_a_missing_stay_number(validator: Validator) -> None:
    record = full_record()
    record.stays[0].identifier = None
    issues = unexpected(validator, record)
    assert {issue.path for issue in issues} >= {"Encounter.identifier:idStay"}


def test_the_validator_sees_a_missing_structure_number(validator: Validator) -> None:
    record = full_record()
    record.structures[0].number = ""
    issues = unexpected(validator, record)
    assert {issue.path for issue in issues} >= {"Organization.identifier:idNatSt"}
