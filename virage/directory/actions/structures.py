"""Operators, establishments, units, rooms: adding them, and correcting what is said of them.

A correction is refused as the addition would be; Conflict when someone else went first
(`versions.locked`). A number kept as it was passes, even received with a wrong key.
"""

from collections.abc import Collection, Generator, Mapping
from contextlib import AbstractContextManager, contextmanager
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import Model, QuerySet
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
from virage.directory.queries import actor_of, operator_of, privacy_recipients
from virage.directory.rules import SYSTEM, number_faults, require_management, town_of
from virage.foundation.access.actor import Actor
from virage.foundation.access.enums import Reach, SubjectKind
from virage.foundation.access.models import Subject
from virage.foundation.encryption.keys import current_key_id
from virage.foundation.errors import Invalid, Refused
from virage.foundation.ids import new_id
from virage.foundation.journal.writing import record
from virage.foundation.outbox.actions import post
from virage.foundation.versions import Versioned, assign, locked, save

PRIVACY_CHANGED = "directory.privacy_changed"
Alone = AbstractContextManager[None]


@transaction.atomic
def create_operator(*, name: str, siren: str = "", is_received: bool = False) -> Operator:
    """Create an operator and the membership of its command line, which signs the creation.

    No actor comes before: an operator is made by whoever holds the machine. Invalid for a SIREN
    already used or, unless received, with a wrong key.
    """
    operator = Operator(name=name, siren=siren)
    with _alone_operator(operator, () if is_received else ["siren"]):
        operator.save(force_insert=True)
    # Its own key, from the start: what it keeps will be encrypted for it alone.
    current_key_id(operator.pk)
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
def update_operator(actor: Actor, *, expected_version: int, changes: Mapping[str, Any]) -> Operator:
    """Correct the actor's own operator; Refused to those who manage one establishment only.

    Whoever was told until then what touches the protection of data learns that others will be.
    """
    require_management(actor)
    current = locked(operator_of(actor), expected_version, changes)
    told = privacy_recipients(current.pk, actor.at, but=actor.professional_id)
    changed = assign(current, changes)
    alone = _alone_operator(current, changed)
    save_corrected(actor, "operator.update", current, changed, alone)
    if told and "privacy_emails" in changed:
        payload = {"addresses": told, "by": actor.display_name, "at": actor.at.isoformat()}
        key = f"{PRIVACY_CHANGED}:{new_id()}"
        post(PRIVACY_CHANGED, key=key, operator_id=current.pk, payload=payload)
    return current


@transaction.atomic
def create_establishment(
    actor: Actor,
    *,
    name: str,
    kind: str = "",
    finess: str = "",
    siret: str = "",
    address: str = "",
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
        address=address,
        town=town_of(address),
        usager_word=usager_word,
    )
    with _alone_establishment(establishment, () if is_received else ["finess", "siret"]):
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
    alone = _alone_establishment(current, changed)
    save_corrected(actor, "establishment.update", current, changed, alone)
    if "address" in changed:
        current.town = town_of(current.address)
        current.save(update_fields=["town"])
    _fix_issuing_finess(current)
    return current


@transaction.atomic
def create_unit(actor: Actor, *, establishment: Establishment, name: str) -> Unit:
    """Create a unit; Invalid for a name that the establishment has already."""
    require_own_operator(actor, establishment)
    require_management(actor, establishment.pk)
    unit = Unit(establishment=establishment, name=name)
    with _alone_unit(unit):
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
    save_corrected(actor, "unit.update", current, changed, _alone_unit(current))
    return current


@transaction.atomic
def create_room(actor: Actor, *, unit: Unit, name: str) -> Room:
    """Create a room; Invalid for a name that the unit has already."""
    require_own_operator(actor, unit.establishment)
    require_management(actor, unit.establishment_id)
    room = Room(unit=unit, name=name)
    with _alone_room(room):
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
    save_corrected(actor, "room.update", current, changed, _alone_room(current))
    return current


def require_own_operator(actor: Actor, thing: Establishment | Professional | Membership) -> None:
    """Raise a hidden `Refused` for what belongs to another operator: here it does not exist."""
    if thing.operator_id != actor.operator_id:
        raise Refused.hidden()


@contextmanager
def saved_alone(
    thing: Model, others: QuerySet[Any], field: str, message: str
) -> Generator[None, None, None]:
    """Save a thing within: Invalid when another of these bears the same value in this field.

    It is looked for before; when a colleague was quicker than the look, the database finds it.
    """
    value = getattr(thing, field)
    if value and others.filter(**{field: value}).exclude(pk=thing.pk).exists():
        raise Invalid({field: [message]})
    try:
        with transaction.atomic():
            yield
    except IntegrityError as error:
        # Both databases name the column or its constraint: another one is another's to explain.
        if field not in str(error):
            raise
        raise Invalid({field: [message]}) from error


def save_corrected(
    actor: Actor, action: str, thing: Versioned, changed: list[str], alone: Alone
) -> None:
    """Save what was corrected and journal which fields; nothing when nothing has changed."""
    with alone:
        save(thing, changed)
    if changed:
        record(actor, action, target=thing, detail={"fields": changed})


def _fix_issuing_finess(establishment: Establishment) -> None:
    """Let the first FINESS of an operator stand in its identifiers, for ever (decision 0004)."""
    unfixed = Operator.objects.filter(pk=establishment.operator_id, issuing_finess="")
    unfixed.update(issuing_finess=establishment.finess)


def _alone_operator(operator: Operator, entered: Collection[str]) -> Alone:
    if "siren" in entered:
        Invalid.raise_if(number_faults(siren=operator.siren))
    return saved_alone(
        operator, Operator.objects.all(), "siren", "Un organisme porte déjà ce SIREN."
    )


def _alone_establishment(establishment: Establishment, entered: Collection[str]) -> Alone:
    typed = [name for name in ("finess", "siret") if name in entered]
    Invalid.raise_if(number_faults(**{name: getattr(establishment, name) for name in typed}))
    ours = Establishment.objects.filter(operator=establishment.operator_id)
    return saved_alone(
        establishment, ours, "finess", "Un établissement porte déjà ce numéro FINESS."
    )


def _alone_unit(unit: Unit) -> Alone:
    units = Unit.objects.filter(establishment=unit.establishment_id)
    return saved_alone(unit, units, "name", "Cet établissement a déjà une unité de ce nom.")


def _alone_room(room: Room) -> Alone:
    rooms = Room.objects.filter(unit=room.unit_id)
    return saved_alone(room, rooms, "name", "Cette unité a déjà une chambre de ce nom.")
