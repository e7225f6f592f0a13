"""Shape and wording of an import of the directory: its file, its columns, its report."""

from typing import Any

from django import forms
from django.db.models import QuerySet
from openpyxl.utils import get_column_letter

from virage.directory.enums import ImportKind, RowOutcome
from virage.directory.models import DirectoryImport, DirectoryImportLine
from virage.directory.rules.imports import import_columns, read_table
from virage.foundation.errors import Invalid


class ImportFileForm(forms.Form):
    """A table of the directory to import."""

    kind = forms.ChoiceField(
        label="Ce que contient le tableau", choices=ImportKind.choices, widget=forms.RadioSelect
    )
    file = forms.FileField(
        label="Fichier",
        help_text="CSV ou XLSX, 5 Mo et 5 000 lignes au plus, une ligne de titres en tête. Rien "
        "n’est écrit avant que vous ayez lu ce qui va changer.",
        allow_empty_file=True,
    )

    def clean(self) -> dict[str, Any]:
        """Read the table, given under `sheet`: before any transaction, for it takes time."""
        typed: dict[str, Any] = self.cleaned_data
        if "file" in typed and "kind" in typed:
            try:
                typed["sheet"] = read_table(typed["kind"], typed["file"].read())
            except Invalid as error:
                self.add_error("file", error.errors["file"])
        return typed


class ImportColumnsForm(forms.Form):
    """In which column each field is."""

    seen_state = forms.CharField(widget=forms.HiddenInput, max_length=20, required=False)

    def __init__(self, data: Any = None, *, given: DirectoryImport) -> None:
        super().__init__(data, initial={"seen_state": given.state, **given.mapping})
        places = [
            (place, f"{heading} (colonne {get_column_letter(place + 1)})")
            for place, heading in enumerate(given.headings)
            if heading
        ]
        for name, column in import_columns().of(given.kind).items():
            self.fields[name] = forms.TypedChoiceField(
                label=column.label,
                choices=[("", "Aucune colonne"), *places],
                coerce=int,
                empty_value=None,
                required=False,
            )

    def mapping(self) -> dict[str, int]:
        """Return the place of each field that has a column."""
        chosen = self.cleaned_data.items()
        return {n: place for n, place in chosen if isinstance(place, int)}


class ImportLineFilter(forms.Form):
    """Which rows of a report to list."""

    outcome = forms.ChoiceField(
        label="Lignes", choices=[("", "Toutes"), *RowOutcome.choices], required=False
    )

    def filter(self, lines: "QuerySet[DirectoryImportLine]") -> "QuerySet[DirectoryImportLine]":
        """Keep those of the outcome asked for; an unknown one is ignored."""
        outcome = self.cleaned_data["outcome"] if self.is_valid() else ""
        return lines.filter(outcome=outcome) if outcome else lines
