"""What an item of a record says of its own writing: its origin, and when it was entered."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

# Two computers never agree on the minute.
CLOCK_TOLERANCE = timedelta(minutes=5)
# A shift of twelve hours is written down before it ends.
LATE_AFTER = timedelta(hours=12)


@dataclass(frozen=True, kw_only=True)
class Origin:
    """What another software says of an item it sent: who wrote it, when, under which identifier.

    `establishment_id` is ours, the establishment that received the item; `structure_id` is the
    structure, as received, where it was written.
    """

    establishment_id: UUID
    structure_id: UUID | None = None
    author_id: UUID | None = None
    author_name: str = ""
    author_profession: str = ""
    recorded_at: datetime | None = None
    identifier: str = ""
    system: str = ""


def is_future(happened_at: datetime, at: datetime) -> bool:
    """Whether a fact is dated after the instant `at`, five minutes of clock error forgiven."""
    return happened_at > at + CLOCK_TOLERANCE


def is_late_entry(happened_at: datetime, recorded_at: datetime) -> bool:
    """Whether a fact was entered « a posteriori »: more than twelve hours after it happened."""
    return recorded_at - happened_at > LATE_AFTER
