"""Professionals, of the house or from outside: adding them, and correcting what is said of them."""

from collections.abc import Mapping
from contextlib import nullcontext
from typing import Any

from django.db import transaction

from virage.directory.actions.structures import (
    Alone,
    require_own_operator,
    save_corrected,
    saved_alone,
)
from virage.directory.models import Professional
from virage.directory.queries import account_refusal
from virage.directory.rules import number_faults, require_manager, searched
from virage.foundation.access.actor import Actor
from virage.foundation.errors import Invalid
from virage.foundation.journal.writing import record
from virage.foundation.versions import assign, locked


@transaction.atomic
def create_professional(
    actor: Actor,
    *,
    family_name: str,
    given_name: str = "",
    civility: str = "",
    rpps: str = "",
    profession_name: str = "",
    registration_number: str = "",
    work_email: str = "",
    phone: str = "",
    is_external: bool = False,
) -> Professional:
    """Create a professional of the operator, or an external one met by it.

    Invalid for an RPPS with a wrong key, or that another of the same kind has: whom a file named
    as external may well be hired. Invalid too for a registration number that another has.
    """
    require_manager(actor)
    Invalid.raise_if(number_faults(rpps=rpps))
    professional = new_professional(
        actor,
        family_name=family_name,
        given_name=given_name,
        civility=civility,
        rpps=rpps,
        profession_name=profession_name,
        registration_number=registration_number,
        work_email=work_email,
        phone=phone,
        is_external=is_external,
    )
    with _alone(professional), _alone_in_register(professional):
        professional.save(force_insert=True)
    record(actor, "professional.create", target=professional)
    return professional


@transaction.atomic
def update_professional(
    actor: Actor, *, professional: Professional, expected_version: int, changes: Mapping[str, Any]
) -> Professional:
    """Correct a professional; Refused as in `require_charge`, Invalid as in `create_professional`.

    A number kept as it was passes, even received with a wrong key. What was signed keeps the name
    under which it was. Conflict when someone else went first (`versions.locked`).
    """
    require_charge(actor, professional)
    current = locked(professional, expected_version, changes)
    changed = assign(current, changes)
    if "rpps" in changed:
        Invalid.raise_if(number_faults(rpps=current.rpps))
    is_other = {"rpps", "is_external"} & set(changed)
    alone = _alone(current) if is_other else nullcontext()
    with _alone_in_register(current):
        save_corrected(actor, "professional.update", current, changed, alone)
    if changed:
        current.search_text = search_text_of(current)
        current.save(update_fields=["search_text"])
    return current


def new_professional(actor: Actor, **columns: Any) -> Professional:
    """Return the row of a professional of the actor's operator, to be inserted."""
    professional = Professional(operator_id=actor.operator_id, **columns)
    professional.search_text = search_text_of(professional)
    return professional


def require_charge(actor: Actor, professional: Professional) -> None:
    """Raise `Refused` unless the actor may open and correct what a professional signs with.

    That is whoever may open the account, with each of its situations (`account_refusal`).
    """
    require_own_operator(actor, professional)
    if refused := account_refusal(actor, professional):
        raise refused


def search_text_of(one: Professional) -> str:
    """Return what a professional is searched by, to be stored beside the columns it comes from."""
    names = (one.family_name, one.given_name, one.profession_name)
    return searched(*names, one.phone, one.rpps, one.registration_number)


def _alone_in_register(professional: Professional) -> Alone:
    return saved_alone(
        professional,
        Professional.objects.filter(operator=professional.operator_id),
        "registration_number",
        "Un professionnel porte déjà ce matricule.",
    )


def _alone(professional: Professional) -> Alone:
    same_kind = Professional.objects.filter(
        operator=professional.operator_id, is_external=professional.is_external
    )
    return saved_alone(
        professional, same_kind, "rpps", "Un professionnel porte déjà ce numéro RPPS."
    )
