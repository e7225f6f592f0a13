"""Keeping a draft, erasing it, and taking a form once."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

import msgspec
from django.db import IntegrityError, transaction

from virage.foundation.access.actor import Actor
from virage.foundation.drafts.models import Draft, SentForm
from virage.foundation.drafts.queries import own_drafts, purpose_of
from virage.foundation.drafts.rules import MOST_DRAFTS, SENT_KEPT, Entered
from virage.foundation.encryption.values import encrypt, encrypt_again


@transaction.atomic
def keep_draft(actor: Actor, *, address: str, entered: Entered, token: UUID | None = None) -> None:
    """Keep what is being written; no journal, since nothing of it is in a record yet.

    The actor keeps his own alone; RuntimeError for one without an account. Nothing is kept of a
    form (`token`) that was taken meanwhile: the network may deliver the draft after the form.
    """
    if actor.account_id is None:
        raise RuntimeError("Un brouillon appartient à un compte.")
    if token and SentForm.objects.filter(token=token).exists():
        return
    draft = Draft(
        operator_id=actor.operator_id,
        account_id=actor.account_id,
        membership_id=actor.membership_id,
        address=address,
        saved_at=actor.at,
    )
    draft.text = encrypt(
        msgspec.json.encode(entered).decode(),
        purpose_of(actor.account_id, draft),
        actor.operator_id,
    )
    Draft.objects.bulk_create(
        [draft],
        update_conflicts=True,
        unique_fields=["account_id", "membership_id", "address"],
        update_fields=["text", "saved_at"],
    )
    own = own_drafts(actor)
    kept = own.order_by("-saved_at", "-id").values_list("pk", flat=True)[:MOST_DRAFTS]
    own.exclude(pk__in=list(kept)).delete()


def encrypt_drafts_again(operator_id: UUID) -> Iterator[UUID]:
    """Encrypt an operator's drafts under its key in force, and give the ids of those that were not.

    One that its author keeps meanwhile stands: it is under the new key already.
    """
    for draft in Draft.objects.filter(operator_id=operator_id).order_by("pk"):
        text = encrypt_again(draft.text, purpose_of(draft.account_id, draft), operator_id)
        if text and Draft.objects.filter(pk=draft.pk, text=draft.text).update(text=text):
            yield draft.pk


def erase_draft(actor: Actor, *, address: str) -> None:
    """Erase the actor's own draft at this address, if there is one."""
    own_drafts(actor).filter(address=address).delete()


def erase_old(before: datetime, at: datetime) -> None:
    """Erase the drafts kept before an instant, and the sent forms of more than two days."""
    Draft.objects.filter(saved_at__lt=before).delete()
    SentForm.objects.filter(sent_at__lt=at - SENT_KEPT).delete()


@dataclass
class AlreadySentError(Exception):
    """This very form was taken before; `led_to` is where it led, of this account's own forms."""

    led_to: str = ""


@contextmanager
def sent_once(account_id: UUID, token: UUID) -> Iterator[SentForm]:
    """Take a form in the same transaction as what it does; its block says where it `led_to`.

    A block that leads nowhere has taken nothing. Raises AlreadySentError when it was taken before.
    What the block raises undoes all of it: the form can be sent again. Two at the same moment wait
    for each other.
    """
    with transaction.atomic():
        sent = SentForm(token=token, account_id=account_id)
        try:
            with transaction.atomic():
                sent.save(force_insert=True)
        except IntegrityError:
            first = SentForm.objects.filter(token=token, account_id=account_id).first()
            raise AlreadySentError(first.led_to if first else "") from None
        yield sent
        if sent.led_to:
            sent.save(update_fields=["led_to"])
        else:
            sent.delete()
