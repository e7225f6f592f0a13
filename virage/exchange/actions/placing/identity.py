"""Placing the person and her stays."""

from dataclasses import fields
from typing import Any

from virage.exchange.actions.placing.context import Placing
from virage.exchange.enums import LineLevel
from virage.exchange.queries.keys import known_rows
from virage.exchange.rules.matching import traits_are_sure, usable_ins
from virage.formats.fhir.names import oid_of
from virage.formats.tddui import record as transit
from virage.formats.tddui.identifiers import official_ins
from virage.foundation.access.enums import Reach
from virage.foundation.content import nomenclature
from virage.persons import actions
from virage.persons.enums import IdentifierKind, InsOid, StayStatus
from virage.persons.models import (
    Person,
    PersonAddress,
    PersonIdentifier,
    PersonTelecom,
    Stay,
)
from virage.persons.rules.identity import TRAITS, PersonTraits


def place_person(placing: Placing, person: Person | None) -> Person:
    """Create the person received, or complete the one already known without changing her traits.

    Known without an INS, she takes the one that the file holds for official.
    """
    received = placing.record.person
    if person is None:
        person = _create(placing, received)
        placing.report(LineLevel.CREATED, "Personne", received.path)
    else:
        placing.knew("Personne", received, person.pk)
        person = _with_ins(placing, person, received)
    _place_stays(placing, person)
    _place_numbers(placing, person, received)
    _place_addresses(placing, person, received)
    return person


def _create(placing: Placing, received: transit.Person) -> Person:
    ins = _official_ins(received)
    claims = nomenclature.get("identity_status").equivalent(received.claimed_status)
    traits = {name: getattr(received, name) for name in TRAITS}
    traits["birth_family_name"] = received.birth_family_name or received.used_family_name
    return actions.create_person(
        placing.actor,
        traits=PersonTraits(**traits),
        ins_value=ins.value if ins else "",
        ins_oid=oid_of(ins.system) if ins else "",
        claimed_status=received.claimed_status,
        is_doubtful=received.is_doubtful or "douteuse" in claims or not traits_are_sure(received),
        is_fictitious=received.is_fictitious or "fictive" in claims,
        is_homonym=received.is_homonym or "homonyme" in claims,
        is_received=True,
    )


def _with_ins(placing: Placing, person: Person, received: transit.Person) -> Person:
    """Give a person without INS the one received, if its key is right.

    Not one that a hand took off or that came before as an old one: a human says which it is.
    """
    ins = _official_ins(received)
    if person.has_ins or ins is None or (ins.value, oid_of(ins.system)) not in usable_ins(received):
        return person
    if (ins.system, ins.value) in person.identifiers.values_list("system", "value"):
        placing.report(LineLevel.KEPT, "Matricule INS", received.path, "ins_set_aside")
        return person
    placing.report(LineLevel.CREATED, "Matricule INS", received.path)
    return actions.set_ins(
        placing.actor,
        person=person,
        expected_version=person.version,
        value=ins.value,
        oid=oid_of(ins.system),
        is_received=True,
    )


def _official_ins(received: transit.Person) -> transit.BusinessIdentifier | None:
    """Return the INS that the file holds for official: an old one is a number among others."""
    official = official_ins(received.identifiers)
    return next((one for one in official if len(one.value) <= 15), None)


def _place_stays(placing: Placing, person: Person) -> None:
    """Place the stays; a file without any still opens the record where it is received."""
    placing.stays |= known_rows(person.stays.all(), placing.record.stays)
    held = {one.pk: one for one in person.stays.select_related("unit", "room")}
    new = []
    for received in placing.record.stays:
        if known := placing.stays.get(received.key):
            stay = held[known]
            placing.knew("Séjour", received, known)
        else:
            stay = _stay(placing, received)
            new.append(stay)
            placing.report(LineLevel.CREATED, "Séjour", received.path)
            placing.stays[received.key] = stay.pk
        _keep_places(placing, received, stay)
    actions.receive_stays(placing.actor, person=person, stays=new)
    if not _is_opened_here(placing, person):
        waiting = Stay(
            establishment=placing.establishment,
            unit=placing.unit,
            # Nothing says that she is still to come: the unit chosen reads the record.
            status=StayStatus.UNKNOWN,
            comment="Séjour à compléter : le dossier reçu n’en contient pas ici.",
        )
        actions.receive_stays(placing.actor, person=person, stays=[waiting])
        placing.report(LineLevel.CREATED, "Séjour à compléter", "")


