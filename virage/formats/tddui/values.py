"""What the objects of a record in transit are made of: identifiers, addresses, and the marks."""

from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from virage.foundation.coded import Coded

OUTSIDE_TDDUI = {"outside_tddui": True}
EMPTY = Coded()


def outside(default: Any = "") -> Any:
    """Declare a field that TDDUI cannot carry; a list or dict default is made afresh."""
    if isinstance(default, type):
        return field(default_factory=default, metadata=OUTSIDE_TDDUI)
    return field(default=default, metadata=OUTSIDE_TDDUI)


@dataclass(kw_only=True)
class Item:
    """What every object of the record in transit has."""

    key: str
    path: str = field(default="", compare=False)


@dataclass(kw_only=True)
class Written(Item):
    """What a team writes in a record: by whom, where, when it was entered, who may read it.

    `author` and `structure` are keys; the name and the profession are those of the time.
    """

    volet: str = outside()
    is_published: bool = outside(False)
    structure: str = outside()
    author: str = outside()
    author_name: str = outside()
    author_profession: str = outside()
    recorded_at: datetime | None = outside(None)


@dataclass(kw_only=True)
class BusinessIdentifier:
    """An identifier exactly as received or as ours is built in the form of the guide.

    On a stay or an event, an empty type is the one that the guide imposes there.
    """

    value: str
    system: str = ""
    type: Coded = EMPTY
    use: str = ""
    starts_on: date | None = None
    ends_on: date | None = None


@dataclass(kw_only=True)
class Address:
    """A postal address; `insee_code` is the commune, `country` the code as received."""

    use: str = ""
    house_number: str = ""
    street: str = ""
    lines: list[str] = field(default_factory=list)
    postal_code: str = ""
    city: str = ""
    district: str = ""
    state: str = ""
    country: str = ""
    insee_code: str = ""


@dataclass(kw_only=True)
class Telecom:
    """A telephone number or an e-mail address; `system` and `use` are FHIR's codes."""

    system: str
    value: str
    use: str = ""
