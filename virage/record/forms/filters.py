"""What is kept in the address above a list: kind, volet, period."""

from collections.abc import Iterable
from typing import Any

from django import forms

from virage.foundation.access.enums import Volet
from virage.foundation.ui.widgets import DayInput
from virage.record.enums import FactKind
from virage.record.queries.timeline import FactFilter
from virage.record.rules import VOLET_SLUGS, VOLETS_BY_SLUG


class FactFilterForm(forms.Form):
    """Which facts of the timeline to show; a value that makes no sense filters nothing."""

    kind = forms.ChoiceField(
        label="Nature", required=False, choices=[("", "Tout"), *FactKind.choices]
    )
    volet = forms.ChoiceField(label="Volet", required=False)
    since = forms.DateField(label="Du", required=False, widget=DayInput)
    until = forms.DateField(label="Au", required=False, widget=DayInput)

    def __init__(self, *args: Any, volets: Iterable[Volet], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = [(VOLET_SLUGS[volet], volet.label) for volet in volets]
        self.fields["volet"].choices = [("", "Tous"), *choices]  # type: ignore[attr-defined]

    def wanted(self) -> FactFilter:
        """Return the filter that the address asks for."""
        self.is_valid()
        asked = self.cleaned_data
        kind, volet = asked.get("kind"), asked.get("volet")
        return FactFilter(
            kinds=(FactKind(kind),) if kind else tuple(FactKind),
            volets=(VOLETS_BY_SLUG[volet],) if volet else tuple(Volet),
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
