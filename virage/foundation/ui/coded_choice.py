"""A choice in a published list, which keeps what another software sent."""

from collections.abc import Collection
from typing import Any

from django import forms

from virage.foundation.coded import Coded
from virage.foundation.content import nomenclature

AS_RECEIVED = "recu"


class CodedChoiceField(forms.ChoiceField):
    """A choice in a published list, given as a `Coded`; a value received from elsewhere stays.

    `without` holds the codes of the list that nobody chooses by hand.
    """

    def __init__(
        self,
        nomenclature_id: str,
        *,
        label: str,
        help_text: str = "",
        without: Collection[str] = (),
    ) -> None:
        super().__init__(label=label, help_text=help_text, required=False, choices=self._listed)
        self._nomenclature_id = nomenclature_id
        self._without = without
        self._current = Coded()

    @property
    def _list(self) -> nomenclature.Nomenclature:
        return nomenclature.get(self._nomenclature_id)

    def keep(self, current: Coded) -> None:
        """Offer the value held, even outside the list, so that saving a form never loses it."""
        self._current = current
        if current and not self._offers(current.code):
            words = nomenclature.words_of(current, self._nomenclature_id)
            self.choices = [*self._listed(), (AS_RECEIVED, words)]

    def _offers(self, code: str) -> bool:
        return self._list.has(code) and code not in self._without

    def _listed(self) -> list[tuple[str, str]]:
        offered = [pair for pair in self._list.choices() if pair[0] not in self._without]
        return [("", "Non précisé"), *offered]

    def prepare_value(self, value: Any) -> Any:
        if not isinstance(value, Coded):
            return value
        return value.code if not value or self._offers(value.code) else AS_RECEIVED

    def clean(self, value: Any) -> Coded:
        code = super().clean(value)
        if code == self.prepare_value(self._current):
            return self._current
        return self._list.coded(code)
