"""Settling a doubtful identity: a human says whose record a held file is."""

from uuid import UUID

from django.db import transaction
from django.utils import timezone

from virage.exchange.actions.processing import take
from virage.exchange.actions.receiving import ask_to_treat
from virage.exchange.enums import ImportState
from virage.exchange.models import Import
from virage.exchange.queries.imports import find_import, held_import
from virage.exchange.queries.matching import persons_settled_by
from virage.foundation.access.actor import Actor
from virage.foundation.errors import Conflict, Invalid, Refused
from virage.foundation.workflow.actions import move


@transaction.atomic
def settle_identity(actor: Actor, *, import_id: UUID, person_id: UUID | None) -> Import:
    """Say whose record a held file is: `person_id`, or nobody's yet; the worker then writes it.

    Refused without the import verb, or when one of the persons proposed is beyond what the actor
    may settle (`persons_settled_by`); Invalid for a person who was not proposed; Conflict when
    someone else has settled it meanwhile.
    """
    received = _held(actor, import_id)
    candidates = received.candidates.all()
    if person_id is not None and not candidates.filter(pk=person_id).exists():
        raise Invalid({"decision": ["Cette personne n’était pas proposée pour ce dossier."]})
    if candidates.exclude(pk__in=persons_settled_by(actor)).exists():
        raise Refused(
            "merge",
            "L’une des personnes proposées n’est pas accompagnée par votre équipe.",
            whom_to_ask="la direction, qui compare les identités de tout l’organisme",
        )
    moved = move(
        actor,
        item=received,
        verb="settle",
        changes={"settled_person_id": person_id},
        detail={"decision": "same" if person_id else "new"},
    )
    ask_to_treat(moved)
    return moved


@transaction.atomic
def discard_import(actor: Actor, *, import_id: UUID, reason: str, seen_state: str = "") -> Import:
    """Give up a held file: nothing of it is written, the file and the decision are kept.

    Invalid without a reason, which the journal keeps as the purpose of the gesture; Conflict when
    someone else has decided meanwhile.
    """
    received = find_import(actor, import_id)
    take(received)
    return move(
        actor,
        item=received,
        verb="discard",
        seen_state=seen_state or ImportState.HELD,
        reason=reason,
        changes={"ended_at": timezone.now()},
    )


def _held(actor: Actor, import_id: UUID) -> Import:
    """Return an import with the right to see it, locked; Conflict when it was settled meanwhile."""
    received = held_import(actor, import_id)
    take(received)
    if received.state != ImportState.HELD:
        raise Conflict("Une autre personne a déjà tranché pour ce dossier.", "", "")
    return received
