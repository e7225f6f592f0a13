"""Forms of the shell, and how any form shows what the domain refused."""

from django import forms

from virage.foundation.errors import DomainError, Invalid, Refused
from virage.foundation.ui.context import THEMES

THEME_LABELS = ("Comme mon appareil", "Clair", "Sombre")


def add_domain_error(form: forms.BaseForm, error: DomainError) -> None:
    """Show a domain error on the form that provoked it, so that nothing typed is lost.

    A message for a field that the form does not have is shown above the fields.
    """
    if isinstance(error, Invalid):
        for name, messages in error.errors.items():
            form.add_error(name if name in form.fields else None, messages)
    elif isinstance(error, Refused) and not error.is_hidden:
        form.add_error(None, f"{error.message} {error.whom_to_ask}".strip())
    else:
        raise error


class PreferencesForm(forms.Form):
    """What a person sets for this browser: colours and single-key shortcuts."""

    theme = forms.ChoiceField(
        label="Couleurs",
        choices=list(zip(THEMES, THEME_LABELS, strict=True)),
        widget=forms.RadioSelect,
        required=False,
        help_text="« Sombre » fatigue moins les yeux la nuit.",
    )
    has_keys = forms.BooleanField(
        label="Raccourcis à une touche",
        required=False,
        help_text="Par exemple « n » pour créer ou « / » pour chercher. Ctrl-K reste toujours "
        "disponible.",
    )
