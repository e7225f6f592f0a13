"""What was received in FHIR and has no field of ours: named, and kept verbatim."""

import re
from collections.abc import Iterator
from typing import Any

from virage.formats.fhir.bundle import Bundle, Entry
from virage.formats.fhir.element import LONGEST_LIST
from virage.formats.fhir.writing import to_json
from virage.formats.outcome import Finding, Unreadable
from virage.formats.tddui.record import THE_PERSON, Leftover

LABELS = {
    "Patient": "Usager",
    "Organization": "Structure",
    "Practitioner": "Professionnel",
    "PractitionerRole": "Rôle du professionnel",
    "Encounter": "Séjour",
    "Location": "Lieu",
    "Task": "Action",
    "QuestionnaireResponse": "Évaluation",
    "Questionnaire": "Grille d’évaluation",
    "RelatedPerson": "Contact",
    "DocumentReference": "Document",
    "CarePlan": "Projet personnalisé",
    "Goal": "Attente ou objectif",
    "ServiceRequest": "Besoin",
    "Consent": "Accord",
    "Observation": "Observation",
    "Slot": "Présence ou absence",
    "Schedule": "Planning",
    "Basic": "Droit ou décision",
}
IN_ENTRY = re.compile(r"^Bundle\.entry\[\d+\]\.")
TITLES = ("title", "description", "name", "code")
"""The elements that name a resource best, in this order."""


def leftover_resource(entry: Entry, bundle: Bundle) -> Leftover:
    """A whole resource; its references outside the file, or to another person, are reported."""
    resource = entry.resource.value
    faults = (
        (code, path, address)
        for path, address in _references(resource, entry.resource.path)
        if (code := _fault_of(address, bundle))
    )
    for place, (code, path, address) in enumerate(faults):
        if place > LONGEST_LIST:
            raise Unreadable(Finding("too_many_entries", path))
        entry.resource.report(code, _below(path, entry), address)
    return Leftover(
        kind="fhir-resource",
        key=entry.key,
        path=entry.resource.path,
        title=title_of(resource),
        content=to_json(with_keys(resource, bundle)),
        profile=next(iter(entry.profiles()), ""),
    )


def leftover_elements(entry: Entry, bundle: Bundle) -> Iterator[Leftover]:
    """The parts of a resource that were not read."""
    owner = entry.owner or entry.key
    label = "Évènement" if entry.is_event else LABELS.get(entry.type, entry.type)
    for element in (entry.resource, entry.envelope):
        for path, value in element.rest():
            yield leftover_element(path, value, owner=owner, label=label, bundle=bundle)


def leftover_element(path: str, value: Any, *, owner: str, label: str, bundle: Bundle) -> Leftover:
    """One part of an object that was not read."""
    place = IN_ENTRY.sub("", path)
    return Leftover(
        kind="fhir-element",
        key=f"{owner}#{place}",
        path=path,
        title=f"{label} : {_named(place.partition('.')[2], value)}",
        content=to_json(with_keys(value, bundle)),
        owner=owner,
    )


def _named(name: str, value: Any) -> str:
    """What to call a part: the end of its extension's address, or its place in the resource."""
    url = value.get("url") if isinstance(value, dict) else None
    return str(url).rpartition("/")[2] if url else name


def title_of(resource: dict[str, Any]) -> str:
    """A short French title for a resource, with the words that name it when it has some."""
    label = LABELS.get(str(resource.get("resourceType")), str(resource.get("resourceType")))
    words = next(filter(None, (_words(resource.get(name)) for name in TITLES)), "")
    return f"{label} : {words[:100]}" if words else label


def _words(value: Any) -> str:
    match value:
        case str():
            return " ".join(value.split())
        case {"text": str(text)}:
            return " ".join(text.split())
        case {"coding": [{"display": str(display)}, *_]}:
            return display
    return ""


def with_keys(value: Any, bundle: Bundle) -> Any:
    """A JSON value with its references to other entries turned into the keys of the record."""
    if isinstance(value, list):
        return [with_keys(each, bundle) for each in value]
    if not isinstance(value, dict):
        return value
    return {
        name: _key(each, bundle)
        if name == "reference" and isinstance(each, str)
        else with_keys(each, bundle)
        for name, each in value.items()
    }


def _key(reference: str, bundle: Bundle) -> str:
    entry = bundle.resolve(reference)
    if entry is None:
        return reference
    return THE_PERSON if entry.type == "Patient" else entry.key


def _references(value: Any, path: str) -> Iterator[tuple[str, str]]:
    """Every reference inside a JSON value, with its path."""
    if isinstance(value, list):
        for place, each in enumerate(value):
            if isinstance(each, dict | list):
                yield from _references(each, f"{path}[{place}]")
    elif isinstance(value, dict):
        for name, each in value.items():
            if name == "reference" and isinstance(each, str):
                yield f"{path}.{name}", each
            elif isinstance(each, dict | list):
                yield from _references(each, f"{path}.{name}")


def _fault_of(address: str, bundle: Bundle) -> str:
    """The fault of a reference, if any; one that starts with # stays inside its resource."""
    target = bundle.resolve(address)
    if target is None:
        return "" if address.startswith("#") else "reference_outside_bundle"
    return "careplan_of_other_person" if _is_of_other_person(target, bundle) else ""


def _is_of_other_person(entry: Entry, bundle: Bundle) -> bool:
    """Whether a project names as its own someone else than the one usager of the file."""
    match entry.resource.value:
        case {"resourceType": "CarePlan", "subject": {"reference": str(address)}}:
            subject = bundle.resolve(address)
            return subject is None or subject.type != "Patient"
    return False


def _below(path: str, entry: Entry) -> str:
    return path.removeprefix(f"{entry.resource.path}.")
