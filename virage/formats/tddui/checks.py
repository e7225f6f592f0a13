"""What a received record gets wrong without being refused, on either wire.

Only what the record itself says is checked here. What depends on the clock, on our own data or on
the published lists of codes belongs to the import.
"""

import re
from collections.abc import Callable, Iterator
from typing import Any

from virage.formats.fhir.names import oid_system
from virage.formats.outcome import Finding
from virage.formats.tddui.complement import items_of
from virage.formats.tddui.identifiers import (
    FORMER_SYSTEM,
    INS_SYSTEMS,
    ITEM_SYSTEMS,
    NIR_SYSTEMS,
    PERSON_SYSTEM,
    official_ins,
)
from virage.formats.tddui.record import (
    BusinessIdentifier,
    Document,
    Event,
    Item,
    Person,
    Professional,
    Stay,
    Structure,
    TransferRecord,
    Transport,
)
from virage.foundation.national_numbers import (
    REGISTRIES,
    contradicted_by_nir,
    is_finess_valid,
    is_nir_valid,
    is_rpps_valid,
    is_siret_valid,
    looks_like_nir,
)

OTHER_INS = oid_system(f"{REGISTRIES}.1.")
NIR_FORM = re.compile(r"[1-478]\d{4}(?:\d{2}|2[AB])\d{8}")
STRICT_NAME = re.compile(r"[A-Z][A-Z' -]*")
BIRTH_PLACE = re.compile(r"\d{5}|2[AB]\d{3}")
PERSON_FORM = r"3[0-9A-Z]{9}/[A-Za-z0-9]+"
IDENTIFIER_FORMS = {PERSON_SYSTEM: re.compile(PERSON_FORM)} | {
    system: re.compile(rf"{PERSON_FORM}-{kind}-[A-Za-z0-9]+")
    for kind, system in ITEM_SYSTEMS.items()
}
MAGIC = {
    "application/pdf": b"%PDF",
    "image/png": b"\x89PNG",
    "image/jpeg": b"\xff\xd8\xff",
}
Faults = Iterator[tuple[str, str]]
"""Each fault of an object: its code and the value as received."""


def check(record: TransferRecord) -> list[Finding]:
    """The faults of a whole record, object by object, each with the place of its object."""
    findings = [
        Finding(code, item.path, value)
        for item in items_of(record)
        for code, value in _faults_of(item)
    ]
    stays = {stay.key: stay for stay in record.stays}
    for event in record.events:
        if _is_outside(event, stays.get(event.stay)):
            findings.append(Finding("event_outside_stay", event.path, str(event.starts_at)))
    for stay in record.stays:
        if record.person.birth_on and stay.entered_on and record.person.birth_on > stay.entered_on:
            findings.append(Finding("birth_after_entry", stay.path, stay.entered_on.isoformat()))
    return findings


def _faults_of(item: Item) -> Faults:
    for identifier in _identifiers_of(item):
        yield from _faults_of_identifier(identifier)
    rule = RULES.get(type(item))
    if rule:
        yield from rule(item)


def _identifiers_of(item: Item) -> list[BusinessIdentifier]:
    if isinstance(item, Person):
        return item.identifiers
    identifier = getattr(item, "identifier", None)
    return [identifier] if identifier else []


def _faults_of_identifier(identifier: BusinessIdentifier) -> Faults:
    value, system = identifier.value, identifier.system
    if not system:
        yield "identifier_without_system", value
    if FORMER_SYSTEM.fullmatch(system):
        yield "deprecated_system", system
    if system in INS_SYSTEMS:
        if not NIR_FORM.fullmatch(value):
            yield "nir_malformed", value
        elif not is_nir_valid(value):
            yield "nir_key_wrong", value
    elif identifier.type.code.startswith("INS-N") or system.startswith(OTHER_INS):
        yield "ins_oid_unknown", system
    elif system not in NIR_SYSTEMS and looks_like_nir(value):
        yield "nir_in_business_identifier", value
    form = IDENTIFIER_FORMS.get(system)
    if form and not form.fullmatch(value):
        yield "identifier_malformed", value


