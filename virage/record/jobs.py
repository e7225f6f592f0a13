"""What the record tells by mail: evaluations to be made again."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.core.mail import send_mail
from django.template.loader import render_to_string
from django.utils import timezone

from virage.directory.queries import account_with
from virage.record.actions import remind_of_due_evaluations
from virage.record.queries.reminders import operators_at_night


def remind_of_evaluations(_payload: Mapping[str, Any]) -> None:
    """Look for the evaluations that fell due, operator by operator."""
    for actor in operators_at_night(timezone.now()):
        remind_of_due_evaluations(actor)


def tell_due_evaluations(payload: Mapping[str, Any]) -> None:
    """Tell a referent that evaluations are to be made again; the mail names no person and no
    evaluation. Nothing goes to an account closed meanwhile.
    """
    account = account_with(payload["account_id"])
    if not account.is_active:
        return
    shown = {"count": payload["count"], "due_on": date.fromisoformat(payload["due_on"])}
    text = render_to_string("record/evaluations_due.txt", shown)
    title = (
        "des évaluations sont à refaire" if payload["count"] > 1 else "une évaluation est à refaire"
    )
    send_mail(f"Rappel : {title}", text, None, [account.email])
