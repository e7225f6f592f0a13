"""Long editions, as who asked for them follows and fetches them."""

from uuid import UUID

from virage.editions.enums import PreparationState
from virage.editions.models import Preparation
from virage.foundation.access.actor import Actor
from virage.foundation.errors import Refused
from virage.foundation.outbox.models import Message
from virage.foundation.storage import files
from virage.persons.queries import find_person


def find_preparation(actor: Actor, preparation_id: UUID) -> Preparation:
    """Return a long edition that this situation asked for; Refused, as hidden, for any other.

    Of a person whom the actor no longer reaches, raises the `Refused` of `find_person`.
    """
    own = Preparation.objects.filter(membership=actor.membership_id)
    preparation = own.filter(pk=preparation_id).first()
    if preparation is None:
        raise Refused.hidden()
    if preparation.person_id:
        find_person(actor, preparation.person_id)
    return preparation


def prepared_content(actor: Actor, preparation_id: UUID) -> tuple[Preparation, bytes]:
    """Return a long edition that is ready and its file; Refused, as hidden, once it is gone."""
    preparation = find_preparation(actor, preparation_id)
    if preparation.state != PreparationState.READY or not preparation.file_address:
        raise Refused.hidden()
    return preparation, files.get(preparation.file_address)


def task_given_up(preparation: Preparation) -> Message | None:
    """Return the task that the worker stopped trying, or None; one SQL statement."""
    message = Message.objects.filter(key=f"edition:{preparation.pk}").first()
    return message if message and message.is_given_up else None
