"""Receiving a file: keep it, then treat it outside the request."""

import os
from pathlib import PurePath

from django.conf import settings
from django.db import transaction

from virage.directory.models import Establishment, Unit
from virage.exchange.models import Import
from virage.foundation.access.actor import Actor
from virage.foundation.access.enums import Reach, Verb
from virage.foundation.access.verdict import require
from virage.foundation.errors import Invalid, Refused
from virage.foundation.journal import writing
from virage.foundation.outbox import actions as outbox
from virage.foundation.storage import files
from virage.foundation.workflow.actions import start

TOPIC = "exchange.import_received"


@transaction.atomic
def receive_file(
    actor: Actor,
    *,
    file_name: str,
    content: bytes,
    establishment: Establishment | None = None,
    unit: Unit | None = None,
) -> Import:
    """Keep a file received from another software and ask the worker to treat it.

    The record goes to `establishment`, or the actor's, in `unit`. Refused without the import
    verb; Invalid for an empty file, one beyond `IMPORT_MAX_FILE_BYTES`, no establishment, or, by
    who is in units, another unit than his.
    """
    require(actor, Verb.IMPORT)
    establishment_id = establishment.pk if establishment else actor.establishment_id
    if establishment and not _is_open_to(actor, establishment):
        raise Refused.hidden()
    if establishment_id is None:
        raise Invalid({"establishment": ["Choisissez l’établissement qui reçoit le dossier."]})
    if unit and unit.establishment_id != establishment_id:
        raise Invalid({"unit": ["Cette unité n’est pas dans l’établissement choisi."]})
    if actor.reach == Reach.UNITS and (unit is None or unit.pk not in actor.unit_ids):
        raise Invalid({"unit": ["Choisissez une unité de votre équipe : elle lira le dossier."]})
    check_size(len(content))
    received = Import.objects.create(
        operator_id=actor.operator_id,
        establishment_id=establishment_id,
        unit=unit,
        membership_id=actor.membership_id,
        file_name=_written(PurePath(file_name).name)[:255],
        digest=files.put(content, actor.operator_id),
        size_bytes=len(content),
    )
    start(actor, item=received)
    writing.record(actor, "import.receive", target=received)
    ask_to_treat(received)
    return received


def check_size(size_bytes: int) -> None:
    """Raise Invalid for an empty file, or one beyond `IMPORT_MAX_FILE_BYTES`.

    To be asked of a file before it is read: it may be larger than the memory.
    """
    if not size_bytes:
        raise Invalid({"file": ["Ce fichier est vide."]})
    if size_bytes > settings.IMPORT_MAX_FILE_BYTES:
        limit = settings.IMPORT_MAX_FILE_BYTES // 10**6
        raise Invalid({"file": [f"Ce fichier dépasse la taille permise ({limit} Mo)."]})


def ask_to_treat(received: Import) -> None:
    """Ask the worker to treat an import: once received, and once more when it is settled.

    Each time it is held, there are more candidates: their number tells one asking from the next.
    """
    outbox.post(
        TOPIC,
        key=f"import:{received.pk}:{received.candidates.count()}",
        operator_id=received.operator_id,
        payload={"import_id": str(received.pk)},
    )


def _written(name: str) -> str:
    """Return a name of file as a text that any database takes: a system may give any bytes."""
    return os.fsencode(name).decode(errors="replace")


def _is_open_to(actor: Actor, establishment: Establishment) -> bool:
    """Whether the actor's situation receives records there: its establishment, or its operator."""
    if actor.establishment_id:
        return establishment.pk == actor.establishment_id
    return establishment.operator_id == actor.operator_id
