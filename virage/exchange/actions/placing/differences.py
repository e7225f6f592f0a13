"""What came again and says otherwise than we hold: to be kept apart, ours does not change."""

from collections.abc import Iterator, Mapping
from dataclasses import Field, fields, is_dataclass, replace
from typing import Any

import msgspec

from virage.exchange.actions.placing.context import Placing
from virage.exchange.queries.cast import Cast
from virage.exchange.queries.held import held_again
from virage.exchange.queries.person_in_transit import CLAIMED
from virage.exchange.queries.wording import TITLES
from virage.formats.tddui import record as transit
from virage.persons.enums import InsStatus
from virage.persons.models import Person

# Not compared: what names an object, bytes, which are another document when they differ, an instant
# of update, which alone is no news, and the unit and the room, which are kept in words.
ASIDE = {"key", "path", "identifier", "photo", "content", "updated_at", "unit_name", "room_name"}
REFERENCES = {
    *("structure", "origin", "professional", "professionals", "author", "source"),
    *("withdrawn_by", "holder"),
    *("stay", "event", "evaluation"),
}


def differences(placing: Placing, person: Person) -> Iterator[transit.Leftover]:
    """Return, for each object that was known already, what it says otherwise than ours.

    To be called once everything is placed. A field left empty contradicts nothing; of a list, only
    the parts that we do not hold are returned.
    """
    of_file = placing.stays | placing.events | placing.evaluations
    keys = {our_id: key for key, our_id in of_file.items()}
    held = held_again(person, {our_id for _, our_id in placing.again}, keys)
    # What went out is the status that we claim; what the sender claimed is kept apart from it.
    ours = CLAIMED[InsStatus(person.ins_status)]
    names = _names(placing)
    for received, our_id in placing.again:
        said = dict(_said_otherwise(_named(received, names), held[our_id]))
        if said.get("claimed_status") == ours:
            del said["claimed_status"]
        if said:
            yield transit.Leftover(
                kind="differing",
                key=received.key,
                path=received.path,
                title=f"{TITLES[type(received)]} : {_otherwise(received)}",
                content=msgspec.json.format(msgspec.json.encode(_spoken(said))).decode(),
                owner=received.key,
            )


def _otherwise(received: transit.Item) -> str:
    """Say that an object came otherwise; a professional, of whom there are many, is named."""
    if not isinstance(received, transit.Professional):
        return "reçu autrement"
    named = f"{received.given_name} {received.family_name}".strip() or received.number
    return f"{named}, reçu autrement"


def _said_otherwise(received: transit.Item, held: transit.Item) -> Iterator[tuple[str, Any]]:
    for each in fields(received):
        said, ours = getattr(received, each.name), getattr(held, each.name)
        if isinstance(said, list):
            named = {_comparable(_unnamed(part)) for part in ours}
            said = [part for part in said if _comparable(_unnamed(part)) not in named]
        if each.name not in ASIDE and said != ours and not _is_silent(each, said):
            yield each.name, said


def _unnamed(part: Any) -> Any:
    """Return a journey without its own identifier, anything else as it is."""
    is_journey = isinstance(part, transit.Transport)
    return replace(part, key="", identifier=None) if is_journey else part


def _comparable(part: Any) -> Any:
    """Return a part of a list as what a set can hold: equal when the parts are."""
    if isinstance(part, list):
        return tuple(_comparable(one) for one in part)
    if is_dataclass(part):
        said = (getattr(part, each.name) for each in fields(part) if each.compare)
        return tuple(_comparable(one) for one in said)
    return part


def _is_silent(each: "Field[Any]", said: Any) -> bool:
    """Whether a field says nothing: it is empty, or a flag that a file lowers by not knowing it."""
    is_lowered = said is False and each.default is False
    return is_lowered or said in ("", None, [], transit.EMPTY)


def _named(item: transit.Item, names: Mapping[str, str]) -> transit.Item:
    """Return an object of the file that names the others as ours do."""
    changes: dict[str, Any] = {}
    for each in fields(item):
        value = getattr(item, each.name)
        if each.name in REFERENCES:
            changes[each.name] = (
                [names.get(key, key) for key in value]
                if isinstance(value, list)
                else names.get(value, value)
            )
        elif each.name == "transports":
            changes[each.name] = [_named(one, names) for one in value]
    return replace(item, **changes)


def _names(placing: Placing) -> dict[str, str]:
    """Return how ours name what the file names by its keys.

    Without a business identifier an object has another key in each file: a link to it says nothing
    that can be compared.
    """
    cast, record = Cast(), placing.record
    return (
        {one.key: "" for one in record.stays if one.identifier is None}
        | {one.key: "" for one in record.events if one.identifier is None}
        | {one.key: "" for one in record.evaluations if one.identifier is None}
        | {one.key: "" for one in record.contacts if one.identifier is None}
        | {key: cast.received_structure(one) for key, one in placing.structures.items()}
        | {key: cast.professional(one) for key, one in placing.professionals.items()}
    )


def _spoken(value: Any) -> Any:
    """Return a value as JSON, without the parts that say nothing."""
    match msgspec.to_builtins(value):
        case dict() as parts:
            spoken = {name: _spoken(part) for name, part in parts.items()}
            return {name: part for name, part in spoken.items() if part not in ("", None, {}, [])}
        case list() as parts:
            return [_spoken(part) for part in parts]
        case plain:
            return plain
