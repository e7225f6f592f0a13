"""Traits, INS, photo."""

from typing import Any

from django import forms

from virage.foundation.ui.coded_choice import CodedChoiceField
from virage.foundation.ui.fields import DayField, MomentField
from virage.foundation.ui.forms import VersionedForm
from virage.persons.enums import InsOid, Sex
from virage.persons.rules.identity import TRAITS, PersonTraits, plain_number
from virage.persons.rules.photo import Portrait, UnusablePhoto, portrait


class TraitsForm(VersionedForm):
    """Who a person is, as typed by hand."""

    birth_family_name = forms.CharField(
        label="Nom de naissance",
        max_length=100,
        help_text="Tel qu’il figure sur la pièce d’identité. Il sera gardé en capitales, "
        "et ses accents dans le nom utilisé.",
    )
    first_birth_given_name = forms.CharField(
        label="Premier prénom de naissance",
        max_length=100,
        help_text="Un prénom composé s’écrit avec ses traits d’union.",
    )
    birth_given_names = forms.CharField(
        label="Tous les prénoms de naissance",
        max_length=200,
        required=False,
        help_text="Dans l’ordre de l’acte de naissance, séparés par des espaces.",
    )
    used_family_name = forms.CharField(
        label="Nom utilisé",
        max_length=100,
        required=False,
        help_text="S’il diffère du nom de naissance.",
    )
    used_given_name = forms.CharField(
        label="Prénom utilisé",
        max_length=100,
        required=False,
        help_text="S’il diffère du premier prénom.",
    )
    sex = forms.ChoiceField(label="Sexe", choices=Sex.choices, widget=forms.RadioSelect)
    birth_on = DayField(label="Date de naissance")
    birth_place_code = forms.CharField(
        label="Code du lieu de naissance",
        max_length=5,
        required=False,
        help_text="Code INSEE de la commune ; à l’étranger, 99 suivi du code du pays.",
    )
    birth_place_name = forms.CharField(label="Lieu de naissance", max_length=100, required=False)
    birth_country = forms.CharField(label="Pays de naissance", max_length=60, required=False)

    def clean_birth_place_code(self) -> str:
        return str(self.cleaned_data["birth_place_code"]).strip().upper()

    def traits(self) -> PersonTraits:
        """Return the traits typed, for a creation or a search of look-alikes."""
        values = self.cleaned_data
        return PersonTraits(**{name: values[name] for name in TRAITS if name in values})


class PersonForm(TraitsForm):
    """The identity of a known person: traits and what is known of them."""

    birth_order = forms.IntegerField(
        label="Rang de naissance", min_value=1, max_value=99, required=False
    )
    household_situation = CodedChoiceField("household_situation", label="Situation du foyer")
    died_at = MomentField(
        label="Décès",
        required=False,
        help_text="Jour et heure du constat. Laissez vide si la personne est en vie.",
    )
    is_doubtful = forms.BooleanField(
        label="Identité douteuse",
        required=False,
        help_text="Les pièces se contredisent : l’identité redevient provisoire.",
    )
    is_fictitious = forms.BooleanField(
        label="Identité fictive",
        required=False,
        help_text="Formation, essai ou anonymat : elle n’est jamais qualifiée.",
    )
    is_homonym = forms.BooleanField(
        label="Homonyme connu",
        required=False,
        help_text="Une autre personne porte les mêmes nom et prénom.",
    )

    def values(self) -> dict[str, Any]:
        return {"changes": super().values()}


class InsForm(VersionedForm):
    """The national health identity number, key included."""

    ins_value = forms.CharField(
        label="Matricule INS",
        required=False,
        max_length=21,
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
        help_text="15 caractères, clé comprise, d’accord avec le sexe et la date de naissance. Les "
        "espaces sont acceptés.",
    )
    ins_oid = forms.ChoiceField(
        label="Registre", choices=[("", "Aucun"), *InsOid.choices], required=False
    )

    def values(self) -> dict[str, Any]:
        number = plain_number(self.cleaned_data["ins_value"])
        return {"value": number, "oid": self.cleaned_data["ins_oid"]}


class UnlockForm(VersionedForm):
    """Why the traits of a verified identity must be opened again."""

    reason = forms.CharField(
        label="Motif",
        max_length=200,
        help_text="Par exemple : faute relevée sur la carte d’identité. Il reste dans le journal.",
    )


class PhotoForm(forms.Form):
    """A picture and the day on which the person agreed to it."""

    photo = forms.FileField(
        label="Photo",
        help_text="JPEG, PNG ou WebP, 15 Mo au plus. Elle sera recadrée en carré, sans le lieu ni "
        "la date de prise de vue.",
    )
    consent_on = DayField(
        label="Accord de la personne, le",
        help_text="Sans l’accord de la personne ou de son représentant, pas de photo.",
    )

    def clean_photo(self) -> Portrait:
        """Judge the file with the other fields: one that is refused is chosen again only once."""
        try:
            return portrait(self.cleaned_data["photo"].read())
        except UnusablePhoto as error:
            raise forms.ValidationError(str(error)) from error
