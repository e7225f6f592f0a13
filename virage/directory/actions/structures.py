"""Adding operators, establishments, units, rooms, and the professionals who work there."""

from django.db import IntegrityError, transaction
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
from virage.directory.rules import SYSTEM, number_faults, require_management, require_manager
from virage.foundation.access.actor import Actor
from virage.foundation.access.enums import Reach, SubjectKind
from virage.foundation.access.models import Subject
from virage.foundation.errors import Invalid, Refused
from virage.foundation.journal.writing import record


@transaction.atomic
def create_operator(*, name: str, siren: str = "", is_received: bool = False) -> Operator:
    """Create an operator and the membership of its command line, which signs the creation.

    No actor comes before: an operator is made by whoever holds the machine. Invalid for a SIREN
    already used or, unless received, with a wrong key.
    """
    if not is_received:
        Invalid.raise_if(number_faults(siren=siren))
    if siren and Operator.objects.filter(siren=siren).exists():
        raise Invalid({"siren": ["Un organisme porte déjà ce SIREN."]})
    operator = Operator.objects.create(name=name, siren=siren)
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
    if not is_received:
        Invalid.raise_if(number_faults(finess=finess, siret=siret))
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
    record(actor, "establishment.create", target=establishment, subject_ids=[subject.pk])
    return establishment


@transaction.atomic
def create_unit(actor: Actor, *, establishment: Establishment, name: str) -> Unit:
    """Create a unit; Invalid for a name that the establishment has already."""
    require_own_operator(actor, establishment)
    require_management(actor, establishment.pk)
    if establishment.units.filter(name=name).exists():
        raise Invalid({"name": ["Cet établissement a déjà une unité de ce nom."]})
    unit = Unit.objects.create(establishment=establishment, name=name)
    record(actor, "unit.create", target=unit)
    return unit


@transaction.atomic
def create_room(actor: Actor, *, unit: Unit, name: str) -> Room:
    """Create a room; Invalid for a name that the unit has already."""
    require_own_operator(actor, unit.establishment)
    require_management(actor, unit.establishment_id)
    if unit.rooms.filter(name=name).exists():
        raise Invalid({"name": ["Cette unité a déjà une chambre de ce nom."]})
    room = Room.objects.create(unit=unit, name=name)
    record(actor, "room.create", target=room)
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
) -> Professional:
    """Create a professional of the operator, or an external one met by it.

    Invalid for an RPPS with a wrong key, or that another of the same kind has: whom a file named
    as external may well be hired.
    """
    require_manager(actor)
    Invalid.raise_if(number_faults(rpps=rpps))
    professional = Professional(
        operator_id=actor.operator_id,
        family_name=family_name,
        given_name=given_name,
        civility=civility,
        rpps=rpps,
        profession_name=profession_name,
        is_external=is_external,
    )
    known = Professional.objects.filter(
        operator=actor.operator_id, rpps=rpps, is_external=is_external
    )
    taken = Invalid({"rpps": ["Un professionnel porte déjà ce numéro RPPS."]})
    if rpps and known.exists():
        raise taken
    try:
        with transaction.atomic():
            professional.save(force_insert=True)
    except IntegrityError as error:  # a colleague was quicker
        raise taken from error
    record(actor, "professional.create", target=professional)
    return professional


def require_own_operator(actor: Actor, thing: Establishment | Professional | Membership) -> None:
    """Raise a hidden `Refused` for what belongs to another operator: here it does not exist."""
    if thing.operator_id != actor.operator_id:
        raise Refused("hidden", "Ceci n’existe pas dans votre annuaire.", is_hidden=True)
