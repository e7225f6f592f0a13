"""Screens of the directory, by noun."""

from collections.abc import Callable

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from virage.foundation.errors import DomainError
from virage.foundation.ui.forms import add_domain_error


def answer_form(
    request: HttpRequest,
    form: forms.Form,
    act: Callable[[], HttpResponse],
    *,
    template: str = "directory/form.html",
    note: str = "",
    **shown: object,
) -> HttpResponse:
    """Show a form; once it is valid, act, and show on it what the domain answers."""
    if form.is_valid():
        try:
            return act()
        except DomainError as error:
            add_domain_error(form, error)
    status = 422 if form.is_bound else 200
    return render(request, template, {"form": form, "note": note, **shown}, status=status)
