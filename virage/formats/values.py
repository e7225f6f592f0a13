"""What the objects of a record are made of, whatever the wire: identifiers, addresses, telecoms."""

from dataclasses import dataclass, field
from datetime import date
from typing import Literal

from virage.foundation.coded import Coded

EMPTY = Coded()
THE_PERSON = "usager"
"""What a reference to the person reads as inside a leftover."""

Sex = Literal["", "male", "female", "unknown"]


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
