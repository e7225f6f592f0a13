"""Forms of the exchange room."""

from typing import Any

from django import forms
from django.conf import settings

from virage.directory.forms.places import EstablishmentField, UnitField
from virage.directory.models import Establishment, Unit
from virage.directory.queries import establishments_of_situation, units_of_situation
from virage.foundation.access.actor import Actor


class ReceiveFileForm(forms.Form):
    """A file received from another software, and where its record goes.

    Of many establishments one is `asked` first: the units are its own.
    """

    file = forms.FileField(
        label="Fichier du dossier",
        help_text="Export TDDUI d’un autre logiciel : un document CDA (.xml) ou un lot FHIR "
        f"(.json), {settings.IMPORT_MAX_FILE_BYTES // 10**6} Mo au plus.",
        allow_empty_file=True,
    )
    establishment = EstablishmentField(
        label="Établissement qui accueille la personne",
        queryset=Establishment.objects.none(),
        required=False,
        empty_label="Choisissez",
    )
    unit = UnitField(
        label="Unité",
        queryset=Unit.objects.none(),
        required=False,
        empty_label="Aucune",
        help_text="L’équipe de cette unité lira le dossier, aux dates du séjour. Sans unité, seuls "
        "le liront ceux dont la situation couvre tout l’établissement ou tout l’organisme.",
    )

    def __init__(
        self, actor: Actor, *args: Any, asked: Establishment | None = None, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        units = units_of_situation(actor)
        self.fields["unit"].queryset = (  # type: ignore[attr-defined]
            units.filter(establishment=asked) if asked else units
        )
        if actor.establishment_id or asked:
            del self.fields["establishment"]
        else:
            establishments = establishments_of_situation(actor)
            self.fields["establishment"].queryset = establishments  # type: ignore[attr-defined]
            self.fields["establishment"].required = True


class SettleForm(forms.Form):
    """Whose record a held file is: one of the persons proposed, or someone else."""

    NEW = "new"
    decision = forms.ChoiceField(label="Ce dossier est celui de", widget=forms.RadioSelect)

    def __init__(self, candidates: list[tuple[str, str]], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["decision"].choices = [  # type: ignore[attr-defined]
            *candidates,
            (self.NEW, "Une autre personne : créer un nouveau dossier"),
        ]


class ExportForm(forms.Form):
    """To whom a whole record leaves, and the explicit agreement before."""

    recipient = forms.CharField(
        label="Destinataire",
        help_text="Par exemple «\u00a0IME Les Tilleuls, Nantes\u00a0». Le journal du dossier "
        "le dira à la personne.",
        max_length=180,
    )
    is_confirmed = forms.BooleanField(
        label="J’ai vérifié que le destinataire a le droit de recevoir ce dossier entier."
    )
