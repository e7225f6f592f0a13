"""What a draft holds, and for how long."""

from collections.abc import Mapping
from datetime import timedelta
from uuid import UUID

import msgspec

# A transmission is 10,000 characters at most; a form has a few long fields.
MOST_CHARACTERS = 60_000
# Forms that one person may have left open in one situation; the oldest draft gives way.
MOST_DRAFTS = 40
EXPIRY_PERIOD = timedelta(days=1)
# A form sent twice is sent within the life of a session.
SENT_KEPT = timedelta(days=2)

# What was entered, by the name of the field.
Entered = Mapping[str, list[str]]


def read_token(text: str) -> UUID | None:
    """Return the token of a form, or None for what is none of ours."""
    try:
        return UUID(text)
    except ValueError:
        return None


def read_entered(text: str) -> Entered | None:
    """Return what a browser sends as JSON, or None: malformed, too long, or nothing written."""
    if len(text) > MOST_CHARACTERS:
        return None
    try:
        entered = msgspec.json.decode(text.encode(), type=dict[str, list[str]])
    except (msgspec.MsgspecError, UnicodeError):
        return None
    return (
        entered if any(value.strip() for values in entered.values() for value in values) else None
    )
