"""Changing the directory: structures, professionals, accounts, memberships, chosen situations."""

from collections.abc import Collection, Mapping
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from virage.directory.enums import UsagerWord
from virage.directory.models import (
    Account,
    Establishment,
    Membership,
    Operator,
    Professional,
    ReceivedStructure,
    Room,
    Unit,
)
from virage.directory.queries import actor_for, actor_of
from virage.directory.rules import (
    SYSTEM,
    manages_directory,
    manages_structure,
    membership_faults,
)
from virage.foundation.access.actor import Actor
from virage.foundation.access.enums import Reach, SubjectKind, Verb
from virage.foundation.access.models import Subject
from virage.foundation.access.verdict import require
from virage.foundation.coded import Coded
from virage.foundation.errors import Invalid, Refused
from virage.foundation.ids import new_id
from virage.foundation.journal import writing
from virage.foundation.outbox import actions as outbox

PASSWORD_LINK = "directory.password_link"  # noqa: S105 (a topic)


@transaction.atomic
def create_operator(*, name: str, siren: str = "") -> Operator:
    """Create an operator and the membership of its command line, which signs the creation.

    No actor comes before: an operator is made by whoever holds the machine.
    """
    if siren and Operator.objects.filter(siren=siren).exists():
        raise Invalid({"siren": ["Un organisme porte déjà ce SIREN."]})
    operator = Operator.objects.create(name=name, siren=siren)
    command_line = Professional.objects.create(operator=operator, family_name="Ligne de commande")
    membership = Membership.objects.create(
        operator=operator,
        professional=command_line,
        profession=SYSTEM,
        reach=Reach.OPERATOR,
        starts_on=timezone.localdate(),
    )
    actor = actor_of(membership, timezone.now())
    writing.record(actor, "create_operator", target=operator)
    return operator


@transaction.atomic
def create_establishment(
    actor: Actor,
    *,
    name: str,
    kind: str = "",
    finess: str = "",
    siret: str = "",
    usager_word: str = UsagerWord.USAGER,
) -> Establishment:
    """Create an establishment and the subject that forms and plans are about.

    Refused to those who manage one establishment only, and for a FINESS the operator has already.
    """
    _require_manager(actor, None)
    if finess and Establishment.objects.filter(operator=actor.operator_id, finess=finess).exists():
        raise Invalid({"finess": ["Un établissement porte déjà ce numéro FINESS."]})
    subject = Subject.objects.create(operator_id=actor.operator_id, kind=SubjectKind.ESTABLISHMENT)
    establishment = Establishment.objects.create(
        operator_id=actor.operator_id,
        subject=subject,
        name=name,
        kind=kind,
        finess=finess,
        siret=siret,
        usager_word=usager_word,
    )
    writing.record(actor, "create_establishment", target=establishment, subject_ids=[subject.pk])
    return establishment


@transaction.atomic
def create_unit(actor: Actor, *, establishment: Establishment, name: str) -> Unit:
    """Create a unit; refused for a name that the establishment has already."""
    _require_manager(actor, establishment.pk, establishment.operator_id)
    if establishment.units.filter(name=name).exists():
        raise Invalid({"name": ["Cet établissement a déjà une unité de ce nom."]})
    unit = Unit.objects.create(establishment=establishment, name=name)
    writing.record(actor, "create_unit", target=unit)
    return unit


@transaction.atomic
def create_room(actor: Actor, *, unit: Unit, name: str) -> Room:
    """Create a room; refused for a name that the unit has already."""
    _require_manager(actor, unit.establishment_id, unit.establishment.operator_id)
    if unit.rooms.filter(name=name).exists():
        raise Invalid({"name": ["Cette unité a déjà une chambre de ce nom."]})
    room = Room.objects.create(unit=unit, name=name)
    writing.record(actor, "create_room", target=room)
    return room


@transaction.atomic
def create_professional(
    actor: Actor,
    *,
    family_name: str,
    given_name: str = "",
    civility: str = "",
    rpps: str = "",
    profession_name: str = "",
    is_external: bool = False,
    received: Mapping[str, Any] | None = None,
) -> Professional:
    """Create a professional of the operator; `received` holds the codes of the file it came in."""
    _require_manager(actor, actor.establishment_id)
    professional = Professional.objects.create(
        operator_id=actor.operator_id,
        family_name=family_name,
        given_name=given_name,
        civility=civility,
        rpps=rpps,
        profession_name=profession_name,
        is_external=is_external,
        received=dict(received or {}),
    )
    writing.record(actor, "create_professional", target=professional)
    return professional


@transaction.atomic
def open_account(actor: Actor, *, professional: Professional, email: str) -> Account:
    """Open a sign-in account without a password: a one-time link lets its owner choose one.

    Refused when the professional has an account, or the address is another's.
    """
    _require_manager(actor, actor.establishment_id, professional.operator_id)
    if Account.objects.filter(professional=professional).exists():
        raise Invalid({"": ["Ce professionnel a déjà un compte."]})
    if Account.objects.filter(email__iexact=email).exists():
        raise Invalid({"email": ["Un compte utilise déjà cette adresse."]})
    account = Account(professional=professional, email=email.lower())
    account.set_unusable_password()
    account.save(force_insert=True)
    writing.record(actor, "open_account", target=account)
    return account


