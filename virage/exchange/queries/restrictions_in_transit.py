"""Restrictions of access, as they go out: in words, for the direction there to decide."""

from collections.abc import Mapping
from datetime import datetime
from uuid import UUID

from django.db.models import Q
from django.utils import timezone

from virage.directory.models import Professional
from virage.formats.tddui import record as transit
from virage.foundation.access.actor import Actor
from virage.foundation.access.enums import Volet
from virage.foundation.access.matrix import profession_label
from virage.foundation.access.models import Restriction
from virage.persons.models import Person


def restrictions_in_transit(
    actor: Actor, person: Person, keys: Mapping[UUID, str]
) -> list[transit.Leftover]:
    """Return what closes the record of a person, or one of the items that leave with it, or did.

    `keys` are those of these items. The professionals named are the sender's: no receiver can close
    anything to them. Whoever exports learns neither what is closed to himself, nor why.
    """
    what = Q(item_id__isnull=True) | Q(item_id__in=keys)
    to_the_actor = Q(professional_id=actor.professional_id) | Q(profession=actor.itself.profession)
    restrictions = Restriction.objects.filter(what, subject=person.subject_id).exclude(to_the_actor)
    restrictions = restrictions.order_by("id")
    named = {one.professional_id for one in restrictions if one.professional_id}
    professionals = Professional.objects.in_bulk(named)
    return [_restriction(one, professionals, keys) for one in restrictions]


def _restriction(
    restriction: Restriction,
    professionals: Mapping[UUID, Professional],
    keys: Mapping[UUID, str],
) -> transit.Leftover:
    whom = f"la profession « {profession_label(restriction.profession)} »"
    if restriction.professional_id:
        whom = professionals[restriction.professional_id].display_name
    what = "tout le dossier"
    if restriction.item_id:
        what = f"l’élément {keys[restriction.item_id]}"
    until = f", jusqu’au {_day(restriction.ended_at)}" if restriction.ended_at else ""
    return transit.Leftover(
        key=restriction.pk.urn,
        kind="words",
        title=f"Restriction d’accès : {whom}",
        content=(
            f"L’expéditeur a fermé {what} à {whom} le {_day(restriction.raised_at)}{until}.\n"
            f"Motif : {restriction.reason}"
        ),
        owner=transit.THE_PERSON,
        volet=Volet.ADMINISTRATIVE,
    )


def _day(at: datetime) -> str:
    return f"{timezone.localdate(at):%d/%m/%Y}"
