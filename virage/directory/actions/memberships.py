"""Memberships: who works where, as what, between two dates; and the one chosen to act in."""

from collections.abc import Collection
from datetime import date, datetime, timedelta
from uuid import UUID

from django.db import transaction

from virage.directory.actions.accounts import take_back_if_wider
from virage.directory.actions.structures import require_own_operator
from virage.directory.models import (
    Account,
    Departure,
    Establishment,
    Membership,
    Operator,
    Professional,
    Unit,
)
from virage.directory.queries import (
    actor_for,
    is_direction_needed,
    membership_refusal,
    opening_refusal,
    units_of,
)
from virage.directory.rules import SYSTEM, membership_faults, require_management
from virage.foundation.access.actor import Actor
from virage.foundation.access.enums import Reach
from virage.foundation.errors import Invalid, Refused
from virage.foundation.journal.writing import record

NO_DIRECTION = (
    "Plus personne ne dirigerait l’organisme ensuite : ouvrez d’abord la situation de la personne "
    "qui prend la suite."
)


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
    """Open a situation to a professional; `take_back_if_wider` judges who gave the access.

    Refused to oneself, and by `opening_refusal`; Invalid by `rules.membership_faults`.
    """
    require_own_operator(actor, professional)
    if establishment:
        require_own_operator(actor, establishment)
    require_management(actor, establishment.pk if establishment else None)
    if professional.pk == actor.professional_id:
        raise Refused(
            "own_membership",
            "Nul ne s’ouvre une situation à soi-même.",
            whom_to_ask="une autre personne qui gère l’annuaire",
        )
    faults = membership_faults(
        profession=profession,
        reach=reach,
        establishment_id=establishment.pk if establishment else None,
        establishment_has_units=units_of(establishment).exists(),
        unit_establishment_ids={unit.establishment_id for unit in units},
        starts_on=starts_on,
        ends_on=ends_on,
    )
    Invalid.raise_if(faults)
    refused = opening_refusal(
        actor,
        profession=profession,
        establishment_id=establishment.pk if establishment else None,
        reach=reach,
        unit_ids=[unit.pk for unit in units],
    )
    if refused:
        raise refused
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
    # Who had left comes back.
    Departure.objects.filter(professional=professional).delete()
    Account.objects.filter(professional=professional).update(closes_on=None)
    record(actor, "membership.open", target=membership, detail={"profession": profession})
    take_back_if_wider(actor, membership)
    return membership


@transaction.atomic
def end_membership(actor: Actor, *, membership: Membership, ends_on: date) -> Membership:
    """Set the last day of a situation.

    Refused for the command line's, to those who could not open it (`membership_refusal`), and to
    whoever puts off the end of his own. Invalid for a day before the first one, or when nobody
    would direct the operator any more (`is_direction_needed`).
    """
    require_own_operator(actor, membership)
    if membership.profession == SYSTEM:
        raise Refused("system", "La situation de la ligne de commande ne se ferme pas.")
    if refused := membership_refusal(actor, membership):
        raise refused
    # Two directors who end each other's situation at once: one of them waits, then is refused.
    Operator.objects.select_for_update(no_key=True).get(pk=membership.operator_id)
    membership.refresh_from_db(fields=["ends_on"])
    if ends_on < membership.starts_on:
        raise Invalid({"ends_on": ["La fin précède le début."]})
    is_put_off = membership.ends_on is not None and ends_on > membership.ends_on
    if is_put_off and membership.professional_id == actor.professional_id:
        raise Refused(
            "own_membership",
            "Nul ne prolonge sa propre situation.",
            whom_to_ask="une autre personne qui gère l’annuaire",
        )
    from_day = max(actor.today, ends_on + timedelta(days=1))
    if is_direction_needed(membership, from_day=from_day):
        raise Invalid({"ends_on": [NO_DIRECTION]})
    membership.ends_on = ends_on
    membership.save(update_fields=["ends_on"])
    if is_put_off:
        take_back_if_wider(actor, membership)
    record(actor, "membership.end", target=membership, detail={"ends_on": ends_on.isoformat()})
    return membership


@transaction.atomic
def put_back_membership(actor: Actor, *, membership: Membership, ends_on: date | None) -> None:
    """Give a situation the last day that it had before a departure now cancelled, or none.

    Refused to those who could not open it (`membership_refusal`).
    """
    if refused := membership_refusal(actor, membership):
        raise refused
    membership.ends_on = ends_on
    membership.save(update_fields=["ends_on"])
    take_back_if_wider(actor, membership)
    detail = {"ends_on": ends_on.isoformat() if ends_on else ""}
    record(actor, "membership.put_back", target=membership, detail=detail)


@transaction.atomic
def choose_situation(account: Account, *, membership_id: UUID, at: datetime) -> Actor:
    """Return who acts in the situation chosen; Refused when it is not the account's today."""
    actor = actor_for(account, membership_id, at)
    if actor is None:
        raise Refused("situation", "Cette situation n’est pas la vôtre, ou n’a plus cours.")
    record(actor, "situation.choose")
    return actor
