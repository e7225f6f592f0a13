"""Shape and wording of what is typed in the directory."""

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, cast

from django import forms
from django.db.models import QuerySet
from django.http import QueryDict

from virage.directory.enums import EstablishmentKind, UsagerWord
from virage.directory.forms.places import EstablishmentField, by_place
from virage.directory.models import (
    Establishment,
    Membership,
    MembershipQuerySet,
    Professional,
    Unit,
)
from virage.directory.rules import NO_UNIT, REACHES, professions_of_people
from virage.directory.rules.imports import BadCell, phone_of
from virage.foundation.access.enums import Reach
from virage.foundation.content import nomenclature
from virage.foundation.errors import Refused
from virage.foundation.ui.fields import DayField, EmailField
from virage.foundation.ui.forms import VersionedForm
from virage.foundation.ui.widgets import LongSelect

PRESENCES = (
    ("", "Tout le monde"),
    ("present", "En poste"),
    ("absent", "Sans situation en cours"),
    ("external", "Extérieurs"),
)
STATES = (("open", "En cours"), ("ended", "Terminées"), ("", "Toutes"))
WIDE = (Reach.OPERATOR, Reach.NOBODY)
LOCAL = (Reach.UNITS, Reach.ESTABLISHMENT, Reach.NOBODY)


class SituationForm(forms.Form):
    """The situation chosen; whether it is one's own is the action's question."""

    membership = forms.UUIDField(label="Situation", widget=LongSelect)

    def __init__(self, data: Any = None, *, situations: Sequence[Membership] = ()) -> None:
        super().__init__(data)
        widget = cast(LongSelect, self.fields["membership"].widget)
        widget.choices = [("", "Choisissez"), *by_place(situations)]


class NumberField(forms.CharField):
    """A national number, kept without the spaces that people and papers put in it.

    Its length is left to its key: the bound of a field would have the browser cut what is pasted.
    """

    def to_python(self, value: Any) -> str:
        typed = super().to_python(value) or ""
        return "".join(typed.split()).upper()


class OperatorForm(VersionedForm):
    """The operator, to correct."""

    name = forms.CharField(label="Raison sociale", max_length=200)
    siren = NumberField(label="SIREN", required=False, help_text="9 chiffres, s’il en a un.")
    privacy_emails = forms.CharField(
        label="Adresses de la protection des données",
        max_length=500,
        required=False,
        help_text="Prévenues de chaque bris de glace, et de chaque accès à des données de "
        "santé que quelqu’un remet. Une virgule entre deux adresses.",
    )

    def clean_privacy_emails(self) -> str:
        """Refuse an address that no mail would reach; keep one comma between two."""
        typed = self.cleaned_data["privacy_emails"].split(",")
        return ", ".join(EmailField().clean(one) for one in typed if one.strip())


class EstablishmentForm(VersionedForm):
    """An establishment or service, to add or correct."""

    name = forms.CharField(label="Nom", max_length=200)
    kind = forms.ChoiceField(label="Catégorie", choices=EstablishmentKind.choices, required=False)
    finess = NumberField(
        label="Numéro FINESS",
        required=False,
        help_text="Celui de l’établissement (géographique), 9 caractères.",
    )
    siret = NumberField(label="SIRET", required=False)
    address = forms.CharField(
        label="Adresse",
        max_length=300,
        required=False,
        help_text="Voie, code postal, commune\u00a0: elle figure sur chaque document édité.",
    )
    usager_word = forms.ChoiceField(
        label="Comment nommez-vous les personnes accompagnées ?", choices=UsagerWord.choices
    )


