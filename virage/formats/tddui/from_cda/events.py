"""The events of the usager's agenda: section FR-Evenements, entries FR-Evenement."""

import re

from virage.formats.cda.datatypes import coded, moment, postal_address, resolve, truth
from virage.formats.cda.node import Node
from virage.formats.tddui.from_cda.draft import Draft
from virage.formats.tddui.from_cda.notes import (
    INTERNAL_REFERENCE,
    latest_status,
    observed,
    observed_code,
    read_comments,
    simple_observations,
)
from virage.formats.tddui.from_cda.transports import read_transports
from virage.formats.tddui.identifiers import ItemKind
from virage.formats.tddui.record import EMPTY, Event, UsedResource
from virage.foundation.coded import Coded

EVENT = "1.2.250.1.213.1.1.3.215"
AGENDA = "GEN-367"
KINDS_OF_TYPE = {"GEN-363", "GEN-364"}
"""SERAFIN reform, SSIAD reform: the list of the type says as much."""

OUTSIDE_SERVICE, PERSON_PRESENT = "GEN-347", "38887-6"
USED_RESOURCE, UPDATED_AT = "GEN-349", "106177-9"
STATUSES = {
    "PLANIFIE": "planned",
    "VALIDE": "triaged",
    "REALISE": "finished",
    "TERMINE": "finished",
    "ANNULE": "cancelled",
}
LABEL_AND_REASON = re.compile(r"Libellé\s*:\s*(.*?)\s*;\s*Motif\s*:\s*(.*)", re.DOTALL)


def read_events(draft: Draft, section: Node) -> None:
    """Every event of the section."""
    for entry in section.by_template("entry/encounter", EVENT):
        draft.record.events.append(_read_event(draft, entry))


def _read_event(draft: Draft, entry: Node) -> Event:
    identifier = draft.identifier(entry, ItemKind.EVENT)
    label, reason = _label_and_reason(entry.child("text"))
    report, comments = read_comments(entry)
    event = Event(
        key=draft.key(entry, identifier.value if identifier else ""),
        path=entry.path,
        identifier=identifier,
        types=_types(entry.child("code")),
        label=label,
        reason=reason,
        report=report,
        comments=comments,
        starts_at=moment(entry.child("effectiveTime/low")),
        ends_at=moment(entry.child("effectiveTime/high")),
    )
    entry.own(event.key)
    draft.aim(entry, event)
    for performer in entry.children("performer"):
        who = draft.professional(
            performer.child("assignedEntity"), performer.child("sdtc:functionCode")
        )
        if who and who not in event.professionals:
            event.professionals.append(who)
    for participant in entry.children("participant"):
        _read_participant(draft, event, participant)
    _read_status(event, entry)
    _read_observations(event, entry)
    event.transports = read_transports(draft, entry)
    for reference in entry.by_template("entryRelationship/act", INTERNAL_REFERENCE):
        draft.pointers.append((event, reference))
    return event


def _label_and_reason(text: Node) -> tuple[str, str]:
    """The guide puts « label and/or reason » in one text; the usual form tells them apart."""
    words = resolve(text)
    match = LABEL_AND_REASON.fullmatch(words)
    return (match[1], match[2]) if match else (words, "")


def _types(code: Node) -> list[Coded]:
    """The types: coded ones as qualifiers of « agenda », plain words beside."""
    words = resolve(code.child("originalText"))
    if code.peek("code") == AGENDA:
        code.recognise()
    types = [coded(code)] if code.peek("code") != AGENDA else []
    for qualifier in code.children("qualifier"):
        if qualifier.child("name").peek("code") in KINDS_OF_TYPE:
            qualifier.child("name").recognise()
        types.append(coded(qualifier.child("value")))
    return [each for each in [*types, Coded(text=words)] if each]


def _read_participant(draft: Draft, event: Event, participant: Node) -> None:
    role = participant.child("participantRole")
    if participant.peek("typeCode") == "LOC" and not event.place and not event.place_name:
        event.place_name = role.child("playingEntity/name").take_text()
        if role.child("addr").peek_text():
            event.place = postal_address(role.child("addr"))
    elif participant.peek("typeCode") == "RESP" and not event.structure:
        keeper = role.child("scopingEntity")
        event.structure = draft.structure(keeper, keeper.child("desc"))


def _read_status(event: Event, entry: Node) -> None:
    status = latest_status(entry)
    code = status.peek("code")
    if code in STATUSES:
        event.status = STATUSES[code]
        event.cancel_reason = coded(status.child("qualifier/value"))
        status.recognise()
        return
    if code:
        status.report("unknown_code", code)
    event.status = "planned" if entry.peek("moodCode") == "INT" else "finished"


def _read_observations(event: Event, entry: Node) -> None:
    found = simple_observations(entry)
    for observation in found.get(USED_RESOURCE, []):
        detail = coded(observation.child("value/qualifier/value"))
        kind = observed_code(observation)
        if kind != EMPTY:
            event.used_resources.append(UsedResource(type=kind, detail=detail))
    for observation in found.get(OUTSIDE_SERVICE, [])[:1]:
        event.is_outside_service = truth(observed(observation))
    for observation in found.get(PERSON_PRESENT, [])[:1]:
        event.was_person_present = truth(observed(observation))
    for observation in found.get(UPDATED_AT, [])[:1]:
        event.updated_at = moment(observed(observation))
