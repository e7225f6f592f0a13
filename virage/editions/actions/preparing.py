"""What the worker does of a long edition, and of its file afterwards."""

from datetime import datetime, timedelta
from typing import cast
from uuid import UUID

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from virage.directory.models import Membership
from virage.directory.queries import actor_of
from virage.editions.actions.making import file_in_record
from virage.editions.actions.writing import journal_edition, read_to_edit, write_out
from virage.editions.enums import FileFormat, Kind, PreparationState
from virage.editions.models import Preparation
from virage.editions.rules.templates import Wanted
from virage.foundation.access.actor import Actor
from virage.foundation.access.enums import Volet
from virage.foundation.errors import Invalid, Refused
from virage.foundation.storage import files
from virage.foundation.storage.holders import is_held

# How long the file of a long edition waits to be fetched.
KEPT = timedelta(days=1)
OPEN = (PreparationState.WAITING, PreparationState.WRITING)
NO_LONGER = "Votre situation n’est plus en vigueur."


def prepare_edition(preparation_id: UUID) -> None:
    """Make a long edition under the rights of the moment, once; a second call changes nothing.

    What the rights no longer allow is refused in words, which its asker reads.
    """
    preparation = Preparation.objects.filter(pk=preparation_id, state__in=OPEN).first()
    if preparation is None:
        return
    now = timezone.now()
    membership = Membership.objects.active(now).filter(pk=preparation.membership_id).first()
    if membership is None:
        _end(preparation, PreparationState.REFUSED, why_refused=NO_LONGER)
        return
    _open(preparation).update(state=PreparationState.WRITING)
    try:
        _make(actor_of(membership, now), preparation)
    except Refused as refused:
        _end(preparation, PreparationState.REFUSED, why_refused=refused.sentence)
    except Invalid as invalid:
        words = " ".join(one for messages in invalid.errors.values() for one in messages)
        _end(preparation, PreparationState.REFUSED, why_refused=words)


def drop_fetched_files() -> None:
    """Remove the files of long editions made more than `KEPT` ago, one after the other.

    One that was fetched, then added to a record, has the same address there: it stays.
    """
    late = Preparation.objects.filter(ended_at__lt=timezone.now() - KEPT).exclude(file_address="")
    for preparation in late.order_by("id"):
        address = preparation.file_address
        Preparation.objects.filter(pk=preparation.pk).update(file_address="")
        if not is_held(address):
            made_at = cast(datetime, preparation.ended_at).timestamp()
            files.remove_unless_stored_since(address, made_at)


def _make(actor: Actor, preparation: Preparation) -> None:
    wanted = _wanted(preparation)
    made = read_to_edit(actor, wanted)
    file = write_out(actor, wanted, made.read)
    with transaction.atomic():
        if wanted.is_filed:
            is_ours = _end(preparation, PreparationState.FILED)
        else:
            # Stored even if the transaction fails: a file that no row names goes after a day.
            address = files.put(file.content, actor.operator_id)
            is_ours = _end(preparation, PreparationState.READY, file_address=address)
        if is_ours:
            journal_edition(actor, wanted, made, preparation)
            if wanted.is_filed:
                file_in_record(actor, made, file)


def _end(preparation: Preparation, state: PreparationState, **columns: str) -> bool:
    """End a preparation; False, changing nothing, when another worker has done it."""
    ended = {"state": state, "ended_at": timezone.now(), **columns}
    return bool(_open(preparation).update(**ended))


def _open(preparation: Preparation) -> QuerySet[Preparation]:
    return Preparation.objects.filter(pk=preparation.pk, state__in=OPEN)


def _wanted(preparation: Preparation) -> Wanted:
    return Wanted(
        kind=Kind(preparation.kind),
        file_format=FileFormat(preparation.file_format),
        person_id=preparation.person_id,
        unit_id=preparation.unit_id,
        volet=Volet(preparation.volet) if preparation.volet else None,
        since=preparation.since,
        until=preparation.until,
        is_filed=preparation.is_filed,
    )
