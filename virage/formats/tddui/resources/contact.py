"""The persons around the usager, and the RelatedPerson resource."""

from virage.formats.fhir import datatypes, writing
from virage.formats.fhir.bundle import Entry
from virage.formats.fhir.element import Element
from virage.formats.fhir.names import NOS, TERMINOLOGY
from virage.formats.fhir.references import References
from virage.formats.fhir.writing import Json, codeables, compact, extension, listed
from virage.formats.tddui.canonical import COMMENT, CONTACT, CONTACT_DESCRIPTION, profiled
from virage.formats.tddui.record import EMPTY, Contact

LINKS = {
    "role": {
        f"{NOS}/TRE_R260-HL7RoleClass/FHIR/TRE-R260-HL7RoleClass",
        f"{TERMINOLOGY}/v3-RoleClass",
    },
    "relation": {
        f"{NOS}/TRE_R216-HL7RoleCode/FHIR/TRE-R216-HL7RoleCode",
        f"{TERMINOLOGY}/v3-RoleCode",
        "",
    },
    "protection_role": {
        f"{NOS}/TRE_R217-ProtectionJuridique/FHIR/TRE-R217-ProtectionJuridique",
    },
}
"""The code lists of each link: they alone tell the links apart. Plain words tell a relation."""


def read_contact(entry: Entry) -> Contact:
    person = entry.resource
    name = person.first("name")
    contact = Contact(
        key=entry.key,
        path=person.path,
        identifier=datatypes.identifier(person.first("identifier")),
        family_name=name.text("family"),
        given_name=name.first_text("given"),
        civility=name.first_text("prefix"),
        telecoms=datatypes.telecoms(person.children("telecom")),
        addresses=[datatypes.address(each) for each in person.children("address")],
        comment=person.extension(COMMENT).text("valueString"),
        description=person.extension(CONTACT_DESCRIPTION).text("valueString"),
    )
    for relationship in person.children("relationship"):
        _read_link(contact, relationship)
    return contact


def _read_link(contact: Contact, relationship: Element) -> None:
    """Read one link; a second one of the same list, or of an unknown list, stays unread."""
    system = relationship.first("coding").value.get("system", "")
    for link, systems in LINKS.items():
        if system in systems and getattr(contact, link) == EMPTY:
            setattr(contact, link, datatypes.coded(relationship))
            return


def write_contact(contact: Contact, references: References) -> Json:
    name = compact(
        {
            "family": contact.family_name,
            "given": list(filter(None, [contact.given_name])),
            "prefix": list(filter(None, [contact.civility])),
        }
    )
    return compact(
        {
            "resourceType": "RelatedPerson",
            "meta": profiled(CONTACT),
            "extension": listed(
                extension(COMMENT, "String", contact.comment),
                extension(CONTACT_DESCRIPTION, "String", contact.description),
            ),
            "identifier": listed(writing.identifier(contact.identifier)),
            "patient": references.to_person(),
            "relationship": codeables([contact.role, contact.relation, contact.protection_role]),
            "name": listed(name),
            "telecom": writing.telecoms(contact.telecoms),
            "address": [writing.address(each) for each in contact.addresses],
        }
    )
