"""Structures and professionals that a received file names, kept as received."""

from collections.abc import Mapping
from typing import Any

from django.db import transaction

from virage.directory.models import Professional, ReceivedStructure
from virage.foundation.access.actor import Actor
from virage.foundation.access.enums import Verb
from virage.foundation.access.verdict import require
from virage.foundation.coded import Coded


@transaction.atomic
def receive_structure(
    actor: Actor, *, number: str, name: str = "", kind: Coded | None = None
) -> ReceivedStructure:
    """Keep a structure named by a file; the same one again is not made twice.

    `number` is the national number as received. Refused without the import verb.
    """
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
    """Keep a professional named by a file; one of the same number and name is not made again.

    `number` is the national number as received, its key right or not. Refused without the import
    verb.
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
