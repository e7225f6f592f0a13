"""A person and what surrounds it, as they go out."""

from collections.abc import Callable, Mapping
from typing import cast
from uuid import UUID

import msgspec

from virage.exchange.queries.cast import Cast
from virage.exchange.queries.keys import Keys, has_local_identifier
from virage.formats.fhir.names import IDENTIFIER_TYPES, oid_system
from virage.formats.tddui import record as transit
from virage.formats.tddui.canonical import code_system
from virage.formats.tddui.identifiers import INS_SYSTEMS, INS_TYPES, PERSON_TYPE, ItemKind
from virage.formats.tddui.resources.contact import LINKS
from virage.foundation.coded import Coded
from virage.foundation.storage import files
from virage.persons.enums import IdentifierKind, InsStatus
from virage.persons.models import (
    Contact,
    Coverage,
    LegalProtection,
    Person,
    PersonIdentifier,
)

# The type under which a number typed by hand goes out.
TYPES_BY_KIND: dict[str, Coded] = {
    IdentifierKind.LOCAL: PERSON_TYPE,
    IdentifierKind.MDPH: Coded(code_system("identifier"), "PIN", "Patient initial number"),
    IdentifierKind.DRIVING_LICENCE: Coded(IDENTIFIER_TYPES, "DL", "Driver's license number"),
    IdentifierKind.SOCIAL_SECURITY: Coded(
        IDENTIFIER_TYPES, "NH", "National Health Plan Identifier"
    ),
}
# What we claim of our identities: validated only when it is ours to say (RNIV; v2-0445).
CLAIMED = {
    InsStatus.PROVISIONAL: "PROV",
    InsStatus.RETRIEVED: "PROV",
    InsStatus.VALIDATED: "PROV",
    InsStatus.QUALIFIED: "VALI",
}


def person_in_transit(
    person: Person, keys: Keys, bytes_of: Callable[[str], bytes] = files.get
) -> transit.Person:
    """Return the identity, with every number received, verbatim, and the photo."""
    identifiers = list(person.identifiers.order_by("position", "id"))
    return transit.Person(
        key=person.pk.urn,
        birth_family_name=person.birth_family_name,
        birth_given_names=person.birth_given_names,
        first_birth_given_name=person.first_birth_given_name,
        used_family_name=person.used_family_name,
        used_given_name=person.used_given_name,
        sex=cast(transit.Sex, person.sex),
        birth_on=person.birth_on,
        birth_order=person.birth_order,
        birth_place_code=person.birth_place_code,
        birth_place_name=person.birth_place_name,
        birth_place_state=person.birth_place_state,
        birth_country=person.birth_country,
        claimed_status=CLAIMED[InsStatus(person.ins_status)],
        household_situation=person.household_situation,
        identifiers=_identifiers(person, identifiers, keys),
        addresses=[
            transit.Address(
                use=address.use,
                house_number=address.house_number,
                street=address.street,
                lines=address.lines,
                postal_code=address.postal_code,
                city=address.city,
                district=address.district,
                state=address.state,
                country=address.country,
                insee_code=address.insee_code,
            )
            for address in person.addresses.order_by("position", "id")
        ],
        telecoms=[
            transit.Telecom(system=telecom.system, value=telecom.value, use=telecom.use)
            for telecom in person.telecoms.order_by("position", "id")
        ],
        died_at=person.died_at,
        is_homonym=person.is_homonym,
        is_fictitious=person.is_fictitious,
        is_doubtful=person.is_doubtful,
        photo=bytes_of(person.photo_digest) if person.photo_digest else b"",
        photo_consent_on=person.photo_consent_on,
        is_sensitive=person.subject.is_sensitive,
    )


def _identifiers(
    person: Person, received: list[PersonIdentifier], keys: Keys
) -> list[transit.BusinessIdentifier]:
    """Return what was received in its order; our own INS and local number when none was.

    One INS goes out as such, the one that we hold: any other is said to be old.
    """
    ours = (oid_system(person.ins_oid), person.ins_value)
    going_out = [
        transit.BusinessIdentifier(
            value=identifier.value,
            system=identifier.system,
            type=identifier.type or TYPES_BY_KIND.get(identifier.kind, transit.EMPTY),
            use="old" if _is_other_ins(identifier, ours) else identifier.use,
            starts_on=identifier.starts_on,
            ends_on=identifier.ends_on,
        )
        for identifier in received
    ]
    if person.has_ins and all((one.system, one.value) != ours for one in going_out):
        going_out.insert(0, _our_ins(person))
    if not has_local_identifier(received):
        going_out.append(keys.of_person())
    return going_out


