"""The job of documents: what no antivirus has seen yet."""

from collections.abc import Mapping
from contextlib import suppress
from typing import Any

from django.utils import timezone

from virage.directory.models import Operator
from virage.directory.queries import actor_of, system_membership
from virage.documents.actions import note_unjudged, note_verdict
from virage.documents.queries import files_to_scan
from virage.documents.rules import MOST_SCANNED
from virage.foundation.storage import antivirus, files


def scan_waiting(_payload: Mapping[str, Any]) -> None:
    """Ask the antivirus about the oldest documents that it has not seen, while it answers.

    One that it cannot judge holds up no other. A file that is lost or altered is one: `virage
    check` names its row.
    """
    at = timezone.now()
    for file in files_to_scan(at, MOST_SCANNED) if antivirus.is_configured() else []:
        verdict = None
        with suppress(FileNotFoundError, ValueError):
            verdict = antivirus.verdict_on(files.read(file.digest))
        if verdict is not None:
            operator = Operator.objects.get(pk=file.operator_id)
            actor = actor_of(system_membership(operator), timezone.now(), "antivirus")
            note_verdict(actor, file=file, verdict=verdict)
        elif antivirus.is_answering():
            note_unjudged(file, at)
        else:
            return