class EstablishmentFilter(forms.Form):
    """Which establishments to list: each choice says how many there are."""

    town = forms.ChoiceField(label="Commune", required=False, widget=LongSelect)
    kind = forms.ChoiceField(label="Catégorie", required=False)

    def __init__(self, query: QueryDict, *, establishments: QuerySet[Establishment]) -> None:
        super().__init__(query)
        held = list(establishments.values_list("town", "kind"))
        towns = Counter(town for town, _ in held if town)
        kinds = Counter(kind for _, kind in held if kind)
        labels = dict(EstablishmentKind.choices)
        self._offer("town", "Toutes", {town: town for town in sorted(towns)}, towns)
        self._offer("kind", "Toutes", {k: str(labels.get(k, k)) for k in sorted(kinds)}, kinds)

    def _offer(self, name: str, every: str, labels: dict[str, str], counts: Counter[str]) -> None:
        choices = [(key, f"{label} ({counts[key]})") for key, label in labels.items()]
        cast(forms.ChoiceField, self.fields[name]).choices = [("", every), *choices]

    def filter(self, establishments: QuerySet[Establishment]) -> QuerySet[Establishment]:
        """Keep what was asked for; a choice that is not offered is ignored."""
        self.is_valid()
        asked = {name: value for name, value in self.cleaned_data.items() if value}
        return establishments.filter(**asked)


class UnitForm(VersionedForm):
    """A unit of an establishment, to add or correct."""

    name = forms.CharField(
        label="Nom de l’unité", max_length=100, help_text="Un étage, un groupe, un secteur."
    )


class RoomForm(VersionedForm):
    """A room of a unit, to add or correct."""

    name = forms.CharField(label="Numéro ou nom de la chambre", max_length=30)


class ProfessionalForm(VersionedForm):
    """A professional of the house or from outside, to add or correct."""

    family_name = forms.CharField(label="Nom", max_length=100)
    given_name = forms.CharField(label="Prénom", max_length=100, required=False)
    civility = forms.ChoiceField(
        label="Civilité",
        choices=lambda: [("", "Non précisée"), *nomenclature.get("civility").choices()],
        required=False,
    )
    profession_name = forms.CharField(
        label="Métier", max_length=100, required=False, help_text="Tel qu’il se lit sur un badge."
    )
    rpps = forms.CharField(
        label="Numéro RPPS",
        max_length=60,  # a file may have brought another number
        required=False,
        help_text="11 chiffres, pour les professions qui en ont un.",
    )
    registration_number = forms.CharField(label="Matricule", max_length=30, required=False)
    work_email = EmailField(
        label="Adresse électronique professionnelle", max_length=254, required=False
    )
    phone = forms.CharField(
        label="Téléphone",
        max_length=20,
        required=False,
        widget=forms.TextInput(attrs={"type": "tel", "autocomplete": "off"}),
        help_text="Celui du travail, que ses collègues trouvent dans l’annuaire.",
    )
    is_external = forms.BooleanField(
        label="Intervient de l’extérieur (cabinet, hôpital, autre organisme)", required=False
    )

    def clean_phone(self) -> str:
        """Return the number in figures, as it is searched."""
        typed: str = self.cleaned_data["phone"]
        try:
            return phone_of(typed) if typed else ""
        except BadCell as fault:
            raise forms.ValidationError(str(fault)) from fault


class ProfessionalFilter(forms.Form):
    """Which professionals to list."""

    state = forms.ChoiceField(label="Présence", choices=PRESENCES, required=False)
    establishment = EstablishmentField(
        None, label="Établissement", required=False, empty_label="Tous"
    )

    def __init__(self, query: QueryDict, *, establishments: QuerySet[Establishment]) -> None:
        super().__init__(query)
        cast(EstablishmentField, self.fields["establishment"]).queryset = establishments

    def asked(self) -> dict[str, Any]:
        """Return what to keep; a choice that is not offered is ignored."""
        self.is_valid()
        return {name: value for name, value in self.cleaned_data.items() if value}


class AccountForm(forms.Form):
    """The address under which a professional will sign in."""

    email = EmailField(
        label="Adresse électronique professionnelle",
        help_text="Elle sert à se connecter et à recevoir les liens de mot de passe.",
    )


class StructureChoice(forms.Form):
    """Where a situation is to be opened: a GET form, so that the units to offer are known."""

    establishment = EstablishmentField(None, label="Où ?", required=False)

    def __init__(
        self,
        asked: Mapping[str, Any],
        *,
        establishments: QuerySet[Establishment],
        anywhere: str,
    ) -> None:
        super().__init__(asked)
        field = cast(EstablishmentField, self.fields["establishment"])
        field.queryset = establishments
        field.empty_label = anywhere

    @property
    def chosen(self) -> Establishment | None:
        """The establishment chosen, or None for the whole operator; Refused for an unknown one."""
        if not self.is_valid():
            raise Refused.hidden()
        establishment: Establishment | None = self.cleaned_data["establishment"]
        return establishment


