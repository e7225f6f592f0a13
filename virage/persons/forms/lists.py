"""What a list of usagers is filtered by; the choices stay in the address."""

from collections.abc import Sequence
from typing import Any

from django import forms

from virage.directory.forms.places import FEW, by_town
from virage.foundation.ui.widgets import LongSelect
from virage.persons.queries.lists import WITHOUT_UNIT, ListFilters, Presence
from virage.persons.queries.places import Place

PRESENCE_LABELS = (
    (Presence.PRESENT, "En cours"),
    (Presence.PLANNED, "Entrées prévues"),
    (Presence.PAST, "Sortis"),
)
NOT_OFFERED = "Ce choix n’existe plus ou ne vous est pas ouvert : la liste n’en tient pas compte."


class ListForm(forms.Form):
    """State of the stay, establishment when there are several, unit when there are several.

    Of many establishments, the units are those of the one that is asked for.
    """

    state = forms.ChoiceField(label="Séjour", choices=PRESENCE_LABELS, required=False)
    establishment = forms.ChoiceField(label="Établissement", required=False, widget=LongSelect)
    unit = forms.ChoiceField(label="Unité", required=False, widget=LongSelect)

    def __init__(self, data: Any, *, places: Sequence[Place]) -> None:
        super().__init__(data)
        for field in self.fields.values():
            field.error_messages["invalid_choice"] = NOT_OFFERED
        establishments = by_town([one.establishment for one in places])
        is_large = len(places) > FEW
        units = [
            (one.establishment.name, [(str(unit.pk), unit.name) for unit in one.rooms_by_unit])
            for one in places
            if not is_large or _is_asked(one, data)
        ]
        grouped: list[Any] = [group for group in units if group[1]]
        if len(grouped) == 1:
            grouped = grouped[0][1]
        if is_large or len(grouped) > 1 or data.get("unit") == WITHOUT_UNIT:
            grouped = [*grouped, (WITHOUT_UNIT, "Sans unité")]
        self._offer("establishment", establishments if len(places) > 1 else [], "Tous")
        self._offer("unit", grouped if is_large or len(grouped) > 1 else [], "Toutes")

    def _offer(self, name: str, choices: list[Any], every: str) -> None:
        if choices:
            self.fields[name].choices = [("", every), *choices]  # type: ignore[attr-defined]
        else:
            del self.fields[name]

    def filters(self) -> ListFilters:
        """Return what is asked; a choice that is not offered is ignored."""
        self.is_valid()
        chosen = self.cleaned_data
        unit = chosen.get("unit")
        return ListFilters(
            presence=Presence(chosen.get("state") or Presence.PRESENT),
            establishment_id=chosen.get("establishment") or None,
            unit_id=None if unit == WITHOUT_UNIT else unit or None,
            lacks_unit=unit == WITHOUT_UNIT,
        )


def _is_asked(place: Place, data: Any) -> bool:
    """Whether the address asks for this establishment or, without any, for one of its units."""
    if establishment := data.get("establishment"):
        return bool(establishment == str(place.establishment.pk))
    return data.get("unit") in {str(unit.pk) for unit in place.rooms_by_unit}
