"""Choosing what an edition says and the file that it becomes."""

from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from django import forms

from virage.editions.enums import FileFormat, Kind
from virage.editions.rules.templates import Template, Wanted
from virage.foundation.access.enums import Volet
from virage.foundation.ui.fields import DayField
from virage.foundation.ui.widgets import LongSelect
from virage.instruments.rules.instrument import Instrument
from virage.persons.queries.places import Place

USUAL_PERIOD = timedelta(days=30)
WHOLE = "Tout ce que vous suivez"


class FormatForm(forms.Form):
    """The file wanted."""

    file_format = forms.ChoiceField(
        label="Fichier",
        choices=FileFormat.choices,
        initial=FileFormat.PDF,
        widget=forms.RadioSelect,
    )


class PersonEditionForm(FormatForm):
    """An edition of a person; a template without a period or a choice of volet asks for none."""

    since = DayField(label="Du")
    until = DayField(label="Au")
    volet = forms.ChoiceField(label="Volet", required=False)
    instrument = forms.ChoiceField(label="Évaluation", widget=LongSelect)
    is_filed = forms.BooleanField(
        label="Enregistrer dans le dossier au lieu de télécharger",
        help_text="Le document rejoint le volet administratif : ceux qui le lisent le liront.",
        required=False,
    )
    field_order = ("since", "until", "volet", "instrument", "file_format", "is_filed")

    def __init__(
        self,
        *args: Any,
        template: Template,
        volets: Sequence[Volet],
        themes: Iterable[tuple[str, list[Instrument]]],
        others: Iterable[Instrument],
        may_file: bool,
        today: date,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.today = today
        self.initial = {"since": today - USUAL_PERIOD, "until": today, **self.initial}
        choices = [("", "Tous les volets que je lis"), *((one.value, one.label) for one in volets)]
        self.fields["volet"].choices = choices  # type: ignore[attr-defined]
        if not template.has_period:
            del self.fields["since"], self.fields["until"]
        if not template.chooses_volet or len(volets) < 2:
            del self.fields["volet"]
        offered = [(theme, [(one.name, one.title) for one in found]) for theme, found in themes]
        versions = [(one.name, f"{one.title}, version {one.version}") for one in others]
        offered.append(("Autres versions", versions))
        self.fields["instrument"].choices = offered  # type: ignore[attr-defined]
        if not template.chooses_instrument:
            del self.fields["instrument"]
        if not may_file or template.filed_in is None:
            del self.fields["is_filed"]

    def clean(self) -> dict[str, Any]:
        """Refuse a period that ends before it begins, or begins after today."""
        typed = super().clean() or {}
        since, until = typed.get("since"), typed.get("until")
        if since and until and until < since:
            self.add_error("until", "La période finit avant de commencer.")
        elif since and since > self.today:
            self.add_error("since", "Cette période est à venir : rien n’y est encore écrit.")
        return typed

    def wanted(self, kind: Kind, person_id: UUID) -> Wanted:
        """Return what is asked for."""
        typed = self.cleaned_data
        volet = typed.get("volet")
        return Wanted(
            kind=kind,
            file_format=FileFormat(typed["file_format"]),
            person_id=person_id,
            volet=Volet(volet) if volet else None,
            instrument=typed.get("instrument", ""),
            since=typed.get("since"),
            until=typed.get("until"),
            is_filed=typed.get("is_filed", False),
        )


class PresentListForm(FormatForm):
    """The list of those present: in which unit."""

    unit = forms.ChoiceField(label="Unité", required=False, widget=LongSelect)
    field_order = ("unit", "file_format")

    def __init__(self, *args: Any, places: Sequence[Place], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        groups = [
            (one.establishment.name, [(str(unit.pk), unit.name) for unit in one.rooms_by_unit])
            for one in places
        ]
        choices = [("", WHOLE), *(group for group in groups if group[1])]
        self.fields["unit"].choices = choices  # type: ignore[attr-defined]

    def wanted(self) -> Wanted:
        """Return what is asked for."""
        typed = self.cleaned_data
        return Wanted(
            kind=Kind.PRESENT_LIST,
            file_format=FileFormat(typed["file_format"]),
            unit_id=UUID(typed["unit"]) if typed["unit"] else None,
        )
