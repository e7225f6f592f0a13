"""Events, and the Encounter resource of the profile « évènement »."""

from dataclasses import replace

from virage.formats.fhir import datatypes, writing
from virage.formats.fhir.bundle import Bundle, Entry
from virage.formats.fhir.element import Element
from virage.formats.fhir.names import ABSENT_REASONS, FR_ENCOUNTER_IDENTIFIER_TYPES
from virage.formats.fhir.references import References
from virage.formats.fhir.writing import Json, compact, extension, listed
from virage.formats.tddui.canonical import (
    ATTACHMENT,
    CANCEL_REASON,
    COMMENT,
    EVENT,
    EVENT_LABEL,
    EVENT_REASON,
    EVENT_REPORT,
    LOCATION,
    OTHER_CANCEL_REASON,
    OUTSIDE_SERVICE,
    PERSON_CONFIRMATION,
    PERSON_PRESENT,
    RESOURCES_USED,
    profiled,
)
from virage.formats.tddui.record import EMPTY, Event, UsedResource
from virage.formats.tddui.resources.stay import read_class, write_class
from virage.foundation.coded import Coded

EVENT_NUMBER = Coded(FR_ENCOUNTER_IDENTIFIER_TYPES, "VN")
IN_PLAIN_WORDS = Coded(ABSENT_REASONS, "not-permitted", "Not Permitted")
"""The code that the guide puts beside a type of event in plain words."""

PARTICIPANT, STATUS_AUTHOR = "PART", "AUT"
FACILITY = "ORG-207"
"""The type of resource whose detail is a place; the others' is equipment."""


def read_event(entry: Entry, bundle: Bundle) -> Event:
    encounter = entry.resource
    period = encounter.child("period")
    event = Event(
        key=entry.key,
        path=encounter.path,
        identifier=datatypes.identifier(encounter.first("identifier"), EVENT_NUMBER),
        status=datatypes.required_code(encounter, "status"),
        class_code=read_class(encounter),
        types=[type_ for each in encounter.children("type") if (type_ := _type(each)) != EMPTY],
        label=encounter.extension(EVENT_LABEL).text("valueString"),
        reason=encounter.extension(EVENT_REASON).text("valueString"),
        report=encounter.extension(EVENT_REPORT).text("valueString"),
        comments=_comments(encounter),
        starts_at=period.instant("start"),
        ends_at=period.instant("end"),
        updated_at=encounter.child("meta").instant("lastUpdated"),
        stay=bundle.key_of(encounter.child("partOf")),
        structure=bundle.key_of(encounter.child("serviceProvider")),
        professionals=_professionals(encounter, bundle),
        used_resources=_used_resources(encounter),
        was_person_present=encounter.extension(PERSON_PRESENT).flag("valueBoolean"),
        was_confirmed_by_person=encounter.extension(PERSON_CONFIRMATION).flag("valueBoolean"),
        is_outside_service=encounter.extension(OUTSIDE_SERVICE).flag("valueBoolean"),
        cancel_reason=_cancel_reason(encounter.child("_status")),
    )
    _read_place(event, encounter, bundle)
    return event


def _type(element: Element) -> Coded:
    type_ = datatypes.coded(element)
    is_plain = (type_.system, type_.code) == (IN_PLAIN_WORDS.system, IN_PLAIN_WORDS.code)
    return Coded(text=type_.text) if is_plain and type_.text else type_


def _comments(encounter: Element) -> list[str]:
    comments = [each.text("valueString") for each in encounter.extensions(COMMENT)]
    return [comment for comment in comments if comment]


def _cancel_reason(status: Element) -> Coded:
    reason = status.extension(CANCEL_REASON, OTHER_CANCEL_REASON)
    return datatypes.coded(reason.child("valueCodeableConcept"))


def _professionals(encounter: Element, bundle: Bundle) -> list[str]:
    """The participants that are professionals; relatives and the status's author stay unread."""
    professionals: list[str] = []
    for participant in encounter.children("participant"):
        role = participant.first("type").first("coding").value.get("code")
        individual = participant.child("individual")
        entry = bundle.resolve(str(individual.value.get("reference", "")))
        is_professional = entry is None or entry.type in ("Practitioner", "PractitionerRole")
        if is_professional and role != STATUS_AUTHOR:
            professionals.extend(filter(None, [bundle.key_of(individual)]))
            if role == PARTICIPANT:
                participant.ignore("type")
    return professionals


