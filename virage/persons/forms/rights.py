"""Closing a record or one item of it to somebody, and sharing it between establishments."""

from collections.abc import Iterable
from typing import Any

from django import forms

from virage.directory.models import Professional
from virage.directory.rules import professions_of_people
from virage.foundation.ui.fields import DayField


def _professions() -> list[tuple[str, str]]:
    return [("", "Aucune"), *professions_of_people().items()]


class RestrictionForm(forms.Form):
    """To whom, and why; the direction alone closes to a whole profession."""

    professional = forms.ChoiceField(
        label="À un professionnel", required=False, help_text="Ou à une profession, plus bas."
    )
    profession = forms.ChoiceField(
        label="À toute une profession", required=False, choices=_professions
    )
    reason = forms.CharField(
        label="Pourquoi",
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="L’opposition de la personne, ou la décision de la direction.",
    )

    def __init__(
        self,
        data: Any = None,
        *,
        colleagues: Iterable[Professional],
        by_direction: bool,
        **given: Any,
    ) -> None:
        super().__init__(data, **given)
        if not by_direction:
            del self.fields["profession"]
            self.fields["professional"].required, self.fields["professional"].help_text = True, ""
        self._colleagues = {str(one.pk): one for one in colleagues}
        names = [(key, one.display_name) for key, one in self._colleagues.items()]
        self.fields["professional"].choices = [("", "Personne"), *names]  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        """Refuse here too what the action would, so that all that is wrong is said at once."""
        typed = super().clean() or {}
        is_whole_choice = "profession" in self.fields
        if is_whole_choice and bool(typed.get("professional")) == bool(typed.get("profession")):
            self.add_error("professional", "Nommez soit un professionnel, soit une profession.")
        return typed

    def values(self) -> dict[str, Any]:
        """Return what the action receives."""
        chosen = self._colleagues.get(self.cleaned_data["professional"])
        return self.cleaned_data | {"professional": chosen}


class SharingForm(forms.Form):
    """The day on which the person agreed."""

    agreed_on = DayField(label="Date de l’accord de la personne")


class ItemForm(forms.Form):
    """Which item an address asks to close, if it asks for one."""

    item = forms.UUIDField(required=False)


class SensitiveForm(forms.Form):
    """Whether the record is to be marked, or no longer."""

    is_sensitive = forms.BooleanField(required=False)