def _is_opened_here(placing: Placing, person: Person) -> bool:
    """Whether her stays open the record where it is received: to the establishment, and to the unit
    of who brings it, when he is in one.
    """
    actor, here = placing.actor, person.stays.filter(establishment=placing.establishment)
    if actor.reach == Reach.UNITS:
        here = here.open_to_unit_at(actor.at).filter(unit__in=actor.unit_ids)
    return here.exists()


# Columns of a stay that keep the value received as it is.
STAY_COLUMNS = (
    *("file_number", "class_code", "service_type", "admitted_on", "entered_on", "exited_on"),
    *("planned_entry_on", "planned_exit_on", "entry_mode", "entry_label", "exit_mode"),
    *("exit_label", "comment", "reception_mode"),
)


def _stay(placing: Placing, received: transit.Stay) -> Stay:
    establishment = placing.establishment_of(received.structure)
    unit = None
    if establishment == placing.establishment:
        # The unit of a stranger may be called like one of ours: it opens the record to nobody.
        units = placing.units if placing.is_written_here(received.structure) else {}
        unit = units.get(received.unit_name, placing.unit)
    origin = placing.structures.get(received.origin)
    columns: dict[str, Any] = {name: getattr(received, name) for name in STAY_COLUMNS}
    return Stay(
        establishment=establishment,
        unit=unit,
        room=placing.rooms.get((unit.pk, received.room_name)) if unit else None,
        status=received.status or StayStatus.UNKNOWN,
        received_structure=placing.structures.get(received.structure),
        received_origin=origin,
        origin_name="" if origin else received.origin,
        received_identifier=received.identifier.value if received.identifier else "",
        received_system=received.identifier.system if received.identifier else "",
        **columns,
    )


def _keep_places(placing: Placing, received: transit.Stay, stay: Stay) -> None:
    """Keep apart the unit and the room of the sender that are none of ours."""
    places = (("Unité", received.unit_name, stay.unit), ("Chambre", received.room_name, stay.room))
    for kind, name, ours in places:
        if name and (ours is None or ours.name != name):
            placing.keep_apart(received, f"{kind} : {name}")


def _place_numbers(placing: Placing, person: Person, received: transit.Person) -> None:
    known = set(person.identifiers.values_list("system", "value"))
    new = [
        PersonIdentifier(
            kind=_kind_of_number(one),
            value=one.value,
            system=one.system,
            type=one.type,
            use=one.use,
            starts_on=one.starts_on,
            ends_on=one.ends_on,
            position=position,
        )
        for position, one in enumerate(received.identifiers, start=len(known))
        if (one.system, one.value) not in known
    ]
    actions.receive_surroundings(placing.actor, person=person, items=new)


def _kind_of_number(identifier: transit.BusinessIdentifier) -> str:
    if oid_of(identifier.system) in InsOid.values:
        return IdentifierKind.INS
    code = identifier.type.code
    return code if code in IdentifierKind.values else IdentifierKind.OTHER


def _place_addresses(placing: Placing, person: Person, received: transit.Person) -> None:
    same = {"use": "", "system": "", "value": ""}
    known = {tuple(row) for row in person.telecoms.values_list(*same)}
    telecoms = [
        PersonTelecom(**vars(telecom), position=position)
        for position, telecom in enumerate(received.telecoms)
        if (telecom.use, telecom.system, telecom.value) not in known
    ]
    actions.receive_surroundings(placing.actor, person=person, items=telecoms)
    names = [field.name for field in fields(transit.Address)]
    held = [{name: getattr(one, name) for name in names} for one in person.addresses.all()]
    addresses = [
        PersonAddress(**vars(address), position=position)
        for position, address in enumerate(received.addresses)
        if vars(address) not in held
    ]
    actions.receive_surroundings(placing.actor, person=person, items=addresses)
