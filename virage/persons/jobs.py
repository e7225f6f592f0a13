"""What the persons room sends outside."""

from collections.abc import Mapping
from typing import Any

from django.core.mail import send_mail
from django.template.loader import render_to_string

from virage.persons.queries.emergency import openings_to_tell


def tell_bris_de_glace(payload: Mapping[str, Any]) -> None:
    """Tell the referents and the data protection addresses of a bris de glace.

    The mail names who opened and why, never the person whose record it is.
    """
    opening, addresses = openings_to_tell(payload["opening_id"])
    text = render_to_string("persons/bris_de_glace.txt", {"opening": opening})
    for address in addresses:
        send_mail("Bris de glace : un dossier ouvert en urgence", text, None, [address])
