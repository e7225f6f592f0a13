"""Establishments and services, and the Organization resource."""

from virage.formats.fhir import datatypes, writing
from virage.formats.fhir.bundle import Entry
from virage.formats.fhir.element import Element
from virage.formats.fhir.names import FINESS, FR_IDENTIFIER_TYPES, NATIONAL_STRUCTURE, SIRENE
from virage.formats.fhir.writing import Json, compact, listed
from virage.formats.tddui.canonical import ORGANIZATION, profiled
from virage.formats.tddui.record import BusinessIdentifier, Structure
from virage.foundation.coded import Coded

NUMBER_TYPE = Coded(FR_IDENTIFIER_TYPES, "IDNST")


def read_structure(entry: Entry) -> Structure:
    organization = entry.resource
    return Structure(
        key=entry.key,
        path=organization.path,
        number=_number(organization),
        name=organization.text("name"),
        kind=datatypes.coded(organization.first("type")),
    )


def _number(organization: Element) -> str:
    """The national number; without one, a FINESS or a SIRET, whose registry stays unread."""
    for system in (NATIONAL_STRUCTURE, FINESS, SIRENE):
        for each in organization.children("identifier"):
            if each.value.get("system") == system and each.value.get("value"):
                if system == NATIONAL_STRUCTURE:
                    ignore_registry(each, NUMBER_TYPE)
                return each.text("value")
    return ""


def ignore_registry(identifier: Element, type_: Coded) -> None:
    """Count as read the registry, and the type and use when they are those that it implies."""
    identifier.ignore("system")
    if identifier.value.get("use") == "official":
        identifier.ignore("use")
    datatypes.is_typed(identifier, type_)


def write_structure(structure: Structure) -> Json:
    number = BusinessIdentifier(
        value=structure.number, system=NATIONAL_STRUCTURE, type=NUMBER_TYPE, use="official"
    )
    return compact(
        {
            "resourceType": "Organization",
            "meta": profiled(ORGANIZATION),
            "identifier": [writing.identifier(number)] if structure.number else [],
            "type": listed(writing.codeable(structure.kind)),
            "name": structure.name,
        }
    )
