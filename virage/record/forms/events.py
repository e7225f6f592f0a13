"""Planning an event, and saying what became of it."""

from collections.abc import Iterable
from datetime import date
from typing import Any
from uuid import UUID

from django import forms

from virage.agenda.enums import EventStatus
from virage.agenda.rules import TYPE_LISTS, EventDraft, Outcome
from virage.directory.models import Professional
from virage.foundation.access.enums import Volet
from virage.foundation.coded import Coded
from virage.foundation.content import nomenclature
from virage.foundation.ui.coded_choice import CodedChoiceField
from virage.foundation.ui.fields import MomentField
from virage.persons.queries import OpenRecord
from virage.record.forms.fields import refuse_before_birth


class EventTypeField(forms.ChoiceField):
    """A SERAFIN or SSIAD type, given as a `Coded`; the value says the list and the code."""

    def __init__(self, *, label: str) -> None:
        super().__init__(label=label, required=False, choices=self._groups)

    def _groups(self) -> list[tuple[str, Any]]:
        groups: list[tuple[str, Any]] = [("", "Sans type")]
        for name in TYPE_LISTS:
            listed = nomenclature.get(name)
            shown = [(f"{name}:{code}", f"{code} {label}") for code, label in listed.choices()]
            groups.append((listed.title, shown))
        return groups

    def clean(self, value: Any) -> Coded:
        name, _, code = super().clean(value).partition(":")
        return nomenclature.get(name).coded(code) if name else Coded()


class EventForm(forms.Form):
    """An event to come, or one that has taken place."""

    label = forms.CharField(label="Évènement", max_length=255, help_text="En quelques mots.")
    volet = forms.ChoiceField(label="Volet")
    happened_at = MomentField(label="Début")
    ends_at = MomentField(label="Fin", required=False)
    type = EventTypeField(label="Type de prestation")
    place_name = forms.CharField(label="Lieu", max_length=200, required=False)
    professionals = forms.MultipleChoiceField(
        label="Professionnels présents", required=False, widget=forms.CheckboxSelectMultiple
    )
    reason = forms.CharField(
        label="Motif", required=False, widget=forms.Textarea(attrs={"rows": 3})
    )

    def __init__(
        self,
        *args: Any,
        volets: Iterable[Volet],
        colleagues: Iterable[Professional],
        birth_on: date | None,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        refuse_before_birth(self.fields["happened_at"], birth_on)
        self.fields["volet"].choices = [(volet.value, volet.label) for volet in volets]  # type: ignore[attr-defined]
        self.fields["professionals"].choices = [  # type: ignore[attr-defined]
            (str(one.pk), one.display_name) for one in colleagues
        ]

    def draft(self, record: OpenRecord) -> EventDraft:
        """Return what was typed, for the action: in the current stay of the record."""
        typed = self.cleaned_data
        return EventDraft(
            subject_ids=[record.person.subject_id],
            volet=Volet(typed["volet"]),
            label=typed["label"],
            happened_at=typed["happened_at"],
            ends_at=typed["ends_at"],
            types=[typed["type"]] if typed["type"] else [],
            place_name=typed["place_name"],
            professional_ids=[UUID(pk) for pk in typed["professionals"]],
            reason=typed["reason"],
            stay_id=record.stay.pk if record.stay else None,
            establishment_id=record.stay.establishment_id if record.stay else None,
        )


class OutcomeForm(forms.Form):
    """What became of an event; one that is to come can only be cancelled."""

    status = forms.ChoiceField(
        label="Cet évènement",
        choices=[
            (EventStatus.FINISHED.value, "a eu lieu"),
            (EventStatus.CANCELLED.value, "n’a pas eu lieu"),
        ],
        widget=forms.RadioSelect,
    )
    report = forms.CharField(
        label="Compte rendu", required=False, widget=forms.Textarea(attrs={"rows": 4})
    )
    was_person_present = forms.BooleanField(
        label="La personne était présente", required=False, initial=True
    )
    cancel_reason = CodedChoiceField(
        "non_realisation_reason", label="S’il n’a pas eu lieu, pourquoi"
    )

    def __init__(self, *args: Any, is_to_come: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if is_to_come:
            for name in ("status", "report", "was_person_present"):
                del self.fields[name]
            self.fields["cancel_reason"].label = "Pourquoi n’aura-t-il pas lieu ?"

    def outcome(self) -> Outcome:
        """Return what was typed, for the action."""
        typed = self.cleaned_data
        status = EventStatus(typed.get("status", EventStatus.CANCELLED))
        is_done = status == EventStatus.FINISHED
        return Outcome(
            status=status,
            report=typed.get("report", ""),
            was_person_present=typed["was_person_present"] if is_done else None,
            cancel_reason=Coded() if is_done else typed["cancel_reason"],
        )
