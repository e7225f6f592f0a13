"""Screens of the directory, by noun."""

from collections.abc import Callable
from typing import Any

from django.forms import Form
from django.http import HttpRequest, HttpResponse

from virage.foundation.ui import forms
from virage.foundation.versions import Versioned


def answer_directory_form(
    request: HttpRequest,
    form: Form,
    act: Callable[[], HttpResponse],
    *,
    current: Callable[[], Versioned] | None = None,
    template: str = "directory/form.html",
    note: str = "",
    warning: str = "",
    **shown: Any,
) -> HttpResponse:
    """Show a form; once it is valid, act, and show on it what the domain answers.

    `current` gives what is stored, should someone else have corrected it first.
    """
    shown |= {"note": note, "warning": warning}
    return forms.answer_form(request, form, act, template=template, current=current, **shown)
