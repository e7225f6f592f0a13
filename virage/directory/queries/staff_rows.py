"""What a table of staff would do: people by RPPS, address or registration number, never by name."""

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date
from typing import Any
from uuid import UUID

from virage.directory.models import (
    DirectoryImport,
    Establishment,
    Membership,
    Professional,
    Unit,
)
from virage.directory.queries.import_rows import ImportRow, rows_of
from virage.directory.queries.opening import account_refusal, membership_refusal, opening_refusal
from virage.directory.queries.structures import establishments_of
from virage.directory.rules import REACHES, folded, membership_faults, number_faults
from virage.foundation.access.actor import Actor
from virage.foundation.access.enums import Reach
from virage.foundation.access.matrix import profession_label

KEYS = {"rpps": "RPPS", "email": "adresse", "registration_number": "matricule"}
COLUMNS = {
    "family_name": "Nom",
    "given_name": "Prénom",
    "civility": "Civilité",
    "profession_name": "Métier",
    "rpps": "RPPS",
    "work_email": "Adresse",
    "registration_number": "Matricule",
    "phone": "Téléphone",
}
MEMBERSHIP = ("establishment", "units", "profession", "reach", "starts_on", "ends_on")


@dataclass
class Someone:
    """A professional that the table names: ours, if we have him, and what the rows say of him."""

    stored: Professional | None = None
    values: dict[str, Any] = field(default_factory=dict)
    wanted: set[tuple[Any, ...]] = field(default_factory=set)


def staff_rows(actor: Actor, given: DirectoryImport) -> list[ImportRow]:
    """Return the rows of a table of staff, with what becomes of each.

    Few SQL statements whatever their number, save for those whose card changes.
    """
    planner = StaffPlanner(actor)
    rows = list(rows_of(given))
    for row in rows:
        planner.plan(row)
    return rows


