"""References being written: from the keys of a record to the addresses of the Bundle."""

import re
import uuid
from dataclasses import dataclass, field
from typing import Any

from virage.formats.values import THE_PERSON

ADDRESS = re.compile(r"[A-Z][A-Za-z]+/[A-Za-z0-9.-]{1,64}|[a-z][a-z0-9+.-]*:\S+")


def full_url(type_: str, key: str) -> str:
    """The address of an entry: always the same for the same object, and opaque."""
    return f"urn:uuid:{uuid.uuid5(uuid.NAMESPACE_URL, f'{type_}/{key}')}"


@dataclass
class References:
    """Where each key leads. What is not in the record goes out as it was received."""

    addresses: dict[str, str] = field(default_factory=dict)
    person: str = ""

    def add(self, type_: str, key: str) -> str:
        """Give an object its address."""
        self.addresses[key] = full_url(type_, key)
        return self.addresses[key]

    def to_person(self) -> dict[str, Any]:
        """A Reference to the usager."""
        return {"reference": self.person}

    def to(self, key: str) -> dict[str, Any]:
        """A Reference, or nothing. A plain name that is no address goes out as a label."""
        if not key:
            return {}
        if key in self.addresses or ADDRESS.fullmatch(key):
            return {"reference": self.addresses.get(key, key)}
        return {"display": key}

    def rewritten(self, value: Any) -> Any:
        """A resource kept verbatim, its references led to the addresses of this Bundle."""
        if isinstance(value, list):
            return [self.rewritten(each) for each in value]
        if not isinstance(value, dict):
            return value
        return {
            name: self._address(each)
            if name == "reference" and isinstance(each, str)
            else self.rewritten(each)
            for name, each in value.items()
        }

    def _address(self, key: str) -> str:
        return self.person if key == THE_PERSON else self.addresses.get(key, key)
