"""What the forms of this room share: a version, coded choices, changes for an action."""

from typing import Any, cast

from django import forms
from django.http import QueryDict

from virage.foundation.coded import Coded
from virage.foundation.content import nomenclature
from virage.persons.models import Versioned

AS_RECEIVED = "recu"


class CodedChoiceField(forms.ChoiceField):
    """A choice in a published list, given as a `Coded`; a value received from elsewhere stays."""

    def __init__(self, nomenclature_id: str, *, label: str, help_text: str = "") -> None:
        super().__init__(label=label, help_text=help_text, required=False, choices=self._listed)
        self._nomenclature_id = nomenclature_id
        self._current = Coded()

    @property
    def _list(self) -> nomenclature.Nomenclature:
        return nomenclature.get(self._nomenclature_id)

    def keep(self, current: Coded) -> None:
        """Offer the value held, even outside the list, so that saving a form never loses it."""
        self._current = current
        if current and not self._list.has(current.code):
            self.choices = [*self._listed(), (AS_RECEIVED, current.label)]

    def _listed(self) -> list[tuple[str, str]]:
        return [("", "Non précisé"), *self._list.choices()]

    def prepare_value(self, value: Any) -> Any:
        if not isinstance(value, Coded):
            return value
        return value.code if not value or self._list.has(value.code) else AS_RECEIVED

    def clean(self, value: Any) -> Coded:
        code = super().clean(value)
        if code == self.prepare_value(self._current):
            return self._current
        if not code:
            return Coded()
        listed = self._list
        return Coded(
            system=listed.system_of(code),
            code=code,
            display=listed.label(code),
            version=listed.version,
        )


class VersionedForm(forms.Form):
    """A form about something that others may change meanwhile; it opens on what is stored."""

    version = forms.IntegerField(widget=forms.HiddenInput, initial=1)

    def __init__(self, data: Any = None, *, item: Versioned | None = None, **given: Any) -> None:
        super().__init__(data, **given)
        if item is not None:
            self.initial = {**self.opened_on(item), **self.initial}
            for name, field in self.fields.items():
                if isinstance(field, CodedChoiceField):
                    field.keep(getattr(item, name))
                elif isinstance(field, forms.ChoiceField):
                    _offer(field, self.initial.get(name))

    def opened_on(self, item: Any) -> dict[str, Any]:
        """Return the initial values of the fields that bear the name of a column."""
        return {name: getattr(item, name) for name in self.fields if hasattr(item, name)}

    def values(self) -> dict[str, Any]:
        """Return what the action receives: the columns, without the version."""
        return {name: value for name, value in self.cleaned_data.items() if name != "version"}

    def renew(self, version: int) -> None:
        """Let the same typing be saved over the version that another one has just written."""
        data = cast("QueryDict", self.data).copy()
        data[self.add_prefix("version")] = str(version)
        self.data = data


def _offer(field: forms.ChoiceField, held: Any) -> None:
    """Let a value received from elsewhere stay chosen, though the list does not hold it."""
    if field.choices and held and not field.valid_value(held):
        field.choices = [*cast("list[Any]", field.choices), (held, held)]
