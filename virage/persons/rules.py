"""Rules of identity: pure computation, dates given by the caller."""

from datetime import date


def age_on(birth_on: date, day: date) -> int:
    """Return the age in whole years on a day."""
    return day.year - birth_on.year - ((day.month, day.day) < (birth_on.month, birth_on.day))
