"""Structures and professionals that a received file names, kept as received."""

from collections.abc import Mapping
from typing import Any

from django.db import transaction

from virage.directory.models import Professional, ReceivedStructure
from virage.foundation.access.actor import Actor
from virage.foundation.access.enums import Verb
from virage.foundation.access.verdict import require
from virage.foundation.coded import Coded
from virage.foundation.national_numbers import is_rpps_valid


@transaction.atomic
def receive_structure(
    actor: Actor, *, number: str, name: str = "", kind: Coded | None = None
) -> ReceivedStructure:
    """Keep a structure named by a file; the same one again is not made twice.

    `number` is the national number as received. Refused without the import verb. Imports of an
    operator are written one at a time, so that looking first is enough.
    """
    require(actor, Verb.IMPORT)
    named = {"operator_id": actor.operator_id, "number": number, "name": name}
    same = ReceivedStructure.objects.filter(**named, kind=kind or Coded())
    known = same.order_by("id").first()
    return known or ReceivedStructure.objects.create(**named, kind=kind or Coded())


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
    """Keep a professional named by a file; one of ours only if the RPPS, its key right, says so.

    A like name alone never makes a stranger one of the house: authors read what they wrote.
    `number` is the national number as received. Refused without the import verb.
    """
    require(actor, Verb.IMPORT)
    ours = Professional.objects.filter(operator=actor.operator_id)
    if is_rpps_valid(number) and (known := ours.filter(rpps=number, is_external=False).first()):
        return known
    named = {"rpps": number, "family_name": family_name, "given_name": given_name}
    same = ours.filter(**named, is_external=True).order_by("id")
    return same.first() or Professional.objects.create(
        **named,
        operator_id=actor.operator_id,
        civility=civility,
        profession_name=profession_name,
        is_external=True,
        received=dict(received),
    )
