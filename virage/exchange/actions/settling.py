"""Settling a doubtful identity: a human says whose record a held file is."""

from uuid import UUID

from django.db import transaction
from django.utils import timezone

from virage.exchange.actions.processing import write_record
from virage.exchange.enums import ImportState
from virage.exchange.models import Import
from virage.exchange.queries.imports import held_import
from virage.exchange.queries.reading import read_received
from virage.foundation.access.actor import Actor
from virage.foundation.errors import Conflict, Invalid
from virage.foundation.journal import writing


def settle_identity(actor: Actor, *, import_id: UUID, person_id: UUID | None) -> Import:
    """Write a held file in the record of `person_id`, or, without one, of a new person.

    Refused without the import verb; Invalid for a person who was not proposed; Conflict when
    someone else has settled it meanwhile.
    """
    received = held_import(actor, import_id)
    if person_id is not None and str(person_id) not in received.candidate_ids:
        raise Invalid({"person": ["Cette personne n'était pas proposée pour ce dossier."]})
    reading = read_received(received)
    with transaction.atomic():
        claimed = Import.objects.filter(pk=received.pk, state=ImportState.HELD)
        if not claimed.update(state=ImportState.RECEIVED):
            raise Conflict("Une autre personne a déjà tranché pour ce dossier.", "", "")
        decision = "same" if person_id else "new"
        writing.record(actor, "import.settle", target=received, detail={"decision": decision})
        return write_record(actor, received, reading, person_id)


@transaction.atomic
def discard_import(actor: Actor, *, import_id: UUID) -> Import:
    """Give up a held file: nothing of it is written, the file and the decision are kept."""
    received = held_import(actor, import_id)
    received.state, received.ended_at = ImportState.DISCARDED, timezone.now()
    received.save(update_fields=["state", "ended_at"])
    writing.record(actor, "import.discard", target=received)
    return received