def _is_other_ins(identifier: PersonIdentifier, ours: tuple[str, str]) -> bool:
    return identifier.system in INS_SYSTEMS and (identifier.system, identifier.value) != ours


def _our_ins(person: Person) -> transit.BusinessIdentifier:
    return transit.BusinessIdentifier(
        value=person.ins_value,
        system=oid_system(person.ins_oid),
        type=INS_TYPES[person.ins_oid],
        use="official",
    )


def contacts_in_transit(person: Person, keys: Keys, cast_of: Cast) -> dict[UUID, transit.Contact]:
    """Return the persons around by their ids, in the order they were entered."""
    contacts = person.contacts.order_by("id")
    return {contact.pk: _contact(contact, keys, cast_of) for contact in contacts}


def _contact(contact: Contact, keys: Keys, cast_of: Cast) -> transit.Contact:
    identifier = keys.of(
        ItemKind.CONTACT, contact.pk, contact.received_identifier, contact.received_system
    )
    relation, protection_role = _links(contact)
    is_other = relation != contact.relation
    return transit.Contact(
        key=cast_of.item(contact.pk, identifier),
        identifier=identifier,
        family_name=contact.family_name,
        given_name=contact.given_name,
        civility=contact.civility,
        role=contact.role,
        relation=relation,
        protection_role=protection_role,
        telecoms=msgspec.convert(contact.telecoms, list[transit.Telecom]),
        addresses=msgspec.convert(contact.addresses, list[transit.Address]),
        comment=contact.comment,
        description=contact.description,
        is_emergency_contact=contact.is_emergency_contact,
        held_relation=contact.relation if is_other else transit.EMPTY,
        held_role=contact.protection_role if is_other else transit.EMPTY,
    )


def _links(contact: Contact) -> tuple[Coded, Coded]:
    """Return the family link and the role of protection, each from the list that TDDUI reads it by.

    A role of protection chosen as a link goes out as that role, or in plain words beside another.
    """
    relation, role = contact.relation, contact.protection_role
    if relation.system not in LINKS["protection_role"]:
        return relation, role
    if role in (transit.EMPTY, relation):
        return transit.EMPTY, relation
    return Coded(text=relation.label), role


def protections_in_transit(
    person: Person, contacts: Mapping[UUID, transit.Contact]
) -> dict[UUID, transit.Protection]:
    """Return the legal protections by id; the holder is named by its key among the contacts.

    One entered since these were read is not named.
    """
    keys: dict[UUID | None, str] = {one: contact.key for one, contact in contacts.items()}
    return {
        protection.pk: transit.Protection(
            key=protection.pk.urn,
            kind=protection.received_kind or _kind(protection),
            covers_person=protection.covers_person,
            covers_goods=protection.covers_goods,
            judged_on=protection.judged_on,
            ends_on=protection.ends_on,
            holder=keys.get(protection.holder_id, ""),
        )
        for protection in person.protections.order_by("id")
    }


def coverages_in_transit(person: Person) -> dict[UUID, transit.Coverage]:
    """Return the health covers by id."""
    return {
        coverage.pk: transit.Coverage(
            key=coverage.pk.urn,
            kind=coverage.received_kind or _kind(coverage),
            payer_name=coverage.payer_name,
            payer_number=coverage.payer_number,
            insured_number=coverage.insured_number,
            insured_link=coverage.insured_link,
            starts_on=coverage.starts_on,
            ends_on=coverage.ends_on,
        )
        for coverage in person.coverages.order_by("id")
    }


def _kind(chosen: LegalProtection | Coverage) -> Coded:
    """Return the kind chosen from our list; nothing for « autre », which says none."""
    if not chosen.kind:
        return transit.EMPTY
    return Coded(code=chosen.kind, text=chosen.get_kind_display())