def _used_resources(encounter: Element) -> list[UsedResource]:
    used = []
    for each in encounter.extensions(RESOURCES_USED):
        detail = each.extension("TDDUIMaterialDetail", "TDDUIFacilityResource")
        resource = UsedResource(
            type=datatypes.coded(
                each.extension("TDDUIRessourceType").child("valueCodeableConcept")
            ),
            detail=datatypes.coded(detail.child("valueCodeableConcept")),
        )
        if resource != UsedResource():
            used.append(resource)
    return used


def _read_place(event: Event, encounter: Element, bundle: Bundle) -> None:
    """Copy the place into the event; a place outside the file stays a reference, unread."""
    reference = encounter.first("location").child("location")
    address = str(reference.value.get("reference", ""))
    entry = bundle.resolve(address)
    if entry is None or entry.type != "Location":
        if address:
            reference.report("reference_outside_bundle", "reference", address)
        return
    bundle.target(reference)
    entry.key, entry.owner = place_key(event), event.key
    event.place_name = entry.resource.text("name")
    place = entry.resource.child("address")
    event.place = datatypes.address(place) if place else None
    if entry.resource.value.get("status") == "active":
        entry.resource.ignore("status")


def place_key(event: Event) -> str:
    """The key of the place of an event, which our record keeps inside the event."""
    return f"{event.key}#lieu"


def write_place(event: Event) -> Json:
    """The place, or an empty resource when the event has none."""
    if not event.place_name and event.place is None:
        return {}
    return compact(
        {
            "resourceType": "Location",
            "meta": profiled(LOCATION),
            "name": event.place_name,
            "address": writing.address(event.place),
        }
    )


def write_event(event: Event, references: References, attachments: list[str]) -> Json:
    """The event; `attachments` are the keys of its documents."""
    place = references.to(place_key(event)) if write_place(event) else {}
    period = {"start": writing.instant(event.starts_at), "end": writing.instant(event.ends_at)}
    meta = profiled(EVENT) | compact({"lastUpdated": writing.instant(event.updated_at)})
    return compact(
        {
            "resourceType": "Encounter",
            "meta": meta,
            "extension": [
                *_written_extensions(event),
                *(extension(ATTACHMENT, "Reference", references.to(key)) for key in attachments),
            ],
            "identifier": listed(writing.identifier(event.identifier, EVENT_NUMBER)),
            **_written_status(event),
            "class": write_class(event.class_code),
            "type": listed(*(_written_type(each) for each in event.types)),
            "subject": references.to_person(),
            "participant": [{"individual": references.to(key)} for key in event.professionals],
            "period": compact(period),
            "location": listed(compact({"location": place})),
            "serviceProvider": references.to(event.structure),
            "partOf": references.to(event.stay),
        }
    )


def _written_status(event: Event) -> Json:
    status = writing.required_code("status", event.status)
    if event.cancel_reason == EMPTY:
        return status
    reason = extension(CANCEL_REASON, "CodeableConcept", writing.codeable(event.cancel_reason))
    beside = status.get("_status", {}).get("extension", [])
    return status | {"_status": {"extension": [*beside, reason]}}


def _written_type(type_: Coded) -> Json:
    if type_.text and type_ == Coded(text=type_.text):
        return writing.codeable(replace(IN_PLAIN_WORDS, text=type_.text))
    return writing.codeable(type_)


def _written_extensions(event: Event) -> list[Json]:
    texts = (
        (EVENT_LABEL, event.label),
        (EVENT_REASON, event.reason),
        (EVENT_REPORT, event.report),
        *((COMMENT, comment) for comment in event.comments),
    )
    flags = (
        (PERSON_PRESENT, event.was_person_present),
        (PERSON_CONFIRMATION, event.was_confirmed_by_person),
        (OUTSIDE_SERVICE, event.is_outside_service),
    )
    return listed(
        *(_written_resource(each) for each in event.used_resources),
        *(extension(url, "String", text) for url, text in texts),
        *(extension(url, "Boolean", flag) for url, flag in flags),
    )


def _written_resource(used: UsedResource) -> Json:
    detail = "TDDUIFacilityResource" if used.type.code == FACILITY else "TDDUIMaterialDetail"
    return {
        "extension": listed(
            extension("TDDUIRessourceType", "CodeableConcept", writing.codeable(used.type)),
            extension(detail, "CodeableConcept", writing.codeable(used.detail)),
        ),
        "url": RESOURCES_USED,
    }
