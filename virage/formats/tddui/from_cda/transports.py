"""The journeys made for an event, of the usager or of a professional."""

from virage.formats.cda.datatypes import coded, moment, number, resolve, truth
from virage.formats.cda.node import Node
from virage.formats.tddui.from_cda.draft import Draft
from virage.formats.tddui.from_cda.notes import observed, simple_observations
from virage.formats.tddui.identifiers import ItemKind
from virage.formats.tddui.record import Transport

OF_USAGER = "1.2.250.1.213.1.1.3.24"
OF_PROFESSIONAL = "1.2.250.1.213.1.1.3.216"
MOTORISATION, NATURE = "GEN-346", "GEN-345"
DISTANCE, DURATION = "103208-5", "GEN-353"
ACTUAL_COST, PLANNED_COST = "ORG-200", "ORG-201"
ACCOMPANIED, ASEPTIC = "MED-1124", "275827007"


def read_transports(draft: Draft, event: Node) -> list[Transport]:
    """The journeys of an event, those of the usager first."""
    of_usager = event.by_template("entryRelationship/act", OF_USAGER)
    of_professional = event.by_template("entryRelationship/act", OF_PROFESSIONAL)
    return [_read_transport(draft, act, is_usager=True) for act in of_usager] + [
        _read_transport(draft, act, is_usager=False) for act in of_professional
    ]


def _read_transport(draft: Draft, act: Node, *, is_usager: bool) -> Transport:
    kind = ItemKind.PERSON_TRANSPORT if is_usager else ItemKind.PROFESSIONAL_TRANSPORT
    identifier = draft.identifier(act, kind)
    transport = Transport(
        key=draft.key(act, identifier.value if identifier else ""),
        path=act.path,
        identifier=identifier,
        traveller="usager" if is_usager else "professional",
        mode=coded(act.child("code"), resolve(act.child("text"))),
        starts_at=moment(act.child("effectiveTime/low")),
        ends_at=moment(act.child("effectiveTime/high")),
        structure=draft.organization(act.child("performer/assignedEntity/representedOrganization")),
    )
    act.own(transport.key)
    for participant in act.children("participant"):
        if participant.peek("typeCode") == "RCV" and not transport.professional:
            who = participant.child("participantRole")
            transport.professional = draft.professional(who, Node(act.document, None))
    for qualifier in act.children("code/qualifier"):
        _read_qualifier(transport, qualifier)
    _read_observations(transport, act)
    return transport


def _read_qualifier(transport: Transport, qualifier: Node) -> None:
    name = qualifier.child("name")
    if name.peek("code") == MOTORISATION and not transport.motorisation:
        transport.motorisation = coded(qualifier.child("value"))
        name.recognise()
    elif name.peek("code") == NATURE and not transport.nature:
        transport.nature = coded(qualifier.child("value"))
        name.recognise()


def _read_observations(transport: Transport, act: Node) -> None:
    """Kilometres, minutes and euros; a value in another unit is left over."""
    first = {code: each[0] for code, each in simple_observations(act).items()}
    nothing = Node(act.document, None)

    def value(code: str) -> Node:
        return observed(first.get(code, nothing))

    transport.distance_km = number(value(DISTANCE), "km")
    transport.planned_minutes = number(value(DURATION).child("width"), "min")
    transport.actual_cost = number(value(ACTUAL_COST), "EUR")
    transport.planned_cost = number(value(PLANNED_COST), "EUR")
    transport.is_accompanied = truth(value(ACCOMPANIED))
    transport.is_aseptic = truth(value(ASEPTIC))
