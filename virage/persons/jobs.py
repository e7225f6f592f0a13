"""What the persons room does by itself: what it sends outside, what it closes every night."""

from collections.abc import Mapping
from typing import Any

from django.core.mail import send_mail
from django.template.loader import render_to_string
from django.utils import timezone

from virage.foundation.access.emergency import policy
from virage.foundation.outbox.actions import one_at_a_time
from virage.persons.actions.contracts import close_ended_contracts
from virage.persons.queries.contracts import command_lines
from virage.persons.queries.emergency import openings_to_tell
from virage.persons.queries.openings import count_recent


def tell_bris_de_glace(payload: Mapping[str, Any]) -> None:
    """Tell the referents and the data protection addresses of a bris de glace.

    The mail names who opened and why, never the person whose record it is; it raises the alert when
    the same professional does so often.
    """
    opening, addresses = openings_to_tell(payload["opening_id"])
    recent, days = count_recent(opening), policy().often_days
    is_often = policy().is_often(recent)
    shown = {"opening": opening, "recent": recent, "days": days, "is_often": is_often}
    text = render_to_string("persons/bris_de_glace.txt", shown)
    title = f"{recent} en {days} jours" if is_often else "un dossier ouvert en urgence"
    for address in one_at_a_time(addresses):
        send_mail(f"Bris de glace\u00a0: {title}", text, None, [address])


def end_contracts(_payload: Mapping[str, Any]) -> None:
    """Close what the contracts that have ended leave behind, operator by operator."""
    for actor in command_lines(timezone.now()):
        close_ended_contracts(actor)
