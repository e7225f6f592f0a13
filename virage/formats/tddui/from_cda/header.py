"""The header of the document: the usager, and the structure that sends the record."""

from virage.formats.cda.datatypes import (
    PARTIAL_DAY,
    coded,
    day,
    moment,
    postal_addresses,
    sex,
    telecoms,
)
from virage.formats.cda.node import Node
from virage.formats.cda.systems import uri
from virage.formats.tddui.from_cda.draft import TDDUI_FORM, Draft
from virage.formats.tddui.identifiers import INS_TYPES, PERSON_SYSTEM, PERSON_TYPE
from virage.formats.tddui.record import EMPTY, BusinessIdentifier, Contact, Person
from virage.foundation.coded import Coded


def read_person(role: Node) -> Person:
    """The usager, from `recordTarget/patientRole`."""
    patient = role.child("patient")
    name = patient.child("name")
    place = patient.child("birthplace/place")
    birth_address = place.child("addr")
    identifiers = [_identifier(node) for node in role.children("id") if node.peek("extension")]
    local = (each.value for each in identifiers if each.system == PERSON_SYSTEM)
    person = Person(
        key=next(local, "usager"),
        path=role.path,
        identifiers=identifiers,
        birth_family_name=_name_part(name, "family", "BR") or _name_part(name, "family", ""),
        birth_given_names=_name_part(name, "given", ""),
        first_birth_given_name=_name_part(name, "given", "BR"),
        used_family_name=_name_part(name, "family", "CL"),
        used_given_name=_name_part(name, "given", "CL"),
        sex=sex(patient.child("administrativeGenderCode")),
        birth_place_code=birth_address.child("county").take_text(),
        birth_place_name=place.child("name").take_text() or birth_address.child("city").take_text(),
        birth_place_state=birth_address.child("state").take_text(),
        birth_country=birth_address.child("country").take_text(),
        addresses=postal_addresses(role),
        telecoms=telecoms(role),
    )
    _read_birth(patient, person)
    role.own(person.key)
    return person


def _read_birth(patient: Node, person: Person) -> None:
    birth = patient.child("birthTime")
    if PARTIAL_DAY.fullmatch(birth.peek("value")):
        birth.report("birth_date_partial", birth.peek("value"))
    else:
        person.birth_on = day(birth)
    order = patient.child("sdtc:multipleBirthOrderNumber")
    if order.peek("value").isdecimal() and len(order.peek("value")) < 3:
        person.birth_order = int(order.take())


def _name_part(name: Node, tag: str, qualifier: str) -> str:
    """The parts of a name with one qualifier: BR at birth, CL in use, none for the civil record."""
    parts = [part for part in name.children(tag) if part.peek("qualifier") == qualifier]
    for part in parts:
        part.take("qualifier")
    return " ".join(part.take_text() for part in parts)


def _identifier(node: Node) -> BusinessIdentifier:
    """An identifier of the usager; the registry tells an INS, the form tells a local number."""
    root, value = node.take("root"), node.take("extension")
    if root in INS_TYPES:
        return BusinessIdentifier(
            value=value, system=uri(root), type=INS_TYPES[root], use="official"
        )
    if TDDUI_FORM.fullmatch(value):
        node.document.note_authority(root, node.path)
        return BusinessIdentifier(value=value, system=PERSON_SYSTEM, type=PERSON_TYPE, use="usual")
    return BusinessIdentifier(value=value, system=uri(root), type=EMPTY)


def read_guardians(draft: Draft, role: Node) -> None:
    """The legal representatives, written inside the usager."""
    for guardian in role.children("patient/guardian"):
        name = guardian.child("guardianPerson/name")
        contact = Contact(
            key=draft.key(guardian, ""),
            path=guardian.path,
            family_name=name.child("family").take_text(),
            given_name=name.child("given").take_text(),
            civility=name.child("prefix").take_text(),
            relation=coded(guardian.child("code")) or Coded(text="Représentant légal"),
            addresses=postal_addresses(guardian),
            telecoms=telecoms(guardian),
        )
        guardian.own(contact.key)
        draft.record.contacts.append(contact)


def read_sender(draft: Draft, root: Node) -> None:
    """The structure that keeps the document sends the record; its category stands elsewhere."""
    record = draft.record
    keeper = root.child("custodian/assignedCustodian/representedCustodianOrganization")
    record.sender_structure = draft.organization(keeper)
    record.made_at = moment(root.child("effectiveTime"))
    category = root.child("componentOf/encompassingEncounter/location/healthCareFacility/code")
    sender = next((each for each in record.structures if each.key == record.sender_structure), None)
    if sender:
        sender.kind = coded(category.child("translation") or category)
