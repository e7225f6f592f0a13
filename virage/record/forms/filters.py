"""What is kept in the address above a list: kind, period."""

from collections.abc import Collection
from datetime import date, timedelta

from django import forms
from django.http import QueryDict

from virage.foundation.access.enums import Volet
from virage.foundation.ui.fields import DayField
from virage.record.enums import FactKind
from virage.record.queries.acts import ActFilter
from virage.record.queries.timeline import FactFilter

SHOWN_AT_FIRST = timedelta(days=30)


class FactFilterForm(forms.Form):
    """Which facts of the timeline to show; a value that makes no sense filters nothing."""

    kind = forms.ChoiceField(
        label="Nature", required=False, choices=[("", "Tout"), *FactKind.choices]
    )
    since = DayField(label="Du", required=False)
    until = DayField(label="Au", required=False)

    def wanted(self, volets: Collection[Volet]) -> FactFilter:
        """Return the filter that the address asks for, in these volets."""
        self.is_valid()
        asked = self.cleaned_data
        kind = asked.get("kind")
        return FactFilter(
            kinds=(FactKind(kind),) if kind else tuple(FactKind),
            volets=volets,
            since=asked.get("since"),
            until=asked.get("until"),
        )


class AccessFilterForm(forms.Form):
    """Readings, writings, or both."""

    gesture = forms.ChoiceField(
        label="Gestes",
        required=False,
        choices=[("", "Tous"), ("read", "Lectures"), ("write", "Écritures")],
    )

    def is_write(self) -> bool | None:
        """Return whether writings alone are asked for, readings alone, or None for both."""
        self.is_valid()
        return {"read": False, "write": True}.get(self.cleaned_data.get("gesture", ""))


class ActFilterForm(AccessFilterForm):
    """The gestures of a period: the last month until another, or none, is asked for."""

    since = DayField(label="Du", required=False)
    until = DayField(label="Au", required=False)

    def __init__(self, asked: QueryDict, *, today: date) -> None:
        super().__init__({"since": (today - SHOWN_AT_FIRST).isoformat(), **asked.dict()})

    def wanted(self) -> ActFilter:
        """Return the filter that the address asks for; a value that makes no sense filters none."""
        is_write = self.is_write()
        asked = self.cleaned_data
        return ActFilter(is_write=is_write, since=asked.get("since"), until=asked.get("until"))
