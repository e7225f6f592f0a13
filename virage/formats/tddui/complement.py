"""The complement: what TDDUI cannot carry, as versioned JSON beside the Bundle's resources.

It is made from the marks of `record.py`: each field marked `outside()` that says something, by the
key of its object and its path inside it; whole objects when all their fields are marked; and the
parts received that have no field of ours. `keys` gives back the keys that an address replaced.

It is read like any other file: a complement that does not fit its Bundle refuses the file.
"""

from collections.abc import Iterator, Mapping
from dataclasses import MISSING, Field, fields, is_dataclass
from datetime import date, datetime
from functools import cache
from typing import Any, get_type_hints

import msgspec

from virage.formats.outcome import Finding, Limits, Unreadable
from virage.formats.tddui.record import (
    OUTSIDE_TDDUI,
    Coverage,
    Item,
    Leftover,
    Note,
    Protection,
    TransferRecord,
)
from virage.foundation.calendar import is_in_calendar

FORMAT = "virage-complement"
VERSION = 2
WHOLE = {"protections": Protection, "coverages": Coverage, "notes": Note, "leftovers": Leftover}
"""The lists of the record whose objects go entirely in the complement."""

Json = dict[str, Any]


def build_complement(record: TransferRecord, keys: Mapping[str, str]) -> Json:
    """The complement of a record, or nothing when TDDUI says it all."""
    outside = {
        item.key: found for item in items_of(record) if (found := dict(_outside_fields(item)))
    }
    whole = {name: _whole(record, name) for name in WHOLE}
    parts = {
        "keys": dict(keys),
        "record": dict(_outside_fields(record)),
        "fields": outside,
        **whole,
    }
    said = {name: part for name, part in parts.items() if part}
    return {"format": FORMAT, "version": VERSION, **said} if said else {}


def apply_complement(record: TransferRecord, complement: Json, limits: Limits) -> None:
    """Give a record what its complement says; refuse a complement that does not fit it, or that
    holds more objects than a file may have entries.
    """
    try:
        if _objects_of(complement) > limits.entries:
            raise Unreadable(Finding("too_many_entries", FORMAT))
        _apply_fields(record, complement.get("record", {}))
        items = {item.key: item for item in items_of(record)}
        for key, values in complement.get("fields", {}).items():
            _apply_fields(items[key], values)
        for name, kind in WHOLE.items():
            found = _converted(complement.get(name, []), list[kind])  # type: ignore[valid-type]
            if any(_is_resource(each) for each in found):
                raise ValueError("a resource comes as an entry")
            getattr(record, name).extend(found)
    except (AttributeError, IndexError, KeyError, TypeError, ValueError) as error:
        raise Unreadable(Finding("resource_invalid", FORMAT, str(error)[:100])) from error


def _objects_of(complement: Json) -> int:
    """How many objects a complement holds, the former versions of a note included."""
    return sum(
        1 + len(each.get("former_versions", []))
        for name in WHOLE
        for each in complement.get(name, [])
    )


def items_of(record: TransferRecord) -> Iterator[Item]:
    """Every object of the record that has a key, those inside another one included."""
    for value in vars(record).values():
        for item in value if isinstance(value, list) else [value]:
            if isinstance(item, Item):
                yield item
                yield from getattr(item, "transports", [])


def _whole(record: TransferRecord, name: str) -> list[Json]:
    """The objects of a list, but the resources kept whole: these go out as entries."""
    items = [item for item in getattr(record, name) if not _is_resource(item)]
    written = [msgspec.to_builtins(item) for item in items]
    return [{part: value for part, value in each.items() if part != "path"} for each in written]


def _is_resource(item: Item) -> bool:
    return isinstance(item, Leftover) and item.kind == "fhir-resource"


def _outside_fields(value: Any, prefix: str = "") -> Iterator[tuple[str, Any]]:
    """The marked fields that say something, by their path inside their object."""
    if isinstance(value, list):
        for place, each in enumerate(value):
            if not isinstance(each, Item):
                yield from _outside_fields(each, f"{prefix}{place}.")
    elif is_dataclass(value) and not isinstance(value, type):
        if type(value) in WHOLE.values():
            return
        for each in fields(value):
            part = getattr(value, each.name)
            if each.metadata == OUTSIDE_TDDUI:
                if part != _default(each):
                    yield f"{prefix}{each.name}", msgspec.to_builtins(part)
            elif not isinstance(part, Item):
                yield from _outside_fields(part, f"{prefix}{each.name}.")


def _default(each: "Field[Any]") -> Any:
    return each.default if each.default_factory is MISSING else each.default_factory()


def _apply_fields(item: Any, values: Json) -> None:
    for path, value in values.items():
        *steps, name = path.split(".")
        target = item
        for step in steps:
            target = target[int(step)] if isinstance(target, list) else getattr(target, step)
        kind: type = type(target)
        setattr(target, name, _converted(value, _outside_types(kind)[name]))


def _converted(value: Any, kind: Any) -> Any:
    """A JSON value as what it stands for; its dates are those of a calendar, with their zone."""
    found = msgspec.convert(value, kind)
    for each in _dates_of(found):
        if not is_in_calendar(each) or (isinstance(each, datetime) and each.tzinfo is None):
            raise ValueError(f"no date of ours: {each}")
    return found


def _dates_of(value: Any) -> Iterator[date]:
    if isinstance(value, date):
        yield value
    elif isinstance(value, list):
        for each in value:
            yield from _dates_of(each)
    elif is_dataclass(value):
        for part in fields(value):
            yield from _dates_of(getattr(value, part.name))


@cache
def _outside_types(kind: type) -> dict[str, Any]:
    """The types of the marked fields of a class: no other field can be set from a complement."""
    hints = get_type_hints(kind)
    return {each.name: hints[each.name] for each in fields(kind) if each.metadata == OUTSIDE_TDDUI}
