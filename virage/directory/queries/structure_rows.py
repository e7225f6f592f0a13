"""What a table of structures would do: establishments by their FINESS, units and rooms by name."""

from dataclasses import dataclass, field
from typing import Any

from virage.directory.models import DirectoryImport, Room, Unit
from virage.directory.queries.import_rows import ImportRow, rows_of
from virage.directory.queries.structures import establishments_of
from virage.directory.rules import folded, number_faults
from virage.directory.rules.imports import MAX_LENGTHS
from virage.foundation.access.actor import Actor

COLUMNS = {
    "name": "Nom",
    "kind": "Catégorie",
    "address": "Adresse",
    "siret": "SIRET",
    "usager_word": "Mot employé",
}


@dataclass
class Place:
    """A structure that the table names: ours, if we have it, and what it holds by folded name.

    `stored` is an establishment, a unit or a room; `line` the row that named it first.
    """

    stored: Any = None
    line: int = 0
    values: dict[str, Any] = field(default_factory=dict)
    inside: dict[str, "Place"] = field(default_factory=dict)


def structure_rows(actor: Actor, given: DirectoryImport) -> list[ImportRow]:
    """Return the rows of a table of structures, with what becomes of each; three SQL statements."""
    known = _known(actor)
    rows = list(rows_of(given))
    for row in rows:
        finess = row.values.get("finess", "")
        row.label = (
            " · ".join(
                filter(
                    None, (row.values.get("name"), *(row.values.get(n) for n in ("unit", "room")))
                )
            )
            or finess
        )
        if not finess:
            row.errors.setdefault("finess", "Indiquez le FINESS : un nom seul ne suffit pas.")
            continue
        for name, messages in number_faults(
            finess=finess, siret=row.values.get("siret", "")
        ).items():
            row.errors.setdefault(name, messages[0])
        if row.values.get("room") and not row.values.get("unit"):
            row.errors["unit"] = "Indiquez l’unité de cette chambre."
        _plan_establishment(row, known, finess)
        if not row.errors:
            _plan_inside(row, known[finess])
    return rows


def _known(actor: Actor) -> dict[str, Place]:
    known: dict[str, Place] = {}
    by_id: dict[Any, Place] = {}
    for one in establishments_of(actor):
        by_id[one.pk] = Place(one)
        if one.finess:
            known[one.finess] = by_id[one.pk]
    for unit in Unit.objects.filter(establishment__operator=actor.operator_id).order_by("id"):
        home = by_id[unit.establishment_id]
        by_id[unit.pk] = home.inside[folded(unit.name)] = Place(unit)
    rooms = Room.objects.filter(unit__establishment__operator=actor.operator_id).order_by("id")
    for room in rooms:
        home = by_id[room.unit_id]
        home.inside[folded(room.name)] = Place(room)
    return known


def _plan_establishment(row: ImportRow, known: dict[str, Place], finess: str) -> None:
    place = known.get(finess, Place())
    _complete_address(row, place)
    said = {name: row.values[name] for name in COLUMNS if name in row.values}
    added = {name: value for name, value in said.items() if name not in place.values}
    for name in said.keys() - added.keys():
        if said[name] != place.values[name]:
            row.errors[name] = (
                f"La ligne {place.line} dit autre chose de cet établissement : écrivez la même "
                "chose aux deux lignes."
            )
    if finess not in known and not said.get("name"):
        row.errors.setdefault("name", "Indiquez le nom de cet établissement, qui est nouveau.")
    if row.errors:
        return
    # What a later row adds goes in the establishment that the first one creates.
    place.values |= added
    place.line = place.line or row.number
    if finess not in known:
        known[finess] = place
        told = f"Établissement créé : {place.values['name']}"
        row.does("create_establishment", told, creates=True, place=place, finess=finess)
    elif stored := place.stored:
        changes = {name: value for name, value in added.items() if getattr(stored, name) != value}
        if changes:
            told = f"{_names(changes)} : à mettre à jour"
            row.does("update_establishment", told, place=place, changes=changes)


def _complete_address(row: ImportRow, place: Place) -> None:
    """Put the postal code and the commune, when they are columns of their own, in the address.

    Alone, they never replace an address that the establishment has.
    """
    address = row.values.get("address", "")
    ending = " ".join(row.values[name] for name in ("postal_code", "town") if name in row.values)
    has_address = place.values.get("address") or (place.stored and place.stored.address)
    if not ending or folded(ending) in folded(address) or (has_address and not address):
        return
    row.values["address"] = f"{address}, {ending}" if address else ending
    if len(row.values["address"]) > MAX_LENGTHS["address"]:
        row.errors["address"] = (
            f"Avec le code postal et la commune, l’adresse dépasse {MAX_LENGTHS['address']} "
            "caractères."
        )


def _plan_inside(row: ImportRow, home: Place) -> None:
    for name, words in (("unit", "Unité créée"), ("room", "Chambre créée")):
        if not (text := row.values.get(name)):
            return
        if (place := home.inside.get(folded(text))) is None:
            place = home.inside[folded(text)] = Place()
            row.does(
                f"create_{name}", f"{words} : {text}", creates=True, place=place, of=home, name=text
            )
        home = place


def _names(changes: dict[str, Any]) -> str:
    return ", ".join(COLUMNS[name] for name in changes)
