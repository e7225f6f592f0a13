"""Forms of transmissions."""

from collections.abc import Iterable
from datetime import date
from typing import Any
from uuid import UUID

from django import forms

from virage.foundation.access.enums import Volet
from virage.foundation.access.matrix import Matrix
from virage.foundation.ui.fields import MomentField
from virage.foundation.ui.forms import VersionedForm
from virage.record.forms.fields import SHARE, offer_volets, refuse_before_birth
from virage.record.rules import NoteDraft


class NoteForm(forms.Form):
    """A transmission to write, in one of the volets that the actor writes."""

    volet = forms.ChoiceField(label="Volet")
    text = forms.CharField(
        label="Transmission",
        widget=forms.Textarea(attrs={"rows": 5}),
        help_text="Ce que vous avez vu, ce que vous avez fait, ce qui reste à faire.",
    )
    happened_at = MomentField(
        label="Moment du fait",
        help_text="Quand cela s’est passé. L’heure de saisie est gardée à côté.",
    )
    is_published = forms.BooleanField(label=SHARE, required=False)

    def __init__(
        self,
        *args: Any,
        rights: Matrix,
        volets: Iterable[Volet],
        birth_on: date | None,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        if not self.is_bound:  # Errors take the focus.
            self.fields["text"].widget.attrs["autofocus"] = True
        refuse_before_birth(self.fields["happened_at"], birth_on)
        offer_volets(self, rights, volets)

    def draft(self, subject_id: UUID) -> NoteDraft:
        """Return what was typed, for the action."""
        typed = self.cleaned_data
        return NoteDraft(
            subject_id=subject_id,
            volet=Volet(typed["volet"]),
            text=typed["text"],
            happened_at=typed["happened_at"],
            is_published=typed["is_published"],
        )


class CorrectionForm(VersionedForm):
    """A new text for a transmission."""

    text = forms.CharField(label="Transmission", widget=forms.Textarea(attrs={"rows": 8}))
    reason = forms.CharField(
        label="Motif de la correction",
        required=False,
        max_length=200,
        help_text="Facultatif : par exemple « erreur de côté ».",
    )


class WithdrawalForm(forms.Form):
    """Why a transmission, or an evaluation, is withdrawn."""

    reason = forms.CharField(
        label="Motif du retrait",
        max_length=200,
        help_text="Par exemple « écrite dans le mauvais dossier ». Il reste visible.",
    )
