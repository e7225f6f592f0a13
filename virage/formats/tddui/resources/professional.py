"""Professionals: the Practitioner resource, and PractitionerRole for what they do where."""

from virage.formats.fhir import datatypes, writing
from virage.formats.fhir.bundle import Bundle, Entry
from virage.formats.fhir.element import Element
from virage.formats.fhir.names import FR_IDENTIFIER_TYPES, NATIONAL_PROFESSIONAL, RPPS
from virage.formats.fhir.references import References
from virage.formats.fhir.writing import Json, codeables, compact, extension, listed
from virage.formats.tddui.canonical import (
    EXERCISE_MODE,
    PRACTITIONER,
    PRACTITIONER_ROLE,
    PROFESSION,
    profiled,
)
from virage.formats.tddui.record import EMPTY, BusinessIdentifier, Professional
from virage.formats.tddui.resources.structure import ignore_registry
from virage.foundation.coded import Coded

NUMBER_TYPE = Coded(FR_IDENTIFIER_TYPES, "IDNPS")


def read_professional(entry: Entry) -> Professional:
    practitioner = entry.resource
    name = practitioner.first("name")
    return Professional(
        key=entry.key,
        path=practitioner.path,
        number=_number(practitioner),
        family_name=name.text("family"),
        given_name=name.first_text("given"),
        civility=name.first_text("prefix"),
        qualifications=[
            qualification
            for each in practitioner.children("qualification")
            if (qualification := datatypes.coded(each.child("code"))) != EMPTY
        ],
    )


def _number(practitioner: Element) -> str:
    """The national number; without one, an RPPS number, whose registry stays unread."""
    for system in (NATIONAL_PROFESSIONAL, RPPS):
        for each in practitioner.children("identifier"):
            if each.value.get("system") == system and each.value.get("value"):
                if system == NATIONAL_PROFESSIONAL:
                    ignore_registry(each, NUMBER_TYPE)
                return each.text("value")
    return ""


def read_role(entry: Entry, professional: Professional, bundle: Bundle) -> None:
    """Give a professional the role that the file says they hold."""
    role = entry.resource
    code = role.first("code")
    professional.function = datatypes.coded(code)
    professional.profession = datatypes.coded(
        code.extension(PROFESSION).child("valueCodeableConcept")
    )
    professional.exercise_mode = datatypes.coded(
        role.extension(EXERCISE_MODE).child("valueCodeableConcept")
    )
    professional.structure = bundle.key_of(role.child("organization"))


def write_professional(professional: Professional) -> Json:
    number = BusinessIdentifier(
        value=professional.number, system=NATIONAL_PROFESSIONAL, type=NUMBER_TYPE
    )
    name = compact(
        {
            "family": professional.family_name,
            "given": list(filter(None, [professional.given_name])),
            "prefix": list(filter(None, [professional.civility])),
        }
    )
    return compact(
        {
            "resourceType": "Practitioner",
            "meta": profiled(PRACTITIONER),
            "identifier": [writing.identifier(number)] if professional.number else [],
            "name": listed(name),
            "qualification": [{"code": code} for code in codeables(professional.qualifications)],
        }
    )


def write_role(professional: Professional, references: References) -> Json:
    """The role, or an empty resource when the professional has none."""
    exercise = writing.codeable(professional.exercise_mode)
    profession = writing.codeable(professional.profession)
    code = {
        "extension": listed(extension(PROFESSION, "CodeableConcept", profession)),
        **writing.codeable(professional.function),
    }
    role = compact(
        {
            "extension": listed(extension(EXERCISE_MODE, "CodeableConcept", exercise)),
            "practitioner": references.to(professional.key),
            "organization": references.to(professional.structure),
            "code": listed(compact(code)),
        }
    )
    if role.keys() == {"practitioner"}:
        return {}
    return {"resourceType": "PractitionerRole", "meta": profiled(PRACTITIONER_ROLE), **role}
