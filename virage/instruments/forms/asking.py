"""What is begun, and what is asked of others."""

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from django import forms

from virage.foundation.ui.widgets import LongSelect
from virage.instruments.rules.instrument import Instrument
from virage.instruments.rules.sections import Section


class BeginForm(forms.Form):
    """The instrument to begin, among those that someone answers."""

    instrument = forms.ChoiceField(label="Commencer une évaluation", widget=LongSelect)

    def __init__(self, *, themes: Iterable[tuple[str, list[Instrument]]]) -> None:
        super().__init__()
        self.fields["instrument"].choices = [  # type: ignore[attr-defined]
            (theme, [(one.id, one.title) for one in instruments]) for theme, instruments in themes
        ]


class AskForm(forms.Form):
    """Which part of a sheet is asked, and of whom: a profession, or a colleague's situation."""

    part = forms.ChoiceField(label="Ce qui est demandé", required=False, widget=LongSelect)
    of = forms.ChoiceField(label="À qui", widget=LongSelect)

    def __init__(
        self,
        *args: Any,
        parts: Iterable[Section],
        professions: Iterable[tuple[str, str]],
        colleagues: Iterable[tuple[str, str]],
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        whole = ("", "Toute la saisie")
        self.fields["part"].choices = [whole, *((one.id, one.title) for one in parts)]  # type: ignore[attr-defined]
        self.professions = dict(professions)
        groups = (("Une profession", [*self.professions.items()]), ("Un collègue", [*colleagues]))
        offered = [group for group in groups if group[1]]
        self.fields["of"].choices = [("", "Choisissez"), *offered]  # type: ignore[attr-defined]

    def asked(self) -> dict[str, Any]:
        """Return what is asked and of whom, for the action."""
        of = self.cleaned_data["of"]
        whom = {"profession": of} if of in self.professions else {"membership_id": UUID(of)}
        return {"section": self.cleaned_data["part"], **whom}
