"""What the persons room does by itself: what it sends outside, what it closes every night."""

from collections.abc import Mapping
from typing import Any

from django.core.mail import send_mail
from django.template.loader import render_to_string
from django.utils import timezone

from virage.persons.actions.contracts import close_ended_contracts
from virage.persons.queries.contracts import command_lines
from virage.persons.queries.emergency import openings_to_tell


def tell_bris_de_glace(payload: Mapping[str, Any]) -> None:
    """Tell the referents and the data protection addresses of a bris de glace.

    The mail names who opened and why, never the person whose record it is.
    """
    opening, addresses = openings_to_tell(payload["opening_id"])
    text = render_to_string("persons/bris_de_glace.txt", {"opening": opening})
    for address in addresses:
        send_mail("Bris de glace : un dossier ouvert en urgence", text, None, [address])


def end_contracts(_payload: Mapping[str, Any]) -> None:
    """Close what the contracts that have ended leave behind, operator by operator."""
    for actor in command_lines(timezone.now()):
        close_ended_contracts(actor)