class StaffPlanner:
    """The directory as it is, and what the rows read so far add to it."""

    def __init__(self, actor: Actor) -> None:
        self._actor = actor
        self._establishments = list(establishments_of(actor))
        self._units: dict[UUID, dict[str, Unit]] = defaultdict(dict)
        for unit in Unit.objects.filter(establishment__operator=actor.operator_id).order_by("id"):
            self._units[unit.establishment_id][folded(unit.name)] = unit
        self._by_key: dict[tuple[str, str], set[int]] = defaultdict(set)
        self._people: list[Someone] = []
        house = Professional.objects.filter(operator=actor.operator_id, is_external=False)
        for one in house.select_related("account").order_by("id"):
            self._add(Someone(one), _keys_of(one))
        self._memberships: dict[UUID, list[Membership]] = defaultdict(list)
        ours = Membership.objects.filter(operator=actor.operator_id)
        for membership in ours.prefetch_related("units").order_by("id"):
            self._memberships[membership.professional_id].append(membership)
        self._refusals: dict[tuple[Any, ...], str] = {}

    def plan(self, row: ImportRow) -> None:
        """Say what becomes of a row, and remember it for those that follow."""
        values = row.values
        row.label = f"{values.get('family_name', '')} {values.get('given_name', '')}".strip()
        for messages in number_faults(rpps=values.get("rpps", "")).values():
            row.errors.setdefault("rpps", messages[0])
        if not values.get("family_name"):
            row.errors.setdefault("family_name", "Indiquez le nom.")
        keys = {(name, values[name]) for name in KEYS if values.get(name)}
        if not keys and KEYS.keys().isdisjoint(row.errors):
            row.errors["registration_number"] = (
                "Donnez un RPPS, une adresse ou un matricule : un nom seul ne suffit pas à "
                "reconnaître quelqu’un."
            )
        establishment = self._establishment(row)
        units = self._units_named(row, establishment)
        if any(values.get(name) for name in MEMBERSHIP) and not values.get("profession"):
            row.errors.setdefault(
                "profession",
                "Une situation se lit ici : indiquez sa profession du tableau des droits.",
            )
        if row.errors:
            return
        someone = self._someone(row, keys)
        if someone and not row.errors:
            self._plan_card(row, someone)
            self._plan_membership(row, someone, establishment, units)

    def _add(self, someone: Someone, keys: set[tuple[str, str]]) -> None:
        self._people.append(someone)
        for key in keys:
            self._by_key[key].add(len(self._people) - 1)

    def _someone(self, row: ImportRow, keys: set[tuple[str, str]]) -> Someone | None:
        found = set().union(*(self._by_key.get(key, set()) for key in keys))
        if len(found) > 1:
            names = [key for key in keys if self._by_key.get(key)]
            several = " et ".join(sorted(KEYS[name] for name, _ in names))
            row.errors[names[0][0]] = f"Plusieurs professionnels se reconnaissent ici : {several}."
            return None
        place = next(iter(found), None)
        if place is None:
            place = len(self._people)
            self._people.append(Someone())
        for key in keys:
            self._by_key[key].add(place)
        return self._people[place]

    def _plan_card(self, row: ImportRow, someone: Someone) -> None:
        said = {name: row.values[_source(name)] for name in COLUMNS if _source(name) in row.values}
        if someone.values:
            for name, value in said.items():
                if someone.values.setdefault(name, value) != value:
                    row.errors[_source(name)] = "Une autre ligne dit autrement de cette personne."
            return
        someone.values = said
        if someone.stored is None:
            row.does("create_professional", "Fiche créée", creates=True, someone=someone, **said)
            return
        changes = {k: v for k, v in said.items() if getattr(someone.stored, k) != v}
        if not changes:
            return
        if refused := account_refusal(self._actor, someone.stored):
            row.errors["family_name"] = refused.sentence
            return
        told = ", ".join(COLUMNS[name] for name in changes)
        row.does(
            "update_professional", f"{told} : à mettre à jour", someone=someone, changes=changes
        )

    def _plan_membership(
        self,
        row: ImportRow,
        someone: Someone,
        establishment: Establishment | None,
        units: list[Unit],
    ) -> None:
        values = row.values
        if not (profession := values.get("profession")) or row.errors:
            return
        starts_on = values.get("starts_on") or self._actor.today
        ends_on = values.get("ends_on")
        reach = values.get("reach") or _usual_reach(establishment, units)
        where = (establishment.pk if establishment else None, profession)
        for held in self._memberships[someone.stored.pk] if someone.stored else ():
            is_over = held.ends_on is not None and held.ends_on < self._actor.today
            is_same = (held.establishment_id, held.profession) == where
            if is_same and (not is_over or held.starts_on == values.get("starts_on")):
                self._plan_held(row, held, reach, units, ends_on)
                return
        if where in someone.wanted:
            row.errors["profession"] = "Une autre ligne ouvre déjà cette situation."
            return
        faults = membership_faults(
            profession=profession,
            reach=reach,
            establishment_id=where[0],
            establishment_has_units=bool(where[0] and self._units[where[0]]),
            unit_establishment_ids={unit.establishment_id for unit in units},
            starts_on=starts_on,
            ends_on=ends_on,
        )
        for name, messages in faults.items():
            row.errors[name] = messages[0]
        if refused := self._refusal(someone, profession, where[0], reach, units):
            row.errors["profession"] = refused
        if row.errors:
            return
        someone.wanted.add(where)
        row.does(
            "open_membership",
            _opened(profession, establishment, units, reach, starts_on, ends_on),
            creates=True,
            someone=someone,
            profession=profession,
            establishment=establishment,
            reach=reach,
            units=units,
            starts_on=starts_on,
            ends_on=ends_on,
        )

    def _establishment(self, row: ImportRow) -> Establishment | None:
        said = row.values.get("establishment", "")
        if not said:
            return None
        number = said.replace(" ", "").upper()
        found = [one for one in self._establishments if one.finess and one.finess == number]
        found = found or [one for one in self._establishments if folded(one.name) == folded(said)]
        if len(found) == 1:
            return found[0]
        row.errors["establishment"] = (
            "Plusieurs établissements portent ce nom : donnez le FINESS."
            if found
            else "Cet établissement n’est pas dans l’annuaire : ajoutez-le d’abord, ou corrigez."
        )
        return None

    def _units_named(self, row: ImportRow, establishment: Establishment | None) -> list[Unit]:
        names = [name.strip() for name in row.values.get("units", "").split("|") if name.strip()]
        known = self._units[establishment.pk] if establishment else {}
        missing = [name for name in names if folded(name) not in known]
        if missing and "establishment" not in row.errors:
            row.errors["units"] = (
                f"Cet établissement n’a pas d’unité « {missing[0]} » : ajoutez-la d’abord, ou "
                "corrigez."
            )
        return [known[folded(name)] for name in names if folded(name) in known]

    def _plan_held(
        self,
        row: ImportRow,
        held: Membership,
        reach: str,
        units: list[Unit],
        ends_on: date | None,
    ) -> None:
        """Compare with a situation in force or to come: only its last day may be changed."""
        starts_on = row.values.get("starts_on")
        is_other = held.reach != reach or set(held.units.all()) != set(units)
        if is_other or (starts_on and starts_on != held.starts_on):
            row.errors["profession"] = (
                "Cette personne a déjà cette situation, avec une autre portée, d’autres unités ou "
                "un autre premier jour : mettez-y fin d’abord, sur sa fiche."
            )
        elif ends_on and ends_on != held.ends_on:
            if refused := membership_refusal(self._actor, held):
                row.errors["ends_on"] = refused.sentence
                return
            told = f"Situation terminée le {ends_on:%d/%m/%Y}"
            row.does("end_membership", told, membership=held, ends_on=ends_on)

    def _refusal(
        self,
        someone: Someone,
        profession: str,
        establishment_id: UUID | None,
        reach: str,
        units: list[Unit],
    ) -> str:
        if someone.stored and someone.stored.pk == self._actor.professional_id:
            return "Nul ne s’ouvre une situation à soi-même."
        asked = (profession, establishment_id, reach, tuple(sorted(unit.pk for unit in units)))
        if asked not in self._refusals:
            refused = opening_refusal(
                self._actor,
                profession=profession,
                establishment_id=establishment_id,
                reach=reach,
                unit_ids=asked[3],
            )
            self._refusals[asked] = refused.sentence if refused else ""
        return self._refusals[asked]


