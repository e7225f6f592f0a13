"""Operators, establishments, units, rooms: adding them, and correcting what is said of them.

A correction is refused as the addition would be; Conflict when someone else went first
(`versions.locked`). A number kept as it was passes, even received with a wrong key.
"""

from collections.abc import Collection, Mapping
from typing import Any

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from virage.directory.enums import UsagerWord
from virage.directory.models import (
    Establishment,
    Membership,
    Operator,
    Professional,
    Room,
    Unit,
)
from virage.directory.queries import actor_of
from virage.directory.rules import SYSTEM, number_faults, require_management
from virage.foundation.access.actor import Actor
from virage.foundation.access.enums import Reach, SubjectKind
from virage.foundation.access.models import Subject
from virage.foundation.errors import Invalid, Refused
from virage.foundation.journal.writing import record
from virage.foundation.versions import Versioned, assign, locked, save


@transaction.atomic
def create_operator(*, name: str, siren: str = "", is_received: bool = False) -> Operator:
    """Create an operator and the membership of its command line, which signs the creation.

    No actor comes before: an operator is made by whoever holds the machine. Invalid for a SIREN
    already used or, unless received, with a wrong key.
    """
    operator = Operator(name=name, siren=siren)
    _check_operator(operator, () if is_received else ["siren"])
    operator.save(force_insert=True)
    command_line = Membership.objects.create(
        operator=operator,
        professional=Professional.objects.create(
            operator=operator, family_name="Ligne de commande"
        ),
        profession=SYSTEM,
        reach=Reach.OPERATOR,
        starts_on=timezone.localdate(),
    )
    record(actor_of(command_line, timezone.now()), "operator.create", target=operator)
    return operator


@transaction.atomic
def update_operator(
    actor: Actor, *, operator: Operator, expected_version: int, changes: Mapping[str, Any]
) -> Operator:
    """Correct an operator; Refused to those who manage one establishment only."""
    require_management(actor)
    current = locked(operator, expected_version, changes)
    changed = assign(current, changes)
    _check_operator(current, changed)
    save_corrected(actor, "operator.update", current, changed)
    return current


@transaction.atomic
def create_establishment(
    actor: Actor,
    *,
    name: str,
    kind: str = "",
    finess: str = "",
    siret: str = "",
    usager_word: str = UsagerWord.USAGER,
    is_received: bool = False,
) -> Establishment:
    """Create an establishment, and the subject that forms and plans about it need.

    Refused to those who manage one establishment only; Invalid for a FINESS that the operator has
    already or, unless received, for a number with a wrong key.
    """
    require_management(actor)
    establishment = Establishment(
        operator_id=actor.operator_id,
        name=name,
        kind=kind,
        finess=finess,
        siret=siret,
        usager_word=usager_word,
    )
    _check_establishment(establishment, () if is_received else ["finess", "siret"])
    establishment.subject = Subject.objects.create(
        operator_id=actor.operator_id, kind=SubjectKind.ESTABLISHMENT
    )
    establishment.save(force_insert=True)
    _fix_issuing_finess(establishment)
    touched = [establishment.subject_id]
    record(actor, "establishment.create", target=establishment, subject_ids=touched)
    return establishment


@transaction.atomic
def update_establishment(
    actor: Actor, *, establishment: Establishment, expected_version: int, changes: Mapping[str, Any]
) -> Establishment:
    """Correct an establishment; Refused and Invalid as in `create_establishment`."""
    require_own_operator(actor, establishment)
    require_management(actor)
    current = locked(establishment, expected_version, changes)
    changed = assign(current, changes)
    _check_establishment(current, changed)
    save_corrected(actor, "establishment.update", current, changed)
    _fix_issuing_finess(current)
    return current