class MembershipForm(forms.Form):
    """A situation to open: as what, over whom, from when to when."""

    profession = forms.ChoiceField(label="Profession exercée ici")
    reach = forms.ChoiceField(
        label="Personnes dont le dossier lui est ouvert",
        widget=forms.RadioSelect,
        help_text="Le tableau des droits dit ce que la profession permet d’y lire et d’y écrire.",
    )
    units: "forms.ModelMultipleChoiceField[Unit]" = forms.ModelMultipleChoiceField(
        None,
        label="Unités",
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text="Une au moins, pour les personnes de ses unités.",
    )
    starts_on = DayField(label="Premier jour")
    ends_on = DayField(
        label="Dernier jour",
        required=False,
        help_text="Laissez vide si la fin n’est pas connue.",
    )

    def __init__(
        self,
        *args: Any,
        establishment: Establishment | None,
        professions: Mapping[str, str],
        units: QuerySet[Unit],
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        cast(forms.ChoiceField, self.fields["profession"]).choices = [
            ("", "Choisissez"),
            *professions.items(),
        ]
        cast(forms.ChoiceField, self.fields["reach"]).choices = [
            (reach.value, REACHES[reach])
            for reach in (LOCAL if establishment else WIDE)
            if units or reach != Reach.UNITS
        ]
        if units:
            cast("forms.ModelMultipleChoiceField[Unit]", self.fields["units"]).queryset = units
        else:
            del self.fields["units"]
        if establishment and not units:
            self.fields["reach"].help_text = NO_UNIT


class EndForm(forms.Form):
    """The last day of a situation."""

    ends_on = DayField(label="Dernier jour")


class HeirField(forms.ModelChoiceField):  # type: ignore[type-arg]  # not generic when run
    """Who may take over, each with what they work as there (`heirs_of`)."""

    def label_from_instance(self, obj: Any) -> str:
        professions = dict.fromkeys(one.profession_label for one in obj.held)
        return ", ".join([obj.display_name, *professions])


class DepartureForm(forms.Form):
    """The last day of a professional, and who takes over."""

    last_day = DayField(
        label="Dernier jour de travail",
        help_text="Passé ou à venir : ce jour-là, la personne travaille encore.",
    )
    heir = HeirField(
        None,
        label="Qui reprend ce qui reste ouvert ?",
        required=False,
        empty_label="Choisissez",
        help_text="Une personne qui travaille au même endroit et peut connaître les dossiers.",
    )
    leaves_rest = forms.BooleanField(
        label="Ce que cette personne ne peut pas ouvrir reste à reprendre par l’équipe",
        required=False,
    )

    def __init__(self, *args: Any, heirs: QuerySet[Professional], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        cast(HeirField, self.fields["heir"]).queryset = heirs


class MembershipFilter(forms.Form):
    """Which situations to list."""

    state = forms.ChoiceField(label="État", choices=STATES, required=False)
    establishment = EstablishmentField(
        None, label="Établissement", required=False, empty_label="Tous"
    )
    profession = forms.ChoiceField(label="Profession", required=False)

    def __init__(self, query: QueryDict, *, establishments: QuerySet[Establishment]) -> None:
        super().__init__({"state": "open", **query.dict()})
        cast(EstablishmentField, self.fields["establishment"]).queryset = establishments
        professions = cast(forms.ChoiceField, self.fields["profession"])
        professions.choices = [("", "Toutes"), *professions_of_people().items()]

    def filter(self, memberships: MembershipQuerySet, at: datetime) -> MembershipQuerySet:
        """Keep what was asked for; an unknown choice is ignored."""
        asked: dict[str, Any] = self.cleaned_data if self.is_valid() else {"state": "open"}
        if asked["state"] == "open":
            memberships = memberships.active(at)
        elif asked["state"] == "ended":
            memberships = memberships.ended(at)
        if asked.get("establishment"):
            memberships = memberships.filter(establishment=asked["establishment"])
        if asked.get("profession"):
            memberships = memberships.filter(profession=asked["profession"])
        return memberships
