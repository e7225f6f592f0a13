"""A transaction Bundle being read: its entries, their addresses and the references between them."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from virage.formats.fhir.element import Element
from virage.formats.outcome import Finding, Limits, Unreadable

VERSIONED = re.compile(r"/_history/[^/]+$")
RESTFUL = re.compile(r"(?:.*/)?([A-Z][A-Za-z]+/[A-Za-z0-9.-]{1,64})$")
GENERATED = {"generated", "extensions", "empty"}
"""Narratives that only repeat the resource."""


@dataclass
class Entry:
    """One entry, and what became of it.

    `key` is what the record calls it, `owner` the object of ours that holds what was read of it.
    """

    address: str
    envelope: Element
    resource: Element
    key: str = ""
    owner: str = ""
    is_event: bool = False

    @property
    def type(self) -> str:
        return str(self.resource.value["resourceType"])

    def profiles(self) -> list[str]:
        """The profiles that the resource claims, with their version when it is given."""
        meta = self.resource.value.get("meta")
        profiles = meta.get("profile") if isinstance(meta, dict) else None
        listed = profiles if isinstance(profiles, list) else []
        return [each for each in listed if isinstance(each, str)]

    def claims(self, profile: str) -> bool:
        """Whether the resource claims a profile, whatever its version."""
        return any(each.partition("|")[0] == profile for each in self.profiles())


@dataclass
class Bundle:
    """The entries in their order, and what each address leads to."""

    element: Element
    entries: list[Entry] = field(default_factory=list)
    by_address: dict[str, Entry] = field(default_factory=dict)

    def of_type(self, *types: str) -> Iterator[Entry]:
        return (entry for entry in self.entries if entry.type in types)

    def resolve(self, reference: str) -> Entry | None:
        """The entry that a reference leads to, by its full address or by type and id."""
        address = VERSIONED.sub("", reference)
        relative = RESTFUL.fullmatch(address)
        return self.by_address.get(address) or (
            self.by_address.get(relative.group(1)) if relative else None
        )

    def target(self, reference: Element) -> Entry | None:
        """The entry that a Reference leads to. Its own label of it is not needed then."""
        entry = self.resolve(str(reference.value.get("reference", "")))
        if entry:
            reference.ignore("reference", "type", "display")
        return entry

    def key_of(self, reference: Element) -> str:
        """The key of what a Reference leads to; outside the file, the reference as received."""
        entry = self.target(reference)
        if entry:
            return entry.key
        address = reference.text("reference")
        if not address:
            return reference.text("display")
        reference.report("reference_outside_bundle", "reference", address)
        return address


def open_bundle(value: dict[str, Any], limits: Limits, findings: list[Finding]) -> Bundle:
    """Open a transaction; refuse another type, another verb than POST, an ambiguous address."""
    bundle = Bundle(Element.top(value, "Bundle", findings))
    if bundle.element.text("type") != "transaction":
        raise Unreadable(Finding("not_a_transaction", "Bundle.type", str(value.get("type", ""))))
    for element in bundle.element.children("entry", most=limits.entries):
        entry = _open_entry(element, findings)
        bundle.entries.append(entry)
        for address in _addresses(entry):
            if address in bundle.by_address:
                raise Unreadable(Finding("duplicate_full_url", f"{element.path}.fullUrl", address))
            bundle.by_address[address] = entry
    return bundle


def _open_entry(element: Element, findings: list[Finding]) -> Entry:
    resource = element.child("resource")
    type_ = resource.value.get("resourceType")
    if not isinstance(type_, str) or not type_:
        raise Unreadable(Finding("missing_required", f"{element.path}.resource"))
    # The path of a resource says what it is: « Bundle.entry[2].Encounter.period.start ».
    named = Element(resource.value, element, type_, findings)
    element.ignore("resource")
    _check_request(element.child("request"), type_)
    _ignore_structure(named)
    return Entry(element.text("fullUrl"), element, named)


def _check_request(request: Element, type_: str) -> None:
    if request.text("method") != "POST":
        method = str(request.value.get("method", ""))
        raise Unreadable(Finding("method_not_post", f"{request.path}.method", method))
    url = request.text("url")
    if url != type_:
        is_profile = url.startswith("TDDUI")
        request.report(
            "request_url_is_profile" if is_profile else "request_url_mismatch", "url", url
        )


def _ignore_structure(resource: Element) -> None:
    """Count as read what says nothing of the person (the closed list of docs/transfer.md)."""
    resource.ignore("resourceType", "id", "language")
    resource.child("meta").ignore("profile", "versionId")
    if str(resource.child("text").value.get("status")) in GENERATED:
        resource.ignore("text")
    if resource.value.get("active") is True:
        resource.ignore("active")


def _addresses(entry: Entry) -> set[str]:
    """The full address of an entry, and `Type/id` however the sender writes its references."""
    relative = RESTFUL.fullmatch(entry.address)
    identifier = entry.resource.value.get("id")
    if relative:
        return {entry.address, relative.group(1)}
    if isinstance(identifier, str) and identifier:
        return {address for address in (entry.address, f"{entry.type}/{identifier}") if address}
    return {entry.address} if entry.address else set()