def _faults_of_person(person: Person) -> Faults:
    yield from _faults_of_ins(person)
    yield from _faults_of_traits(person)
    if person.claimed_status == "VALI":
        yield "status_claimed_qualified", person.claimed_status
    elif not person.claimed_status:
        yield "identity_status_missing", ""


def _faults_of_ins(person: Person) -> Faults:
    ins = [each for each in person.identifiers if each.system in INS_SYSTEMS]
    official = {(each.value, each.system) for each in official_ins(person.identifiers)}
    if len(official) > 1:
        yield "multiple_official_ins", " ".join(sorted(value for value, _ in official))
    if ins and not _has_traits(person):
        yield "ins_without_traits", ins[0].value
    for each in ins:
        if contradicted_by_nir(each.value, person.sex, person.birth_on):
            yield "nir_traits_mismatch", each.value


def _faults_of_traits(person: Person) -> Faults:
    if person.birth_on is None:
        yield "birth_date_missing", ""
    if person.birth_order is None and not any(
        each.system in INS_SYSTEMS for each in person.identifiers
    ):
        yield "birth_rank_missing", ""
    if person.birth_place_code and not BIRTH_PLACE.fullmatch(person.birth_place_code):
        yield "birth_place_unknown", person.birth_place_code
    names = (person.birth_family_name, person.first_birth_given_name, person.birth_given_names)
    for name in filter(None, names):
        if not STRICT_NAME.fullmatch(name):
            yield "name_not_strict", name


def _has_traits(person: Person) -> bool:
    """The five strict traits without which an INS is worth nothing (RNIV)."""
    given_names = person.first_birth_given_name or person.birth_given_names
    return all(
        (
            person.birth_family_name,
            given_names,
            person.birth_on,
            person.sex in ("male", "female"),
            person.birth_place_code,
        )
    )


def _faults_of_structure(structure: Structure) -> Faults:
    kind, number = _national(structure.number)
    if kind == "finess" and not is_finess_valid(number):
        yield "finess_key_wrong", structure.number
    if kind == "siret" and not is_siret_valid(number):
        yield "siret_key_wrong", structure.number


def _national(number: str) -> tuple[str, str]:
    """What registry a structure's number is of: alone, or behind the digit of TRE_G07."""
    match len(number), number[:1]:
        case (9, _):
            return "finess", number
        case (10, "1"):
            return "finess", number[1:]
        case (14, _):
            return "siret", number
        case (15, "3"):
            return "siret", number[1:]
    return "", ""


def _faults_of_professional(professional: Professional) -> Faults:
    number = professional.number
    # TRE_G08: an RPPS number stands alone or behind an 8.
    rpps = number[1:] if len(number) == 12 and number.startswith("8") else number
    if len(rpps) == 11 and not is_rpps_valid(rpps):
        yield "rpps_key_wrong", number


def _faults_of_stay(stay: Stay) -> Faults:
    if stay.entered_on is None:
        yield "entry_date_missing", ""
    elif stay.exited_on and stay.exited_on < stay.entered_on:
        yield "exit_before_entry", stay.exited_on.isoformat()


def _faults_of_period(item: Event | Transport) -> Faults:
    if item.starts_at and item.ends_at and item.ends_at < item.starts_at:
        yield "end_before_start", item.ends_at.isoformat()


def _faults_of_document(document: Document) -> Faults:
    magic = MAGIC.get(document.content_type, b"")
    if document.content and not document.content.startswith(magic):
        yield "attachment_type_mismatch", document.content_type


def _is_outside(event: Event, stay: Stay | None) -> bool:
    """Whether an event starts before the first day of its stay or after the last one."""
    if stay is None or event.starts_at is None:
        return False
    day = event.starts_at.date()
    return bool(
        (stay.entered_on and day < stay.entered_on) or (stay.exited_on and day > stay.exited_on)
    )


RULES: dict[type[Item], Callable[[Any], Faults]] = {
    Person: _faults_of_person,
    Structure: _faults_of_structure,
    Professional: _faults_of_professional,
    Stay: _faults_of_stay,
    Event: _faults_of_period,
    Transport: _faults_of_period,
    Document: _faults_of_document,
}
