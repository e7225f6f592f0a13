"""The matrix as a table of choices, and the reason for which a draft enters in force."""

from collections.abc import Iterator, Mapping
from typing import Any

from django import forms
from django.forms import BoundField

from virage.directory.rules.matrix import (
    COLUMNS,
    REASON_CHARACTERS,
    Table,
    editable_professions,
    field_of,
    levels_of,
)
from virage.foundation.ui.forms import VersionedForm
from virage.foundation.ui.widgets import LongSelect


class MatrixForm(VersionedForm):
    """One choice for each profession in each volet, and for whole records."""

    def __init__(self, data: Any = None, *, table: Table, version: int) -> None:
        super().__init__(data, initial={"version": version})
        for profession, label in editable_professions().items():
            for column, heading in COLUMNS.items():
                held = table[profession][column]
                named = f"{label}, {heading}"
                self.fields[field_of(profession, column)] = forms.ChoiceField(
                    label=named,
                    choices=levels_of(profession, column, held),
                    initial="+".join(held),
                    required=False,
                    widget=LongSelect(attrs={"aria-label": named}),
                )

    def rows(self) -> Iterator[tuple[str, list[BoundField]]]:
        """Return each profession with its cells, in the order of the columns."""
        for profession, label in editable_professions().items():
            yield label, [self[field_of(profession, column)] for column in COLUMNS]

    def table(self) -> Table:
        """Return what was chosen."""
        chosen: Mapping[str, str] = self.cleaned_data
        return {
            profession: {
                column: chosen[field_of(profession, column)].split("+") for column in COLUMNS
            }
            for profession in editable_professions()
        }


class ActivationForm(VersionedForm):
    """Why a draft enters in force; its version is that of the draft that was read."""

    reason = forms.CharField(
        label="Motif",
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=(
            "Ce qui a été décidé, et par qui\u00a0: "
            f"{REASON_CHARACTERS} caractères au moins. Le motif reste dans l’historique."
        ),
    )
