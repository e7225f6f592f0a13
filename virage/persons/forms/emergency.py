"""Bris de glace: why, on whom, and what the direction says of it."""

from django import forms

from virage.foundation.access.emergency import policy
from virage.foundation.access.enums import Review
from virage.foundation.content import nomenclature
from virage.foundation.ui.fields import DayField


def _motives() -> list[tuple[str, str]]:
    return [("", "Choisissez"), *nomenclature.get("bris_de_glace_motive").choices()]


class BreakForm(forms.Form):
    """Why a record is opened out of the team."""

    motive = forms.ChoiceField(label="Motif", choices=_motives)
    reason = forms.CharField(
        label="Ce qui se passe",
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="En quelques mots. La direction le lira quand elle reverra cette ouverture.",
    )

    def clean_reason(self) -> str:
        """Refuse here too what the action would, so that all that is wrong is said at once."""
        reason: str = self.cleaned_data["reason"]
        least = policy().reason_characters
        if len(reason.strip()) < least:
            raise forms.ValidationError(
                f"Dites en quelques mots ce qui se passe : {least} caractères au moins."
            )
        return reason


class IdentityBreakForm(BreakForm):
    """On whom, when no screen leads to her: her exact identity."""

    family_name = forms.CharField(label="Nom de naissance ou utilisé", max_length=100)
    given_name = forms.CharField(label="Premier prénom ou prénom utilisé", max_length=100)
    birth_on = DayField(label="Date de naissance")
    field_order = ("family_name", "given_name", "birth_on", "motive", "reason")


class ReviewForm(forms.Form):
    """What the direction says of an opening."""

    review = forms.ChoiceField(label="Revue", choices=Review.choices, widget=forms.RadioSelect)
    word = forms.CharField(
        label="Un mot",
        max_length=1000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="Obligatoire si l’accès est à expliquer.",
    )


class WeekForm(forms.Form):
    """Which week an address asks for, by any of its days."""

    week = DayField(required=False)
