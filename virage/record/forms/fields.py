"""What the forms of the record have in common: days before a birth, volets, sharing."""

from collections.abc import Iterable
from datetime import date, datetime

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone

from virage.foundation.access.enums import Volet
from virage.foundation.access.matrix import Matrix

SHARE = "Partager avec l’équipe et la personne"


def refuse_before_birth(field: forms.Field, birth_on: date | None) -> None:
    """Let a field refuse, by hand alone, a day or an instant before the person was born."""

    def check(value: date) -> None:
        day = timezone.localdate(value) if isinstance(value, datetime) else value
        if birth_on and day < birth_on:
            raise ValidationError(f"La personne est née après, le {birth_on:%d/%m/%Y}.")

    field.validators.append(check)


def refuse_to_come(field: forms.Field, today: date) -> None:
    """Let a field refuse, by hand alone, a day that has not come: it is asked what happened."""

    def check(value: date) -> None:
        if value > today:
            raise ValidationError("Ce jour n’est pas encore venu.")

    field.validators.append(check)


def offer_volets(form: forms.Form, rights: Matrix, volets: Iterable[Volet]) -> None:
    """Offer the volets that the actor writes, and say to whom sharing opens what is put there."""
    offered = list(volets)
    form.fields["volet"].choices = [(volet.value, volet.label) for volet in offered]  # type: ignore[attr-defined]
    opened = {volet.label: rights.opened_by_sharing(volet) for volet in offered}
    readers = (
        f"Dans le volet « {label} », s’ouvre aussi à : {' ; '.join(names)}."
        for label, names in opened.items()
        if names
    )
    form.fields["is_published"].help_text = " ".join(["La personne pourra le lire.", *readers])
