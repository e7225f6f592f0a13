"""Screens of the persons room, by noun."""

from collections.abc import Callable

from django import forms
from django.http import HttpResponse
from django.shortcuts import render

from virage.foundation.access.request import Request
from virage.foundation.errors import Conflict, DomainError
from virage.foundation.ui.forms import add_domain_error
from virage.persons.forms.fields import VersionedForm
from virage.persons.models import Versioned


def answer_form(
    request: Request,
    form: forms.Form,
    act: Callable[[], HttpResponse],
    *,
    current: Callable[[], Versioned] | None = None,
    template: str = "persons/form.html",
    note: str = "",
    remove_url: str = "",
    **shown: object,
) -> HttpResponse:
    """Show a form; once it is valid, act, and show on it what the domain answers.

    When someone else went first, both texts are shown and what was typed stays in the form, ready
    to be saved over the version that `current` gives.
    """
    conflict: Conflict | None = None
    if form.is_valid():
        try:
            return act()
        except Conflict as error:
            conflict = error
            if current and isinstance(form, VersionedForm):
                form.renew(current().version)
        except DomainError as error:
            add_domain_error(form, error)
    status = 409 if conflict else 422 if form.is_bound else 200
    shown |= {"form": form, "conflict": conflict, "note": note, "remove_url": remove_url}
    return render(request, template, shown, status=status)
