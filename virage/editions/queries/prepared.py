"""Long editions, as who asked for them follows and fetches them."""

from uuid import UUID

from virage.editions.enums import PreparationState
from virage.editions.models import Preparation
from virage.foundation.access.actor import Actor
from virage.foundation.access.models import MatrixVersion, Restriction
from virage.foundation.access.predicates import shutting_out
from virage.foundation.errors import Refused
from virage.foundation.journal.collector import saw
from virage.foundation.journal.models import JournalLine
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


def refusal_to_fetch(actor: Actor, preparation: Preparation) -> Refused | None:
    """Return why a file already made is no longer given, or None; two SQL statements at most.

    It holds what was open to the actor when it was asked for: whatever the change since, the
    edition made anew says what is open to him now.
    """
    since = preparation.asked_at
    versions = MatrixVersion.objects.filter(operator_id=actor.operator_id, number__isnull=False)
    if versions.filter(activated_at__gte=since).exists():
        return Refused(
            "matrix",
            "Les droits d’accès ont changé depuis que vous avez demandé ce document. "
            "Éditez-le de nouveau\u00a0: il dira ce que vous lisez aujourd’hui.",
        )
    closings = Restriction.objects.filter(
        shutting_out(actor), subject__operator_id=actor.operator_id, raised_at__gte=since
    )
    if preparation.person_id:
        closings = closings.filter(subject__person=preparation.person_id)
    if closings.exists():
        return Refused(
            "restriction",
            "Quelque chose vous a été fermé depuis que vous avez demandé ce document. "
            "Éditez-le de nouveau\u00a0: il dira ce que vous lisez aujourd’hui.",
        )
    return None


def prepared_content(actor: Actor, preparation_id: UUID) -> tuple[Preparation, bytes]:
    """Return a long edition that is ready and its file, journalled as it was when it was made.

    Refused as hidden once it is gone, and as `refusal_to_fetch`.
    """
    preparation = find_preparation(actor, preparation_id)
    if preparation.state != PreparationState.READY or not preparation.file_address:
        raise Refused.hidden()
    if refused := refusal_to_fetch(actor, preparation):
        raise refused
    made = JournalLine.objects.filter(
        event__is_write=True, event__action="edition.make", event__target_id=preparation.pk
    )
    for line in made:
        saw(actor, "edition.fetch", [line.subject_id], filter(None, line.volets.split(",")))
    return preparation, files.get(preparation.file_address)


def task_given_up(preparation: Preparation) -> Message | None:
    """Return the task that the worker stopped trying, or None; one SQL statement."""
    message = Message.objects.filter(key=f"edition:{preparation.pk}").first()
    return message if message and message.is_given_up else None
