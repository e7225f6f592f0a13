"""A new person with her first stay, and the forced choice in front of look-alikes."""

from collections.abc import Sequence
from typing import Any, cast
from uuid import UUID

from django import forms
from django.http import QueryDict

from virage.persons.enums import InsOid
from virage.persons.forms.identity import TraitsForm
from virage.persons.forms.stays import StayForm
from virage.persons.models import Stay
from virage.persons.rules.identity import TRAITS, plain_number


class CreationForm(StayForm, TraitsForm):
    """Traits, INS if known, and the stay that opens the record to a team."""

    ins_value = forms.CharField(
        label="Matricule INS",
        required=False,
        max_length=21,
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
        help_text="S’il est connu : 15 caractères, clé comprise.",
    )
    ins_oid = forms.ChoiceField(
        label="Registre de l’INS", choices=[("", "Aucun"), *InsOid.choices], required=False
    )
    seen = forms.CharField(required=False, widget=forms.HiddenInput)
    is_other_person = forms.BooleanField(
        label="C’est une autre personne",
        required=False,
        help_text="J’ai comparé avec les dossiers ci-dessus : aucun n’est le sien.",
    )

    def stay(self) -> Stay:
        own = {*TRAITS, "ins_value", "ins_oid", "seen", "is_other_person"}
        values: dict[str, Any] = {k: v for k, v in self.values().items() if k not in own}
        return Stay(**values)

    def ins(self) -> tuple[str, str]:
        """Return the number, without spaces, and its register."""
        return plain_number(self.cleaned_data["ins_value"]), self.cleaned_data["ins_oid"]

    def clean_seen(self) -> list[UUID]:
        """Read the ids that the page gave itself; what it did not give shows nobody."""
        try:
            return [UUID(one) for one in self.cleaned_data["seen"].split(",") if one]
        except ValueError:
            return []

    def other_person_ids(self) -> list[UUID]:
        """Return the look-alikes that the page showed and that were said to be someone else."""
        return self.cleaned_data["seen"] if self.cleaned_data["is_other_person"] else []

    def ask_about(self, look_alike_ids: Sequence[UUID]) -> None:
        """Ask whether one of these look-alikes, which the page now shows, is the person."""
        self.add_error(
            "is_other_person",
            "Comparez avec les dossiers ressemblants, puis cochez si c’est une autre personne.",
        )
        data = cast("QueryDict", self.data).copy()
        data["seen"] = ",".join(str(one) for one in look_alike_ids)
        data.pop("is_other_person", None)
        self.data = data