@transaction.atomic
def open_membership(
    actor: Actor,
    *,
    professional: Professional,
    profession: str,
    starts_on: date,
    establishment: Establishment | None = None,
    reach: str = Reach.UNITS,
    units: Collection[Unit] = (),
    ends_on: date | None = None,
) -> Membership:
    """Open a situation to a professional of the operator; refused to oneself (four eyes)."""
    establishment_id = establishment.pk if establishment else None
    _require_manager(actor, establishment_id, professional.operator_id)
    if establishment and establishment.operator_id != actor.operator_id:
        raise _not_in_scope()
    if professional.pk == actor.professional_id:
        raise Refused(
            "own_membership",
            "Nul ne s'ouvre une situation à soi-même.",
            whom_to_ask="une autre personne qui gère l'annuaire",
        )
    faults = membership_faults(
        profession=profession,
        reach=reach,
        establishment_id=establishment_id,
        unit_establishment_ids={unit.establishment_id for unit in units},
        starts_on=starts_on,
        ends_on=ends_on,
    )
    if faults:
        raise Invalid(faults)
    membership = Membership.objects.create(
        operator_id=actor.operator_id,
        professional=professional,
        establishment=establishment,
        profession=profession,
        reach=reach,
        starts_on=starts_on,
        ends_on=ends_on,
    )
    membership.units.set(units)
    writing.record(actor, "open_membership", target=membership, detail={"profession": profession})
    return membership


@transaction.atomic
def end_membership(actor: Actor, *, membership: Membership, ends_on: date) -> Membership:
    """Set the last day of a situation; refused before its first day, and for the command line."""
    _require_manager(actor, membership.establishment_id, membership.operator_id)
    if membership.profession == SYSTEM:
        raise Refused("system", "La situation de la ligne de commande ne se ferme pas.")
    if ends_on < membership.starts_on:
        raise Invalid({"ends_on": ["La fin précède le début."]})
    membership.ends_on = ends_on
    membership.save(update_fields=["ends_on"])
    writing.record(actor, "end_membership", target=membership)
    return membership


@transaction.atomic
def choose_situation(account: Account, *, membership_id: UUID | str, at: datetime) -> Actor:
    """Return who acts in the situation chosen; refused when it is not the account's today."""
    actor = actor_for(account, membership_id, at)
    if actor is None:
        raise Refused("situation", "Cette situation n'est pas la vôtre, ou n'a plus cours.")
    writing.record(actor, "choose_situation")
    return actor


@transaction.atomic
def receive_structure(
    actor: Actor, *, number: str, name: str = "", kind: Coded | None = None
) -> ReceivedStructure:
    """Keep a structure named by a file, as received; the same one again is not made twice."""
    require(actor, Verb.IMPORT)
    structure, _ = ReceivedStructure.objects.get_or_create(
        operator_id=actor.operator_id, number=number, name=name, kind=kind or Coded()
    )
    return structure


@transaction.atomic
def receive_professional(
    actor: Actor,
    *,
    number: str,
    family_name: str,
    given_name: str = "",
    civility: str = "",
    profession_name: str = "",
    received: Mapping[str, Any],
) -> Professional:
    """Keep a professional named by a file; one of ours with the same number is not made again.

    `number` is the national number as received, its key right or not.
    """
    require(actor, Verb.IMPORT)
    professional, _ = Professional.objects.get_or_create(
        operator_id=actor.operator_id,
        rpps=number,
        family_name=family_name,
        given_name=given_name,
        defaults={
            "civility": civility,
            "profession_name": profession_name,
            "is_external": True,
            "received": dict(received),
        },
    )
    return professional


@transaction.atomic
def request_password_link(account: Account, *, site: str) -> None:
    """Have a link to choose a password mailed to the owner; `site` is the address asked from.

    Whoever asks is not signed in: no actor, and nothing in the journal of what people did.
    """
    outbox.post(
        PASSWORD_LINK,
        key=f"{PASSWORD_LINK}:{new_id()}",
        operator_id=account.professional.operator_id,
        payload={"account_id": str(account.pk), "site": site},
    )


def _require_manager(
    actor: Actor, establishment_id: UUID | None, operator_id: UUID | None = None
) -> None:
    """Raise unless the actor manages the directory of this establishment (None: the operator)."""
    if operator_id and operator_id != actor.operator_id:
        raise Refused("hidden", "Cette structure n'existe pas.", is_hidden=True)
    if not manages_directory(actor.profession):
        raise Refused(
            "directory",
            f"La profession « {actor.profession_label} » ne permet pas de modifier l'annuaire.",
            whom_to_ask="la direction ou le secrétariat de l'établissement",
        )
    if not manages_structure(actor.establishment_id, establishment_id):
        raise _not_in_scope()


def _not_in_scope() -> Refused:
    return Refused(
        "directory_scope",
        "Votre situation ne gère que l'annuaire de son propre établissement.",
        whom_to_ask="la personne qui gère l'annuaire de tout l'organisme",
    )
