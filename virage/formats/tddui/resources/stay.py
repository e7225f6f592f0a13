"""Stays, and the Encounter resource of the profile « séjour »."""

from virage.formats.fhir import datatypes, writing
from virage.formats.fhir.bundle import Bundle, Entry
from virage.formats.fhir.element import Element
from virage.formats.fhir.names import ACT_CODES, NULL_FLAVORS, PLANNED_END, PLANNED_START
from virage.formats.fhir.references import References
from virage.formats.fhir.writing import Json, compact, extension, listed
from virage.formats.tddui.canonical import (
    ADMISSION_DATE,
    COMMENT,
    ENCOUNTER_IDENTIFIERS,
    ENTRY_LABEL,
    EVENT,
    EXIT_LABEL,
    STAY,
    profiled,
)
from virage.formats.tddui.identifiers import ITEM_SYSTEMS, ItemKind
from virage.formats.tddui.record import BusinessIdentifier, Stay
from virage.foundation.coded import Coded

STAY_NUMBER = Coded(ENCOUNTER_IDENTIFIERS, "SEJ", "Identifiant du séjour")
FILE_NUMBER = Coded(ENCOUNTER_IDENTIFIERS, "NUMDOSS", "Numéro de dossier administratif du séjour")
UNKNOWN_CLASS = Coded(NULL_FLAVORS, "UNK")


def is_stay(entry: Entry) -> bool:
    """Whether an Encounter is a stay: it says so, or is not said to happen inside one."""
    if entry.claims(STAY) or entry.claims(EVENT):
        return entry.claims(STAY)
    types = {
        each.child("type").first("coding").value.get("code")
        for each in entry.resource.children("identifier")
    }
    happens = {"partOf", "type", "participant", "location"} & entry.resource.value.keys()
    return "SEJ" in types or not happens


def read_stay(entry: Entry, bundle: Bundle) -> Stay:
    encounter = entry.resource
    period = encounter.child("period")
    hospitalization = encounter.child("hospitalization")
    file_number = _file_number(encounter)
    return Stay(
        key=entry.key,
        path=encounter.path,
        identifier=_stay_number(encounter),
        file_number=file_number.text("value"),
        status=datatypes.required_code(encounter, "status"),
        class_code=read_class(encounter),
        service_type=datatypes.coded(encounter.child("serviceType")),
        structure=bundle.key_of(encounter.child("serviceProvider")),
        origin=bundle.key_of(hospitalization.child("origin")),
        admitted_on=encounter.extension(ADMISSION_DATE).day("valueDateTime"),
        entered_on=period.day("start"),
        exited_on=period.day("end"),
        planned_entry_on=encounter.extension(PLANNED_START).day("valueDateTime"),
        planned_exit_on=encounter.extension(PLANNED_END).day("valueDateTime"),
        entry_mode=datatypes.coded(hospitalization.child("admitSource")),
        entry_label=encounter.extension(ENTRY_LABEL).text("valueString"),
        exit_mode=datatypes.coded(hospitalization.child("dischargeDisposition")),
        exit_label=encounter.extension(EXIT_LABEL).text("valueString"),
        comment=encounter.extension(COMMENT).text("valueString"),
    )


def read_class(encounter: Element) -> str:
    """The class of an Encounter. Its label is the list's own: it says nothing more."""
    coding = encounter.child("class")
    if coding.value.get("system") == UNKNOWN_CLASS.system:
        encounter.ignore("class")
        return ""
    if coding.value.get("system") == ACT_CODES:
        coding.ignore("system", "display")
    return coding.text("code")


def write_class(code: str) -> Json:
    """The class of an Encounter, which FHIR requires."""
    return writing.coding(Coded(ACT_CODES, code) if code else UNKNOWN_CLASS)


def _stay_number(encounter: Element) -> BusinessIdentifier | None:
    """The number that says it is the stay's, else the first that is not the file's."""
    others = [
        each
        for each in encounter.children("identifier")
        if _type_code(each) != (FILE_NUMBER.system, FILE_NUMBER.code)
    ]
    others.sort(key=lambda each: _type_code(each) != (STAY_NUMBER.system, STAY_NUMBER.code))
    return datatypes.identifier(others[0], STAY_NUMBER) if others else None


def _type_code(identifier: Element) -> tuple[object, object]:
    coding = identifier.child("type").first("coding").value
    return coding.get("system"), coding.get("code")


def _file_number(encounter: Element) -> Element:
    for each in encounter.children("identifier"):
        if datatypes.is_typed(each, FILE_NUMBER):
            if each.value.get("system") == ITEM_SYSTEMS[ItemKind.STAY]:
                each.ignore("system")
            return each
    return Element.empty(encounter.path)


def write_stay(stay: Stay, references: References) -> Json:
    hospitalization = compact(
        {
            "origin": references.to(stay.origin),
            "admitSource": writing.codeable(stay.entry_mode),
            "dischargeDisposition": writing.codeable(stay.exit_mode),
        }
    )
    period = {"start": writing.day(stay.entered_on), "end": writing.day(stay.exited_on)}
    return compact(
        {
            "resourceType": "Encounter",
            "meta": profiled(STAY),
            "extension": _written_extensions(stay),
            "identifier": _written_identifiers(stay),
            **writing.required_code("status", stay.status),
            "class": write_class(stay.class_code),
            "serviceType": writing.codeable(stay.service_type),
            "subject": references.to_person(),
            "period": compact(period),
            "hospitalization": hospitalization,
            "serviceProvider": references.to(stay.structure),
        }
    )


def _written_extensions(stay: Stay) -> list[Json]:
    dates = (
        (ADMISSION_DATE, stay.admitted_on),
        (PLANNED_START, stay.planned_entry_on),
        (PLANNED_END, stay.planned_exit_on),
    )
    texts = (
        (ENTRY_LABEL, stay.entry_label),
        (EXIT_LABEL, stay.exit_label),
        (COMMENT, stay.comment),
    )
    return listed(
        *(extension(url, "DateTime", writing.day(value)) for url, value in dates),
        *(extension(url, "String", value) for url, value in texts),
    )


def _written_identifiers(stay: Stay) -> list[Json]:
    file_number = BusinessIdentifier(
        value=stay.file_number, system=ITEM_SYSTEMS[ItemKind.STAY], type=FILE_NUMBER
    )
    return listed(
        writing.identifier(stay.identifier, STAY_NUMBER),
        writing.identifier(file_number) if stay.file_number else {},
    )