def _source(column: str) -> str:
    """Return the field of the table that gives a column."""
    return "email" if column == "work_email" else column


def _keys_of(one: Professional) -> set[tuple[str, str]]:
    account = getattr(one, "account", None)
    keys = {
        ("rpps", one.rpps),
        ("registration_number", one.registration_number),
        ("email", one.work_email),
        ("email", account.email if account else ""),
    }
    return {(name, value) for name, value in keys if value}


def _usual_reach(establishment: Establishment | None, units: list[Unit]) -> str:
    """Return what is meant when a row says nothing: its units, else nobody until it is said."""
    return Reach.UNITS if establishment and units else Reach.NOBODY


def _opened(
    profession: str,
    establishment: Establishment | None,
    units: list[Unit],
    reach: str,
    starts_on: date,
    ends_on: date | None,
) -> str:
    where = establishment.name if establishment else "tout l’organisme"
    inside = f" ({', '.join(unit.name for unit in units)})" if units else ""
    until = f" au {ends_on:%d/%m/%Y}" if ends_on else ""
    since = "du" if ends_on else "à partir du"
    label = profession_label(profession)
    what = f"Situation ouverte : {label}, {where}{inside}, {since} {starts_on:%d/%m/%Y}{until}"
    if reach == Reach.NOBODY:
        return f"{what}. Elle n’ouvre aucun dossier : il y faut une portée ou des unités"
    return f"{what}. Elle ouvre : {REACHES[Reach(reach)].lower()}"
