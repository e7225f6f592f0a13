"""What a table of staff would do: people by RPPS, address or registration number, never by name."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any
from uuid import UUID

from django.db.models import Q
from django.db.models.functions import Lower

from virage.directory.models import (
    DirectoryImport,
    Establishment,
    Membership,
    Professional,
    Unit,
)
from virage.directory.queries.import_rows import ImportRow, rows_of
from virage.directory.queries.opening import (
    charge_refusal,
    membership_refusal,
    opening_refusal,
)
from virage.directory.queries.structures import establishments_of
from virage.directory.rules import REACHES, folded, membership_faults, number_faults
from virage.directory.rules.imports import finess_of
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
NAMES = ("family_name", "given_name", "profession_name")
MEMBERSHIP = ("establishment", "units", "profession", "reach", "starts_on", "ends_on")


@dataclass
class Someone:
    """A professional that the table names: ours, if we have him, and what the rows say of him.

    `line` is the row that named him first.
    """

    stored: Any = None
    line: int = 0
    values: dict[str, Any] = field(default_factory=dict)
    wanted: set[tuple[Any, ...]] = field(default_factory=set)


def staff_rows(actor: Actor, given: DirectoryImport) -> list[ImportRow]:
    """Return the rows of a table of staff, with what becomes of each.

    Few SQL statements whatever their number.
    """
    rows = list(rows_of(given))
    planner = StaffPlanner(actor, rows)
    for row in rows:
        planner.plan(row)
    return rows


class StaffPlanner:
    """The directory as it is for those whom the rows name, and what those read so far add to it."""

    def __init__(self, actor: Actor, rows: Sequence[ImportRow]) -> None:
        self._actor = actor
        self._establishments: dict[str, list[Establishment]] = defaultdict(list)
        for place in establishments_of(actor):
            for said in {place.finess, folded(place.name)} - {""}:
                self._establishments[said].append(place)
        self._units: dict[UUID, dict[str, Unit]] = defaultdict(dict)
        for unit in Unit.objects.filter(establishment__operator=actor.operator_id).order_by("id"):
            self._units[unit.establishment_id][folded(unit.name)] = unit
        self._by_key: dict[tuple[str, str], set[int]] = defaultdict(set)
        self._people: list[Someone] = []
        self._names: dict[frozenset[str], str] = {}
        house = Professional.objects.filter(operator=actor.operator_id, is_external=False)
        # Of a staff of thousands, those alone: nobody else writes meanwhile.
        known = {name: {row.values[name] for row in rows if row.values.get(name)} for name in KEYS}
        named = house.alias(address=Lower("work_email")).filter(
            Q(rpps__in=known["rpps"])
            | Q(registration_number__in=known["registration_number"])
            | Q(address__in=known["email"])
            | Q(account__email__in=known["email"])
        )
        for one in named.select_related("account").order_by("id"):
            self._add(Someone(one), _keys_of(one))
        for names in house.order_by("id").values_list("family_name", "given_name"):
            self._names[_words(*names)] = "Une fiche de l’annuaire"
        others = Professional.objects.filter(operator=actor.operator_id, is_external=True)
        self._taken = set(others.values_list("registration_number", flat=True)) - {""}
        self._memberships: dict[UUID, list[Membership]] = defaultdict(list)
        ours = Membership.objects.filter(
            operator=actor.operator_id, professional__in=[one.stored.pk for one in self._people]
        )
        for membership in ours.prefetch_related("units").order_by("id"):
            self._memberships[membership.professional_id].append(membership)
        self._refusals: dict[tuple[Any, ...], str] = {}
        self._last_days: dict[UUID, tuple[int, date]] = {}

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
        if values.get("registration_number") in self._taken:
            row.errors["registration_number"] = (
                "Un intervenant extérieur porte déjà ce matricule : corrigez l’un des deux."
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
        added = {name: value for name, value in said.items() if name not in someone.values}
        for name in said.keys() - added.keys():
            if not _is_same(name, said[name], someone.values[name]):
                row.errors[_source(name)] = (
                    f"La ligne {someone.line} dit autre chose de cette personne : écrivez la même "
                    "chose aux deux lignes."
                )
        if row.errors:
            return
        # What a later row adds goes in the card that the first one creates.
        someone.values |= added
        is_first, someone.line = not someone.line, someone.line or row.number
        if someone.stored:
            self._plan_correction(row, someone, someone.stored, added)
        elif is_first:
            row.does("create_professional", "Fiche créée", creates=True, someone=someone)
            self._tell_namesake(row)

    def _plan_correction(
        self, row: ImportRow, someone: Someone, stored: Professional, said: dict[str, Any]
    ) -> None:
        changes = {
            name: value
            for name, value in said.items()
            if getattr(stored, name) != value and not _loses(name, value, getattr(stored, name))
        }
        if not changes:
            return
        held = [one for one in self._memberships[stored.pk] if not self._is_over(one)]
        if refused := charge_refusal(self._actor, held):
            row.errors["family_name"] = refused.sentence
            return
        told = ", ".join(COLUMNS[name] for name in changes)
        row.does(
            "update_professional", f"{told} : à mettre à jour", someone=someone, changes=changes
        )

    def _tell_namesake(self, row: ImportRow) -> None:
        """Say who bears this name already, however spelt: a name alone joins nobody."""
        words = _words(row.values["family_name"], row.values.get("given_name", ""))
        if namesake := self._names.get(words):
            row.told.append(
                f"{namesake} porte ce nom : si c’est la même personne, donnez le même matricule, "
                "sinon n’en tenez pas compte"
            )
        self._names.setdefault(words, f"La ligne {row.number}")

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
            is_same = (held.establishment_id, held.profession) == where
            if is_same and (not self._is_over(held) or held.starts_on == values.get("starts_on")):
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
        found = self._establishments.get(finess_of(said))
        found = found or self._establishments.get(folded(said), [])
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
            return
        if not ends_on:
            return
        line, said = self._last_days.setdefault(held.pk, (row.number, ends_on))
        if said != ends_on:
            row.errors["ends_on"] = f"La ligne {line} dit un autre dernier jour : gardez-en un."
        elif ends_on < held.starts_on:
            row.errors["ends_on"] = "La fin précède le début."
        elif ends_on == held.ends_on or line != row.number:
            return
        elif refused := membership_refusal(self._actor, held):
            row.errors["ends_on"] = refused.sentence
        else:
            told = f"Situation terminée le {ends_on:%d/%m/%Y}"
            row.does("end_membership", told, membership=held, ends_on=ends_on)

    def _is_over(self, held: Membership) -> bool:
        return held.ends_on is not None and held.ends_on < self._actor.today

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


def _words(*names: str) -> frozenset[str]:
    return frozenset(folded(" ".join(names)).split())


def _is_same(column: str, text: Any, other: Any) -> bool:
    return text == other or _loses(column, text, other) or _loses(column, other, text)


def _loses(column: str, text: str, other: str) -> bool:
    """Whether only the accents and small letters of a name, or an address's capitals, are lost."""
    if column == "work_email":
        return text == other.lower()
    return column in NAMES and text.isupper() and folded(text) == folded(other)


def _source(column: str) -> str:
    """Return the field of the table that gives a column."""
    return "email" if column == "work_email" else column


def _keys_of(one: Professional) -> set[tuple[str, str]]:
    account = getattr(one, "account", None)
    keys = {
        ("rpps", one.rpps),
        ("registration_number", one.registration_number),
        ("email", one.work_email.lower()),
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
