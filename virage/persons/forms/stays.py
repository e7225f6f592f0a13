"""Stays and referents."""

from collections.abc import Iterable, Iterator, Sequence
from typing import Any, cast

from django import forms

from virage.directory.forms.places import by_town
from virage.directory.models import Establishment, Professional, Room, Unit
from virage.foundation.ui.coded_choice import CodedChoiceField
from virage.foundation.ui.fields import DayField
from virage.foundation.ui.forms import VersionedForm
from virage.foundation.ui.widgets import LongSelect
from virage.persons.enums import ReceptionMode
from virage.persons.models import Stay
from virage.persons.queries.places import Place


class StayForm(VersionedForm):
    """A stay: where, since when, how. `places` are the actor's, with their rooms.

    Of many `establishments` one is chosen first: the places are its own.
    """

    establishment = forms.ChoiceField(label="Établissement", widget=LongSelect)
    place = forms.ChoiceField(
        label="Lieu d’accueil",
        error_messages={"invalid_choice": "Choisissez un lieu de cet établissement."},
    )
    room = forms.ChoiceField(
        label="Chambre",
        required=False,
        error_messages={"invalid_choice": "Choisissez une chambre de cet établissement."},
    )
    reception_mode = forms.ChoiceField(
        label="Modalité d’accueil", choices=ReceptionMode.choices, required=False
    )
    entered_on = DayField(label="Entrée", required=False)
    planned_entry_on = DayField(
        label="Entrée prévue",
        required=False,
        help_text="Si la personne n’est pas encore là.",
    )
    planned_exit_on = DayField(label="Sortie prévue", required=False)
    entry_mode = CodedChoiceField("stay_entry_mode", label="Mode d’entrée")
    origin_name = forms.CharField(
        label="Provenance",
        max_length=200,
        required=False,
        help_text="Domicile, hôpital, autre établissement.",
    )
    file_number = forms.CharField(
        label="Numéro de dossier",
        max_length=60,
        required=False,
        help_text="Celui de l’établissement, s’il en tient un.",
    )

    def __init__(
        self,
        data: Any = None,
        *,
        places: Sequence[Place],
        establishments: Sequence[Establishment] = (),
        **given: Any,
    ) -> None:
        self._places: dict[str, tuple[Establishment, Unit | None]] = {}
        self._rooms: dict[str, Room] = {}
        super().__init__(data, **given)
        self.has_many_establishments = bool(establishments)
        if establishments:
            _offer_establishments(self, establishments)
            self.initial["establishment"] = str(places[0].establishment.pk) if places else ""
        else:
            del self.fields["establishment"]
        groups = [self._place_choices(one) for one in places]
        self.fields["place"].choices = [("", "Choisissez"), *groups]  # type: ignore[attr-defined]
        rooms = [group for one in places for group in self._room_choices(one)]
        self.fields["room"].choices = [("", "Aucune"), *(group for group in rooms if group[1])]  # type: ignore[attr-defined]
        if len(self._places) == 1:
            self.initial.setdefault("place", next(iter(self._places)))

    def opened_on(self, item: Stay) -> dict[str, Any]:
        place = item.unit_id or item.establishment_id
        return super().opened_on(item) | {"place": str(place), "room": str(item.room_id or "")}

    def values(self) -> dict[str, Any]:
        values = super().values()
        values.pop("establishment", None)
        establishment, unit = self._places[values.pop("place")]
        room = self._rooms.get(values.pop("room"))
        return values | {"establishment": establishment, "unit": unit, "room": room}

    def stay(self) -> Stay:
        """Return the stay typed, not saved and without a person."""
        return Stay(**self.values())

    def _place_choices(self, place: Place) -> tuple[str, list[tuple[str, str]]]:
        establishment = place.establishment
        self._places[str(establishment.pk)] = (establishment, None)
        choices = [(str(establishment.pk), "Sans unité")]
        for unit in place.rooms_by_unit:
            self._places[str(unit.pk)] = (establishment, unit)
            choices.append((str(unit.pk), unit.name))
        return establishment.name, choices

    def _room_choices(self, place: Place) -> Iterator[tuple[str, list[tuple[str, str]]]]:
        for unit, rooms in place.rooms_by_unit.items():
            self._rooms |= {str(room.pk): room for room in rooms}
            taken = {room.pk: " (occupée)" for room in rooms if room.pk in place.taken_room_ids}
            labels = [(str(r.pk), f"Chambre {r.name}{taken.get(r.pk, '')}") for r in rooms]
            yield unit.name, labels


class WhereForm(forms.Form):
    """The establishment of a stay, asked before the rest when there are many."""

    establishment = forms.ChoiceField(label="Établissement", widget=LongSelect)

    def __init__(self, *, establishments: Sequence[Establishment]) -> None:
        super().__init__()
        _offer_establishments(self, establishments)


def _offer_establishments(form: forms.Form, establishments: Sequence[Establishment]) -> None:
    field = cast("forms.ChoiceField", form.fields["establishment"])
    field.choices = [("", "Choisissez"), *by_town(establishments)]


class StayEditForm(StayForm):
    """A stay already opened: the same, with what is known afterwards."""

    admitted_on = DayField(label="Décision d’admission", required=False)
    comment = forms.CharField(
        label="Commentaire", required=False, widget=forms.Textarea(attrs={"rows": 2})
    )


class CloseStayForm(VersionedForm):
    """The end of a stay."""

    exited_on = DayField(
        label="Sortie",
        help_text="L’unité garde l’accès au dossier jusqu’à la fin de cette journée.",
    )
    exit_mode = CodedChoiceField("stay_exit_mode", label="Mode de sortie")
    exit_label = forms.CharField(
        label="Précision sur la sortie",
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
    )


class ReferentForm(forms.Form):
    """Who follows the person, since when."""

    professional = forms.ChoiceField(label="Professionnel")
    starts_on = DayField(label="À partir du")
    ends_on = DayField(label="Jusqu’au", required=False)

    def __init__(
        self, data: Any = None, *, colleagues: Iterable[Professional], **given: Any
    ) -> None:
        super().__init__(data, **given)
        self._colleagues = {str(one.pk): one for one in colleagues}
        names = [(key, one.display_name) for key, one in self._colleagues.items()]
        self.fields["professional"].choices = [("", "Choisissez"), *names]  # type: ignore[attr-defined]

    def values(self) -> dict[str, Any]:
        """Return what the action receives."""
        chosen = self._colleagues[self.cleaned_data["professional"]]
        return self.cleaned_data | {"professional": chosen}


class EndReferentForm(forms.Form):
    """The last day on which a referent follows the person."""

    ends_on = DayField(
        label="Dernier jour",
        help_text="Le référent garde l’accès au dossier jusqu’à la fin de cette journée.",
    )
