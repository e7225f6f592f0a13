"""Screens of the persons room, by noun."""

from collections.abc import Callable, Sequence

from django.forms import Form
from django.http import HttpResponse

from virage.foundation.access.request import Request
from virage.foundation.ui import forms
from virage.foundation.versions import Versioned
from virage.persons.queries.doubles import LookAlike


def answer_person_form(
    request: Request,
    form: Form,
    act: Callable[[], HttpResponse],
    *,
    current: Callable[[], Versioned] | None = None,
    template: str = "persons/form.html",
    note: str = "",
    remove_url: str = "",
    alike: Sequence[LookAlike] = (),
    **shown: object,
) -> HttpResponse:
    """Show a form; once it is valid, act, and show on it what the domain answers.

    When someone else went first, both texts are shown and what was typed stays in the form, ready
    to be saved over the version that `current` gives.
    """

    shown |= {"note": note, "remove_url": remove_url, "alike": alike}
    return forms.answer_form(
        request, form, act, template=template, current=current, is_taken_once=True, **shown
    )
