"""The usager and the Patient resource."""

import base64

from virage.formats.fhir import datatypes, writing
from virage.formats.fhir.bundle import Entry
from virage.formats.fhir.element import Element
from virage.formats.fhir.names import (
    BIRTH_GIVEN_NAMES,
    BIRTH_PLACE,
    IDENTITY_RELIABILITY,
    IDENTITY_STATUSES,
)
from virage.formats.fhir.writing import Json, compact, extension, listed
from virage.formats.outcome import Limits
from virage.formats.safe import decode_attachment
from virage.formats.tddui.canonical import (
    BIRTH_ORDER,
    HOUSEHOLD,
    PATIENT,
    PATIENT_INS,
    profiled,
)
from virage.formats.tddui.identifiers import current_ins
from virage.formats.tddui.record import Person
from virage.foundation.coded import Coded

IMAGES = {
    b"\xff\xd8\xff": "image/jpeg",
    b"\x89PNG": "image/png",
    b"GIF8": "image/gif",
    b"RIFF": "image/webp",
}


def read_person(entry: Entry, limits: Limits) -> Person:
    patient = entry.resource
    names = {str(each.value.get("use", "")): each for each in reversed(patient.children("name"))}
    official = names.get("official") or names.get("") or Element.empty(patient.path)
    usual = names.get("usual") or Element.empty(patient.path)
    for name in (official, usual):
        name.ignore("use")
    identifiers = (datatypes.identifier(each) for each in patient.children("identifier"))
    person = Person(
        key=entry.key,
        path=patient.path,
        birth_family_name=official.text("family"),
        birth_given_names=official.extension(BIRTH_GIVEN_NAMES).text("valueString"),
        first_birth_given_name=official.first_text("given"),
        used_family_name=usual.text("family"),
        used_given_name=usual.first_text("given"),
        birth_on=patient.day("birthDate", partial="birth_date_partial"),
        birth_order=patient.child("_birthDate").extension(BIRTH_ORDER).integer("valuePositiveInt"),
        claimed_status=_claimed_status(patient),
        household_situation=datatypes.coded(
            patient.extension(HOUSEHOLD).extension("familySituation").child("valueCodeableConcept")
        ),
        identifiers=[each for each in identifiers if each],
        addresses=[datatypes.address(each) for each in patient.children("address")],
        telecoms=datatypes.telecoms(patient.children("telecom")),
        died_at=patient.instant("deceasedDateTime"),
        photo=_photo(patient.first("photo"), limits),
    )
    _read_sex(person, patient)
    _read_birth_place(person, patient.extension(BIRTH_PLACE).child("valueAddress"))
    return person


def _claimed_status(patient: Element) -> str:
    status = patient.extension(IDENTITY_RELIABILITY).extension("identityStatus")
    coding = status.child("valueCoding")
    if coding.value.get("system") == IDENTITY_STATUSES:
        coding.ignore("system")
    return coding.text("code")


def _read_sex(person: Person, patient: Element) -> None:
    match patient.value.get("gender"):
        case "male" | "female" | "unknown" as sex:
            person.sex = sex
            patient.ignore("gender")
        case "other":
            person.sex = "unknown"
            patient.report("gender_other", "gender", "other")
        case str() as code:
            patient.report("unknown_code", "gender", code)


def _read_birth_place(person: Person, address: Element) -> None:
    person.birth_place_code = datatypes.insee_code(address)
    person.birth_place_name = address.text("city")
    person.birth_place_state = address.text("state")
    person.birth_country = address.text("country")


def _photo(attachment: Element, limits: Limits) -> bytes:
    if not attachment.value.get("data"):
        return b""
    photo = decode_attachment(attachment.text("data"), limits, f"{attachment.path}.data")
    if attachment.value.get("contentType") == image_type(photo):
        attachment.ignore("contentType")
    return photo


def image_type(content: bytes) -> str:
    """The type of an image, from its first bytes; empty when it is none that we know."""
    return next((kind for magic, kind in IMAGES.items() if content.startswith(magic)), "")


def write_person(person: Person) -> Json:
    is_validated = person.claimed_status == "VALI" and bool(current_ins(person.identifiers))
    birth_order = extension(BIRTH_ORDER, "PositiveInt", person.birth_order)
    return compact(
        {
            "resourceType": "Patient",
            "meta": profiled(PATIENT_INS if is_validated else PATIENT),
            "extension": listed(
                _written_status(person), _written_birth_place(person), _written_household(person)
            ),
            "identifier": [writing.identifier(each) for each in person.identifiers],
            "name": _written_names(person),
            "telecom": writing.telecoms(person.telecoms),
            "gender": person.sex,
            "birthDate": writing.day(person.birth_on),
            "_birthDate": compact({"extension": listed(birth_order)}),
            "deceasedDateTime": writing.instant(person.died_at),
            "address": [writing.address(each) for each in person.addresses],
            "photo": listed(_written_photo(person.photo)),
        }
    )


def _written_status(person: Person) -> Json:
    if not person.claimed_status:
        return {}
    status = Coded(IDENTITY_STATUSES, person.claimed_status)
    return {
        "extension": [extension("identityStatus", "Coding", writing.coding(status))],
        "url": IDENTITY_RELIABILITY,
    }


def _written_birth_place(person: Person) -> Json:
    place = compact(
        {
            "extension": writing.insee_code(person.birth_place_code),
            "city": person.birth_place_name,
            "state": person.birth_place_state,
            "country": person.birth_country,
        }
    )
    return extension(BIRTH_PLACE, "Address", place)


def _written_household(person: Person) -> Json:
    situation = writing.codeable(person.household_situation)
    if not situation:
        return {}
    return {
        "extension": [extension("familySituation", "CodeableConcept", situation)],
        "url": HOUSEHOLD,
    }


def _written_names(person: Person) -> list[Json]:
    official = compact(
        {
            "extension": listed(extension(BIRTH_GIVEN_NAMES, "String", person.birth_given_names)),
            "family": person.birth_family_name,
            "given": list(filter(None, [person.first_birth_given_name])),
        }
    )
    usual = compact(
        {
            "family": person.used_family_name,
            "given": list(filter(None, [person.used_given_name])),
        }
    )
    return listed(
        {"use": "official", **official} if official else {},
        {"use": "usual", **usual} if usual else {},
    )


def _written_photo(photo: bytes) -> Json:
    if not photo:
        return {}
    return compact(
        {"contentType": image_type(photo), "data": base64.b64encode(photo).decode("ascii")}
    )
