"""Journeys, and the Task resource of the two profiles « transport »."""

from decimal import Decimal
from typing import Any

from virage.formats.fhir import datatypes, writing
from virage.formats.fhir.bundle import Bundle, Entry
from virage.formats.fhir.element import Element
from virage.formats.fhir.names import UNITS
from virage.formats.fhir.references import References
from virage.formats.fhir.writing import Json, compact, listed
from virage.formats.tddui.canonical import (
    PERSON_TRANSPORT,
    PROFESSIONAL_TRANSPORT,
    TRANSPORT_INPUTS,
    profiled,
)
from virage.formats.tddui.identifiers import ITEM_SYSTEMS, ItemKind
from virage.formats.tddui.record import Event, Transport
from virage.foundation.coded import Coded

PROFILES = {
    PERSON_TRANSPORT: ItemKind.PERSON_TRANSPORT,
    PROFESSIONAL_TRANSPORT: ItemKind.PROFESSIONAL_TRANSPORT,
}


def transport_kind(entry: Entry) -> ItemKind | None:
    """What kind of journey a Task is, from its profile or the registry of its number, if any."""
    system = entry.resource.first("identifier").value.get("system")
    claimed = [kind for profile, kind in PROFILES.items() if entry.claims(profile)]
    numbered = [kind for kind in PROFILES.values() if system == ITEM_SYSTEMS[kind]]
    return next(iter(claimed + numbered), None)


def read_transport(entry: Entry, bundle: Bundle) -> Transport:
    task = entry.resource
    period = task.child("executionPeriod")
    is_professional = transport_kind(entry) == ItemKind.PROFESSIONAL_TRANSPORT
    if task.value.get("intent") == "plan":
        task.ignore("intent")
    transport = Transport(
        key=entry.key,
        path=task.path,
        identifier=datatypes.identifier(task.first("identifier")),
        traveller="professional" if is_professional else "usager",
        professional=bundle.key_of(task.child("for")) if is_professional else "",
        structure=bundle.key_of(task.child("owner")),
        status=datatypes.required_code(task, "status"),
        mode=datatypes.coded(task.child("code")),
        starts_at=period.instant("start"),
        ends_at=period.instant("end"),
    )
    inputs = {
        str(each.child("type").first("coding").value.get("code")): each
        for each in reversed(task.children("input"))
    }
    _read_inputs(transport, _Inputs(inputs))
    return transport


class _Inputs:
    """The inputs of a Task by their code; one that cannot be read whole stays unread."""

    def __init__(self, by_code: dict[str, Element]) -> None:
        self._by_code = by_code

    def _taken(self, code: str, name: str) -> Element:
        """The input of that code when it holds such a value, its type counted as read."""
        each = self._by_code.get(code, Element.empty())
        if name not in each.value:
            return Element.empty()
        datatypes.is_typed(each, Coded(TRANSPORT_INPUTS, code))
        return each

    def coded(self, code: str) -> Coded:
        name = "valueCodeableConcept"
        return datatypes.coded(self._taken(code, name).child(name))

    def flag(self, code: str) -> bool | None:
        return self._taken(code, "valueBoolean").flag("valueBoolean")

    def money(self, code: str) -> Decimal | None:
        return self._measure(code, "valueMoney", {"currency": "EUR"})

    def measure(self, code: str, name: str, unit: str) -> Decimal | None:
        return self._measure(code, name, {"code": unit, "system": UNITS})

    def _measure(self, code: str, name: str, unit: dict[str, str]) -> Decimal | None:
        """A measure in the unit that our field has; another unit is not converted."""
        value = self._by_code.get(code, Element.empty()).child(name)
        if not unit.items() <= value.value.items():
            return None
        measure = self._taken(code, name).child(name)
        measure.ignore("unit", *unit)
        return measure.decimal("value")


def _read_inputs(transport: Transport, inputs: _Inputs) -> None:
    transport.motorisation = inputs.coded("typeMotorisation")
    transport.nature = inputs.coded("natureTransport")
    transport.planned_cost = inputs.money("budgetPrevisionnel")
    transport.actual_cost = inputs.money("budgetReel")
    transport.distance_km = inputs.measure("distance", "valueDistance", "km")
    transport.planned_minutes = inputs.measure("dureeTheorique", "valueDuration", "min")
    transport.is_accompanied = inputs.flag("accompagnement")
    transport.is_aseptic = inputs.flag("asepsie")


def write_transport(transport: Transport, event: Event, references: References) -> Json:
    is_professional = transport.traveller == "professional"
    period = {
        "start": writing.instant(transport.starts_at),
        "end": writing.instant(transport.ends_at),
    }
    return compact(
        {
            "resourceType": "Task",
            "meta": profiled(PROFESSIONAL_TRANSPORT if is_professional else PERSON_TRANSPORT),
            "identifier": listed(writing.identifier(transport.identifier)),
            **writing.required_code("status", transport.status),
            "intent": "plan",
            "code": writing.codeable(transport.mode),
            "for": references.to(transport.professional) if is_professional else {},
            "encounter": references.to(event.key),
            "executionPeriod": compact(period),
            "owner": references.to(transport.structure),
            "input": _written_inputs(transport),
        }
    )


def _written_inputs(transport: Transport) -> list[Json]:
    distance = writing.quantity(transport.distance_km, "kilometers", "km")
    duration = writing.quantity(transport.planned_minutes, "minutes", "min")
    return listed(
        _input("typeMotorisation", "CodeableConcept", writing.codeable(transport.motorisation)),
        _input("budgetPrevisionnel", "Money", _money(transport.planned_cost)),
        _input("budgetReel", "Money", _money(transport.actual_cost)),
        _input("distance", "Distance", distance),
        _input("dureeTheorique", "Duration", duration),
        _input("accompagnement", "Boolean", transport.is_accompanied),
        _input("asepsie", "Boolean", transport.is_aseptic),
        _input("natureTransport", "CodeableConcept", writing.codeable(transport.nature)),
    )


def _money(value: Decimal | None) -> Json:
    return {} if value is None else {"value": value, "currency": "EUR"}


def _input(code: str, kind: str, value: Any) -> Json:
    written = compact({f"value{kind}": value})
    type_ = {"coding": [{"system": TRANSPORT_INPUTS, "code": code}]}
    return {"type": type_, **written} if written else {}
