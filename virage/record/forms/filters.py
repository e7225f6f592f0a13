"""What is kept in the address above a list: kind, period."""

from collections.abc import Collection

from django import forms

from virage.foundation.access.enums import Volet
from virage.foundation.ui.fields import DayField
from virage.record.enums import FactKind
from virage.record.queries.timeline import FactFilter


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
