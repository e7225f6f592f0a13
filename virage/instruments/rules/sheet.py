"""A sheet being filled in: answers as they are stored, and what several people typed put together.

Pure: the answers in force, those on screen when someone began to type, and what he typed.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from virage.foundation.access.enums import Volet
from virage.foundation.access.rules import Origin, is_future
from virage.instruments.rules.given import Answers, Given, Value
from virage.instruments.rules.instrument import Instrument
from virage.instruments.rules.items import Item, ItemKind


@dataclass(frozen=True, kw_only=True)
class SheetDraft:
    """A sheet to begin: about whom, with which instrument, by which profession, made when.

    `suggestions` are words to be shown beside items, by item.
    """

    subject_id: UUID
    instrument: Instrument
    happened_at: datetime
    suggestions: Mapping[str, str] = field(default_factory=dict)
    profession: str = ""
    establishment_id: UUID | None = None
    origin: Origin | None = None

    @property
    def volet(self) -> Volet:
        """Where it goes: the volet in which that profession answers its instrument."""
        return self.instrument.volet_of(self.profession)


def faults_of(draft: SheetDraft, at: datetime) -> dict[str, list[str]]:
    """Return what refuses a sheet begun at this instant, by field."""
    return day_faults(draft.happened_at, at)


def day_faults(happened_at: datetime, at: datetime) -> dict[str, list[str]]:
    """Return what refuses the day of an assessment, at this instant, by field."""
    if is_future(happened_at, at):
        return {"happened_at": ["Une évaluation ne peut pas être datée dans l’avenir."]}
    return {}


@dataclass(frozen=True)
class Merged:
    """What one person's typing changes, by item (None: the answer is taken back).

    `clashing` are the items that a colleague answered otherwise meanwhile: nothing changes there.
    """

    changes: Mapping[str, Given | None]
    clashing: tuple[str, ...] = ()


def merged(seen: Answers, typed: Mapping[str, Given | None], now: Answers) -> Merged:
    """Put together what someone typed over the answers that he saw, and those now in force.

    Only what he changed counts: a colleague's answer to another question stands.
    """
    changes: dict[str, Given | None] = {}
    clashing = []
    for name, mine in typed.items():
        before, theirs = seen.get(name), now.get(name)
        if mine in (before, theirs):
            continue
        if theirs == before:
            changes[name] = mine
        else:
            clashing.append(name)
    return Merged(changes, tuple(clashing))


def given_to_json(given: Given) -> dict[str, Any]:
    """Return an answer as JSON keeps it; decimals stay exact."""
    beside = {"comment": given.comment} if given.comment else {}
    if given.is_unknown:
        return {"unknown": True, **beside}
    if given.not_applicable_because:
        return {"not_applicable": given.not_applicable_because, **beside}
    return {"value": _value_to_json(given.value), **beside}


def given_from_json(item: Item, stored: Mapping[str, Any]) -> Given:
    """Return an answer as it was before `given_to_json`."""
    return Given(
        _value_from_json(item, stored["value"]) if "value" in stored else None,
        is_unknown=stored.get("unknown", False),
        not_applicable_because=stored.get("not_applicable", ""),
        comment=stored.get("comment", ""),
    )


def told(item: Item, given: Given | None) -> str:
    """Say an answer in French, as its question words it, and the word beside it; "" for none."""
    if given is None:
        return ""
    return " · ".join(filter(None, (_value_told(item, given), given.comment)))


def _value_told(item: Item, given: Given) -> str:
    if given.is_unknown:
        return "Je ne sais pas"
    if given.not_applicable_because:
        return f"Sans objet\u00a0: {given.not_applicable_because}"
    match given.value:
        case Decimal() as number:
            return " ".join([f"{number:f}".replace(".", ","), item.unit]).strip()
        case date() as day:
            return f"{day:%d/%m/%Y}"
        case str() as said:
            return item.by_option[said].label if item.options else said
        case tuple() as several if item.columns:
            rows = [_row_told(item, row) for row in several if isinstance(row, Mapping)]
            return "\u00a0; ".join(rows)
        case tuple() as several:
            chosen = [item.by_option[one].label for one in several if isinstance(one, str)]
            return ", ".join(chosen) or "Rien de coché"
    return ""


def _row_told(item: Item, row: Mapping[str, Given]) -> str:
    cells = [told(column, row.get(column.id)) for column in item.columns]
    return ", ".join(cell for cell in cells if cell)


def _value_to_json(value: Value | None) -> Any:
    match value:
        case Decimal():
            return str(value)
        case date():
            return value.isoformat()
        case tuple():
            return [one if isinstance(one, str) else _row_to_json(one) for one in value]
    return value


def _row_to_json(row: Mapping[str, Given]) -> dict[str, Any]:
    return {name: given_to_json(cell) for name, cell in row.items()}


def _value_from_json(item: Item, stored: Any) -> Value:
    match item.kind:
        case ItemKind.NUMBER:
            return Decimal(stored)
        case ItemKind.DATE:
            return date.fromisoformat(stored)
        case ItemKind.MULTIPLE:
            return tuple(stored)
        case ItemKind.TABLE:
            return tuple(_row_from_json(item, row) for row in stored)
    return str(stored)


def _row_from_json(item: Item, row: Mapping[str, Any]) -> dict[str, Given]:
    columns = {column.id: column for column in item.columns}
    return {name: given_from_json(columns[name], cell) for name, cell in row.items()}
