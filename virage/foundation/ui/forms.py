"""Forms of the shell, and how any form shows what the domain refused."""

from collections.abc import Callable

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from virage.foundation.errors import Conflict, DomainError, Invalid, Refused
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


def answer_form(
    request: HttpRequest,
    form: forms.Form,
    act: Callable[[], HttpResponse],
    *,
    template: str,
    on_conflict: Callable[[], None] | None = None,
    **shown: object,
) -> HttpResponse:
    """Show a form; once it is valid, act, and show on it what the domain answers.

    With `on_conflict`, which prepares the form to be sent again, the page receives a `conflict`
    and shows both texts; without it, the conflict is left to the page that answers any.
    """
    conflict: Conflict | None = None
    if form.is_valid():
        try:
            return act()
        except Conflict as error:
            if on_conflict is None:
                raise
            on_conflict()
            conflict = error
        except DomainError as error:
            add_domain_error(form, error)
    status = 409 if conflict else 422 if form.is_bound else 200
    return render(request, template, {"form": form, "conflict": conflict, **shown}, status=status)


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
