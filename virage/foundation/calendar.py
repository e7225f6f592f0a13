"""The years that a record may speak of, typed or received, and the clock that it is read by."""

from datetime import date, datetime, time
from zoneinfo import ZoneInfo

FIRST_YEAR, LAST_YEAR = 1850, 2200
PARIS = ZoneInfo("Europe/Paris")


def is_in_calendar(day: date) -> bool:
    """Whether a day or an instant stands between the years 1850 and 2200.

    A year outside is a slip, or a sign for « without end »; near the years 1 and 9999 no clock can
    shift an instant to another zone.
    """
    return FIRST_YEAR <= day.year <= LAST_YEAR


def in_paris(at: datetime) -> datetime:
    """Return an instant as Paris reads it; the last hours of year 9999 stay as they are."""
    try:
        return at.astimezone(PARIS)
    except OverflowError:
        return at


def midnight(day: date) -> datetime:
    """The instant at which a day begins in Paris."""
    return datetime.combine(day, time(), PARIS)