@transaction.atomic
def create_unit(actor: Actor, *, establishment: Establishment, name: str) -> Unit:
    """Create a unit; Invalid for a name that the establishment has already."""
    require_own_operator(actor, establishment)
    require_management(actor, establishment.pk)
    unit = Unit(establishment=establishment, name=name)
    _check_unit(unit)
    unit.save(force_insert=True)
    record(actor, "unit.create", target=unit)
    return unit


@transaction.atomic
def update_unit(
    actor: Actor, *, unit: Unit, expected_version: int, changes: Mapping[str, Any]
) -> Unit:
    """Correct a unit; Refused and Invalid as in `create_unit`."""
    require_own_operator(actor, unit.establishment)
    require_management(actor, unit.establishment_id)
    current = locked(unit, expected_version, changes)
    changed = assign(current, changes)
    _check_unit(current)
    save_corrected(actor, "unit.update", current, changed)
    return current


@transaction.atomic
def create_room(actor: Actor, *, unit: Unit, name: str) -> Room:
    """Create a room; Invalid for a name that the unit has already."""
    require_own_operator(actor, unit.establishment)
    require_management(actor, unit.establishment_id)
    room = Room(unit=unit, name=name)
    _check_room(room)
    room.save(force_insert=True)
    record(actor, "room.create", target=room)
    return room


@transaction.atomic
def update_room(
    actor: Actor, *, room: Room, expected_version: int, changes: Mapping[str, Any]
) -> Room:
    """Correct a room; Refused and Invalid as in `create_room`."""
    require_own_operator(actor, room.unit.establishment)
    require_management(actor, room.unit.establishment_id)
    current = locked(room, expected_version, changes)
    changed = assign(current, changes)
    _check_room(current)
    save_corrected(actor, "room.update", current, changed)
    return current


def require_own_operator(actor: Actor, thing: Establishment | Professional | Membership) -> None:
    """Raise a hidden `Refused` for what belongs to another operator: here it does not exist."""
    if thing.operator_id != actor.operator_id:
        raise Refused("hidden", "Ceci n’existe pas dans votre annuaire.", is_hidden=True)


def require_alone(thing: Versioned, others: QuerySet[Any], field: str, message: str) -> None:
    """Raise `Invalid` when another of these bears the same value in this field."""
    value = getattr(thing, field)
    if value and others.filter(**{field: value}).exclude(pk=thing.pk).exists():
        raise Invalid({field: [message]})


def save_corrected(actor: Actor, action: str, thing: Versioned, changed: list[str]) -> None:
    """Save what was corrected and journal which fields; nothing when nothing has changed."""
    save(thing, changed)
    if changed:
        record(actor, action, target=thing, detail={"fields": changed})


def _fix_issuing_finess(establishment: Establishment) -> None:
    """Let the first FINESS of an operator stand in its identifiers, for ever (decision 0004)."""
    unfixed = Operator.objects.filter(pk=establishment.operator_id, issuing_finess="")
    unfixed.update(issuing_finess=establishment.finess)


def _check_operator(operator: Operator, entered: Collection[str]) -> None:
    if "siren" in entered:
        Invalid.raise_if(number_faults(siren=operator.siren))
    message = "Un organisme porte déjà ce SIREN."
    require_alone(operator, Operator.objects.all(), "siren", message)


def _check_establishment(establishment: Establishment, entered: Collection[str]) -> None:
    typed = [name for name in ("finess", "siret") if name in entered]
    Invalid.raise_if(number_faults(**{name: getattr(establishment, name) for name in typed}))
    ours = Establishment.objects.filter(operator=establishment.operator_id)
    require_alone(establishment, ours, "finess", "Un établissement porte déjà ce numéro FINESS.")


def _check_unit(unit: Unit) -> None:
    units = Unit.objects.filter(establishment=unit.establishment_id)
    require_alone(unit, units, "name", "Cet établissement a déjà une unité de ce nom.")


def _check_room(room: Room) -> None:
    rooms = Room.objects.filter(unit=room.unit_id)
    require_alone(room, rooms, "name", "Cette unité a déjà une chambre de ce nom.")
