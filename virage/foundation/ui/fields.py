"""Fields whose bounds and words are ours: an address, a day, a moment in Paris time."""

from datetime import date, datetime
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone

from virage.foundation.calendar import FIRST_YEAR, LAST_YEAR, is_in_calendar
from virage.foundation.ui.widgets import DayInput, MomentInput

SKIPPED = "Cette heure n’existe pas : cette nuit-là, les horloges ont avancé d’une heure."


BAD_EMAIL = "Saisissez une adresse électronique valide, comme prenom.nom@exemple.fr."


def check_year(value: date) -> None:
    """Raise `ValidationError` for a year that is a slip of the finger."""
    if not is_in_calendar(value):
        raise ValidationError(f"Indiquez une date entre {FIRST_YEAR} et {LAST_YEAR}.", code="far")


class EmailField(forms.EmailField):
    """An electronic address, called so in its errors too."""

    default_error_messages = {"invalid": BAD_EMAIL}


class DayField(forms.DateField):
    """A day of the calendar."""

    widget = DayInput
    default_validators = [check_year]


class MomentField(forms.DateTimeField):
    """A day and an hour in Paris time; the hour that spring skips is refused."""

    widget = MomentInput
    default_validators = [check_year]

    def to_python(self, value: Any) -> datetime | None:
        try:
            typed = datetime.fromisoformat(value)
        except (TypeError, ValueError):
            return super().to_python(value)
        return typed if typed.tzinfo else _in_paris(typed)


def _in_paris(typed: datetime) -> datetime:
    """Return the instant of a clock time; of the hour that autumn gives twice, the first.

    It is the second while that one is going on, as far as it has come.
    """
    paris, now = timezone.get_current_timezone(), timezone.localtime()
    first, second = (typed.replace(tzinfo=paris, fold=fold) for fold in (0, 1))
    if first.timestamp() > second.timestamp():
        raise ValidationError(SKIPPED, code="skipped")
    return second if now.fold and second <= now else first
