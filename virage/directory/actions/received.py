"""Structures and professionals that a received file names, kept as received."""

from collections.abc import Collection, Mapping
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import Q

from virage.directory.models import Professional, ReceivedStructure
from virage.foundation.access.actor import Actor
from virage.foundation.access.enums import Verb
from virage.foundation.access.verdict import require
from virage.foundation.coded import Coded
from virage.foundation.national_numbers import is_rpps_valid


@transaction.atomic
def receive_structure(
    actor: Actor, *, number: str, name: str = "", kind: Coded | None = None
) -> tuple[ReceivedStructure, bool]:
    """Keep a structure named by a file, and say whether it is new: it is not made twice.

    `number` is the national number as received. Refused without the import verb. Imports of an
    operator are written one at a time, so that looking first is enough.
    """
    require(actor, Verb.IMPORT)
    named = {"operator_id": actor.operator_id, "number": number, "name": name}
    same = ReceivedStructure.objects.filter(**named, kind=kind or Coded())
    known = same.order_by("id").first()
    if known:
        return known, False
    return ReceivedStructure.objects.create(**named, kind=kind or Coded()), True


@transaction.atomic
def receive_professional(
    actor: Actor,
    *,
    number: str,
    our_id: UUID | None,
    family_name: str,
    given_name: str = "",
    civility: str = "",
    profession_name: str = "",
    received: Mapping[str, Any],
    others: Collection[UUID] = (),
) -> tuple[Professional, bool]:
    """Keep a professional named by a file, and say whether it is new.

    It is one of ours only if the RPPS, its key right, or our own id come back says so: a like name
    alone never makes a stranger one of the house, for authors read what they wrote. A stranger met
    before is known again by the number and the name; without a number by the name, the civility and
    the profession together, and is none of `others`, whom the same file names besides. `number` is
    the national number as received. Refused without the import verb.
    """
    require(actor, Verb.IMPORT)
    ours = Professional.objects.filter(operator=actor.operator_id)
    has_rpps = Q(rpps=number, is_external=False) if is_rpps_valid(number) else Q(pk=our_id)
    if known := ours.filter(has_rpps).first():
        return known, False
    named = {"rpps": number, "family_name": family_name, "given_name": given_name}
    told = {"civility": civility, "profession_name": profession_name}
    strangers = ours.filter(**named, is_external=True)
    if not number:
        strangers = strangers.filter(**told)
    met = strangers.order_by("id").iterator()
    if same := next((one for one in met if number or one.pk not in others), None):
        return same, False
    made = Professional.objects.create(
        **named,
        **told,
        operator_id=actor.operator_id,
        is_external=True,
        received=dict(received),
    )
    return made, True
