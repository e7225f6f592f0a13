"""What a form had sent, for a page that gives it back because the form itself cannot be shown."""

from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from typing import Any, cast

from django import forms
from django.core.exceptions import BadRequest, SuspiciousOperation, ValidationError
from django.http import HttpRequest, QueryDict
from django.http.multipartparser import MultiPartParserError
from django.utils.choices import flatten_choices
from django.utils.formats import localize

from virage.foundation.ui.fields import DayField, MomentField

# Hidden in pages whose form is not ours, or not found.
HIDDEN = ("csrfmiddlewaretoken", "next", "version", "sent", "form")
# Never given back, with what has « password » in its name.
SECRET = ("secret", "pin", "pin_again")
UNNAMED = "Saisie"


@dataclass(frozen=True)
class Typed:
    """What was entered in one field."""

    label: str
    text: str


def typed_in(request: HttpRequest, sent: QueryDict | None = None) -> list[Typed]:
    """Return what the visible fields of a form held, sent as Django reads it or given, no password.

    Nothing for what another site had the browser send: nobody here wrote it.
    """
    if request.method != "POST" or request.headers.get("Sec-Fetch-Site") == "cross-site":
        return []
    try:
        sent = sent or request.POST
    except (SuspiciousOperation, BadRequest, MultiPartParserError, OSError):
        return []
    unseen = (*HIDDEN, *SECRET)
    names = [name for name in sent if name not in unseen and "password" not in name]
    fields = _fields_of(request, names)
    return [
        Typed(str(getattr(fields.get(name), "label", None) or UNNAMED), text)
        for name in names
        for text in _texts_of(sent, name, fields.get(name))
    ]


def _fields_of(request: HttpRequest, names: list[str]) -> Mapping[str, forms.Field]:
    """Return the fields of the form that the view answered.

    Stopped before its view, a request is read with the smallest form of the room that holds all
    these names; what two as small word otherwise keeps no label, rather than a wrong one.
    """
    answered: forms.BaseForm | None = getattr(request, "form_answered", None)
    if answered is not None:
        return {answered.add_prefix(name): field for name, field in answered.fields.items()}
    match = request.resolver_match
    room = match.func.__module__.partition(".views")[0] if match else ""
    known = [
        form.base_fields
        for form in _forms_under(forms.Form)
        if form.__module__.startswith(f"{room}.") and form.base_fields.keys() >= set(names)
    ]
    smallest = min(map(len, known), default=0)
    as_small = [fields for fields in known if len(fields) == smallest]
    return {
        name: as_small[0][name]
        for name in names
        if as_small and len({str(fields[name].label) for fields in as_small}) == 1
    }


def _forms_under(form: type[forms.Form]) -> Iterator[type[forms.Form]]:
    for each in form.__subclasses__():
        yield each
        yield from _forms_under(each)


def _texts_of(sent: QueryDict, name: str, field: forms.Field | None) -> Iterator[str]:
    for value in sent.getlist(name):
        if value.strip() and (text := _words_of(value, field)):
            yield text


def _words_of(value: str, field: forms.Field | None) -> str:
    """Return a value as its field showed it; a choice that its page alone words is left out."""
    match field:
        case forms.Field(widget=forms.HiddenInput()) | forms.UUIDField() | forms.ModelChoiceField():
            return ""
        case forms.BooleanField():
            return "Oui"
        case forms.ChoiceField():
            return str(dict(flatten_choices(cast("Any", field.choices))).get(value, ""))
        case DayField() | MomentField():
            with suppress(ValidationError):
                return str(localize(field.to_python(value)))
    return value
