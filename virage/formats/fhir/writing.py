"""FHIR's shared data types, written from our plain ones, and the canonical JSON text.

An empty value gives an empty object, which `compact` leaves out: FHIR refuses empty elements.
"""

from collections.abc import Iterable
from dataclasses import replace
from datetime import date, datetime
from decimal import Decimal
from typing import Any

import msgspec

from virage.formats.fhir.datatypes import street_line
from virage.formats.fhir.names import (
    ABSENT_REASON,
    COMMUNES,
    HOUSE_NUMBER,
    INSEE_CODE,
    ORIGINAL_TEXT,
    STREET_NAME,
    UNITS,
)
from virage.formats.values import EMPTY, Address, BusinessIdentifier, Telecom
from virage.foundation.coded import Coded

Json = dict[str, Any]
ENCODER = msgspec.json.Encoder(decimal_format="number")


def to_json(value: Any) -> str:
    """The text of a JSON value: no space, keys in their order, decimals with their own digits."""
    return ENCODER.encode(value).decode()


def compact(parts: Json) -> Json:
    """The parts that say something: neither absent, nor empty."""
    return {
        name: value
        for name, value in parts.items()
        if value is not None and value != "" and value != [] and value != {}
    }


def listed(*parts: Json) -> list[Json]:
    """The objects that are not empty."""
    return [part for part in parts if part]


def extension(url: str, kind: str, value: Any) -> Json:
    """An extension with a value of this type, empty without a value."""
    written = compact({f"value{kind}": value})
    return {"url": url, **written} if written else {}


def absent(reason: str = "unknown") -> Json:
    """What stands beside a primitive that FHIR requires and that nobody said."""
    return {"extension": [{"url": ABSENT_REASON, "valueCode": reason}]}


def required_code(name: str, code: str) -> Json:
    """A code that FHIR requires, or the sign that it is unknown."""
    return {name: code} if code else {f"_{name}": absent()}


def day(value: date | None) -> str:
    return value.isoformat() if value else ""


def instant(value: datetime | None) -> str:
    return value.isoformat() if value else ""


def coding(value: Coded) -> Json:
    return compact(
        {
            "extension": listed(extension(ORIGINAL_TEXT, "String", value.text)),
            "system": value.system,
            "version": value.version,
            "code": value.code,
            "display": value.display,
        }
    )


def codeable(value: Coded) -> Json:
    """A CodeableConcept: the code, and the text beside it."""
    return compact({"coding": listed(coding(replace(value, text=""))), "text": value.text})


def codeables(values: Iterable[Coded]) -> list[Json]:
    return listed(*(codeable(value) for value in values))


def identifier(value: BusinessIdentifier | None, usual_type: Coded = EMPTY) -> Json:
    """An Identifier; an empty type is written as the one that its place imposes."""
    if value is None:
        return {}
    return compact(
        {
            "use": value.use,
            "type": codeable(usual_type if value.type == EMPTY else value.type),
            "system": value.system,
            "value": value.value,
            "period": compact({"start": day(value.starts_on), "end": day(value.ends_on)}),
        }
    )


def telecoms(values: Iterable[Telecom]) -> list[Json]:
    return [
        compact({"system": value.system, "value": value.value, "use": value.use})
        for value in values
    ]


def address(value: Address | None) -> Json:
    """An Address; the number and the street make the first line, with their parts beside it."""
    if value is None:
        return {}
    line = street_line(value)
    parts = listed(
        extension(HOUSE_NUMBER, "String", value.house_number),
        extension(STREET_NAME, "String", value.street),
    )
    return compact(
        {
            "extension": insee_code(value.insee_code),
            "use": value.use,
            "line": [*filter(None, [line]), *value.lines],
            "_line": [{"extension": parts}, *(None for _ in value.lines)] if parts else [],
            "city": value.city,
            "district": value.district,
            "state": value.state,
            "postalCode": value.postal_code,
            "country": value.country,
        }
    )


def insee_code(code: str) -> list[Json]:
    """The extension that gives the commune of an address, or nothing."""
    return listed(
        extension(INSEE_CODE, "Coding", compact({"system": COMMUNES, "code": code}) if code else {})
    )


def quantity(value: Decimal | None, unit: str, code: str) -> Json:
    """A Quantity in a unit of UCUM, or nothing."""
    if value is None:
        return {}
    return {"value": value, "unit": unit, "system": UNITS, "code": code}
