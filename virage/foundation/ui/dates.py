"""Days and instants as they are read in France, in Paris time, never abbreviated to a riddle."""

from datetime import date, datetime

from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.timezone import is_aware

from virage.foundation.calendar import in_paris

DAYS = ("lun.", "mar.", "mer.", "jeu.", "ven.", "sam.", "dim.")
MONTHS = (
    *("janv.", "févr.", "mars", "avr.", "mai", "juin"),
    *("juil.", "août", "sept.", "oct.", "nov.", "déc."),
)
NO_BREAK = "\N{NO-BREAK SPACE}"


def _local(value: date) -> date:
    return in_paris(value) if isinstance(value, datetime) and is_aware(value) else value


def worded_day(value: date) -> str:
    """« lun. 23 nov. 2026 », as plain text."""
    number = "1er" if value.day == 1 else str(value.day)
    words = (DAYS[value.weekday()], number, MONTHS[value.month - 1], str(value.year))
    return NO_BREAK.join(words)


def _worded_clock(value: datetime) -> str:
    return f"{value.hour}{NO_BREAK}h{NO_BREAK}{value.minute:02}"


def _time(value: date, words: str) -> SafeString:
    return format_html('<time datetime="{}">{}</time>', value.isoformat(), words)


def day(value: date | None) -> str:
    """« lun. 23 nov. 2026 », or nothing without a date."""
    if not value:
        return ""
    value = _local(value)
    return _time(value, worded_day(value))


def numeric_day(value: date | None) -> str:
    """« 12/03/1941 », as a date of birth is read; nothing without a date."""
    if not value:
        return ""
    value = _local(value)
    return _time(value, f"{value:%d/%m/%Y}")


def moment(value: datetime | None) -> str:
    """« lun. 23 nov. 2026, 14 h 05 », or nothing without an instant."""
    if not value:
        return ""
    value = in_paris(value)
    return _time(value, f"{worded_day(value)}, {_worded_clock(value)}")


def clock(value: datetime | None) -> str:
    """« 14 h 05 », or nothing without an instant."""
    if not value:
        return ""
    value = in_paris(value)
    return _time(value, _worded_clock(value))
