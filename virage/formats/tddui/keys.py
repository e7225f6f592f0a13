"""How the objects of a Bundle are called: by their business identifier, else by their address."""

from collections.abc import Mapping
from typing import Any

from virage.formats.fhir.bundle import Bundle, Entry
from virage.formats.fhir.names import NATIONAL_PROFESSIONAL, NATIONAL_STRUCTURE
from virage.formats.fhir.references import full_url
from virage.formats.tddui.identifiers import ITEM_SYSTEMS, PERSON_SYSTEM, ItemKind

PREFERRED = {
    "Patient": {PERSON_SYSTEM},
    "Organization": {NATIONAL_STRUCTURE},
    "Practitioner": {NATIONAL_PROFESSIONAL},
}
FILE_NUMBER_TYPE = "NUMDOSS"


def natural_key(resource: Mapping[str, Any]) -> str:
    """The business identifier of a resource: the guide's own, else the first with a value."""
    preferred = PREFERRED.get(str(resource.get("resourceType")), {ITEM_SYSTEMS[ItemKind.STAY]})
    identifiers = [*_listed(resource.get("masterIdentifier")), *_listed(resource.get("identifier"))]
    values = [
        (str(each.get("system")) not in preferred, str(each["value"]))
        for each in identifiers
        if each.get("value") and not _is_file_number(each)
    ]
    return min(values, key=lambda each: each[0])[1] if values else ""


def name_entries(bundle: Bundle, known: Mapping[str, str]) -> None:
    """Give every entry its key, each key once; `known` are keys told by address.

    What refers to the address that we would make from a key means the entry of that key, even when
    the entry lost its own.
    """
    taken = set()
    for entry in bundle.entries:
        entry.key = known.get(entry.address, "")
        taken.add(entry.key)
    for entry in bundle.entries:
        key = entry.key or natural_key(entry.resource.value)
        if not entry.key and (key in taken or not key):
            key = _address(entry)
        entry.key = key
        taken.add(key)
    for entry in bundle.entries:
        bundle.by_address.setdefault(full_url(entry.type, entry.key), entry)


def _address(entry: Entry) -> str:
    identifier = entry.resource.value.get("id")
    is_named = isinstance(identifier, str) and identifier
    return f"{entry.type}/{identifier}" if is_named else entry.address or entry.resource.path


def _is_file_number(identifier: Mapping[str, Any]) -> bool:
    """Whether an identifier is the administrative number of a stay, which names a paper file."""
    type_ = identifier.get("type")
    codings = _listed(type_.get("coding")) if isinstance(type_, dict) else []
    return any(each.get("code") == FILE_NUMBER_TYPE for each in codings)


def _listed(value: Any) -> list[Mapping[str, Any]]:
    values = value if isinstance(value, list) else [value]
    return [each for each in values if isinstance(each, dict)]
