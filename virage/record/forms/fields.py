"""What a field of the record refuses besides its shape."""

from datetime import date, datetime

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone


def publication() -> forms.BooleanField:
    """Return the box that publishes an item to the person; the matrix says who else then reads."""
    return forms.BooleanField(
        label="Publier à la personne",
        required=False,
        help_text="La personne peut en prendre connaissance, ainsi que les professionnels à qui ce "
        "volet n’ouvre que ce qui lui est publié.",
    )


def refuse_before_birth(field: forms.Field, birth_on: date | None) -> None:
    """Let a field refuse, by hand alone, a day or an instant before the person was born."""

    def check(value: date) -> None:
        day = timezone.localdate(value) if isinstance(value, datetime) else value
        if birth_on and day < birth_on:
            raise ValidationError(f"La personne est née après, le {birth_on:%d/%m/%Y}.")

    field.validators.append(check)
