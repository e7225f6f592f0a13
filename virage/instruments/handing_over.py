"""What a professional who leaves was asked to answer goes to a colleague."""

from datetime import date

from django.db.models import Q, QuerySet

from virage.directory.models import Professional
from virage.foundation.access.actor import Actor
from virage.foundation.access.predicates import items_visible_to
from virage.foundation.journal.writing import record_writes
from virage.instruments.enums import SheetState
from virage.instruments.models import Sheet, SheetRequest
from virage.instruments.queries import offered_to


def hand_requests_over(
    actor: Actor, requests: QuerySet[SheetRequest], heir: Professional, _last_day: date
) -> None:
    """Ask a colleague, at once, what was asked of someone who leaves.

    The right to decide of it is judged by `directory.leave`.
    """
    for request in requests.select_related("sheet").order_by("id"):
        request.professional = heir
        request.save(update_fields=["professional"])
        sheet = request.sheet
        record_writes(actor, "sheet.hand_over", {sheet.subject_id: {sheet.volet}}, target=sheet)


def asked_of(professional: Professional, _last_day: date) -> QuerySet[SheetRequest]:
    """Return what a professional is asked to answer, and has not, on sheets in progress."""
    return SheetRequest.objects.filter(
        professional=professional, ended_at=None, sheet__state=SheetState.OPEN
    )


def may_be_answered_by(actor: Actor) -> Q:
    """Return the condition under which a request is on a sheet that the actor reads and answers."""
    answered = {one.id for one in offered_to(actor)}
    return Q(sheet__in=Sheet.objects.filter(items_visible_to(actor), instrument__in=answered))
