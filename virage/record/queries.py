"""Reading the record: transmissions, and the stays they are written in."""

from collections.abc import Set
from uuid import UUID

from django.db.models import QuerySet

from virage.foundation.access.actor import Actor
from virage.foundation.access.enums import Reach
from virage.foundation.access.predicates import items_visible_to
from virage.foundation.errors import Refused
from virage.persons.models import Stay
from virage.record.models import Note


def notes_visible_to(actor: Actor) -> QuerySet[Note]:
    """Return the transmissions that the actor reads, withdrawn ones included: their text is not."""
    return Note.objects.filter(items_visible_to(actor))


def find_note(actor: Actor, note_id: UUID) -> Note:
    """Return one transmission; Refused as if it did not exist when the actor does not read it."""
    note = notes_visible_to(actor).select_related("subject").filter(pk=note_id).first()
    if note is None:
        raise Refused("hidden", "Cette transmission n'existe pas.", is_hidden=True)
    return note


def current_stays(actor: Actor, subject_ids: Set[UUID]) -> dict[UUID, Stay]:
    """Return the stay of each subject in which the actor writes today.

    It is a stay of his establishment, or any one of the operator's when he covers it whole.
    """
    stays = Stay.objects.open_at(actor.at).filter(
        subject__in=subject_ids, operator=actor.operator_id
    )
    if actor.reach != Reach.OPERATOR:
        stays = stays.filter(establishment=actor.establishment_id)
    return {stay.subject_id: stay for stay in stays.order_by("entered_on", "id")}
