"""Forms of the shell, and how any form shows what the domain refused."""

from base64 import b64encode
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any, Protocol, cast

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils.choices import flatten_choices
from django.utils.crypto import salted_hmac

from virage.foundation.access.request import Request
from virage.foundation.drafts.actions import AlreadySentError, erase_draft, sent_once
from virage.foundation.drafts.queries import Begun, own_draft
from virage.foundation.drafts.rules import Entered, read_token
from virage.foundation.errors import Conflict, DomainError, Invalid, Refused
from virage.foundation.ui.coded_choice import CodedChoiceField
from virage.foundation.ui.context import THEMES
from virage.foundation.versions import Versioned

# What an address says to open its form on the draft, and the field of a form's token.
RESUME = "draft"
SENT = "sent"
THEME_LABELS = ("Comme mon appareil", "Clair", "Sombre")


class VersionedForm(forms.Form):
    """A form about something that others may change meanwhile; it opens on what is stored."""

    version = forms.IntegerField(widget=forms.HiddenInput, initial=1)

    def __init__(self, data: Any = None, *, item: Versioned | None = None, **given: Any) -> None:
        super().__init__(data, **given)
        if item is not None:
            self.initial = {**self.opened_on(item), **self.initial}
            for name, field in self.fields.items():
                if isinstance(field, CodedChoiceField):
                    field.keep(getattr(item, name))
                elif isinstance(field, forms.ChoiceField):
                    _offer(field, self.initial.get(name))

    def opened_on(self, item: Any) -> dict[str, Any]:
        """Return the initial values of the fields that bear the name of a column."""
        return {name: getattr(item, name) for name in self.fields if hasattr(item, name)}

    def values(self) -> dict[str, Any]:
        """Return what the action receives: the columns, without the version."""
        return {name: value for name, value in self.cleaned_data.items() if name != "version"}

    def renew(self, version: int) -> None:
        """Let the same typing be saved over the version that another one has just written."""
        data = cast("QueryDict", self.data).copy()
        data[self.add_prefix("version")] = str(version)
        self.data = data


def add_domain_error(form: forms.BaseForm, error: DomainError) -> None:
    """Show a domain error on the form that provoked it, so that nothing typed is lost.

    A message for a field that the form does not have is shown above the fields.
    """
    if isinstance(error, Invalid):
        for name, messages in error.errors.items():
            form.add_error(name if name in form.fields else None, messages)
    elif isinstance(error, Refused) and not error.is_hidden:
        form.add_error(None, error.sentence)
    else:
        raise error


def _is_long(widget: forms.Widget) -> bool:
    """Whether a field is for a text of several lines."""
    return isinstance(widget, forms.Textarea)


class HasVersion(Protocol):
    """What a form is saved over: its version tells that someone else went first."""

    @property
    def version(self) -> int: ...


@dataclass(frozen=True, kw_only=True)
class Keeping:
    """How a form of someone in a situation is kept: taken once and, if it is long, as a draft.

    `begun` is the draft that waits; `local_key` encrypts the copy that the browser keeps while the
    server does not answer: it lives as long as the session.
    """

    form: forms.Form
    address: str
    local_key: str = ""
    begun: Begun | None = None
    is_resumed: bool = False

    @classmethod
    def of(cls, request: HttpRequest, form: forms.Form) -> "Keeping | None":
        """Return how a form is kept; None for a visitor, or where a secret is typed."""
        actor = getattr(request, "actor", None)
        widgets = [field.widget for field in form.fields.values()]
        if actor is None or any(isinstance(one, forms.PasswordInput) for one in widgets):
            return None
        if actor.account_id is None or not any(map(_is_long, widgets)):
            return cls(form=form, address=request.path)
        begun = None if form.is_bound else own_draft(actor, request.path)
        is_resumed = begun is not None and RESUME in request.GET
        if begun and is_resumed:
            _resume(form, begun.entered)
        elif begun:
            # The draft is offered above: the focus must not scroll past it.
            for widget in widgets:
                widget.attrs.pop("autofocus", None)
        return cls(
            form=form,
            address=request.path,
            local_key=_local_key(request),
            begun=begun,
            is_resumed=is_resumed,
        )

    def act_once(self, request: HttpRequest, act: Callable[[], HttpResponse]) -> HttpResponse:
        """Act, and erase the draft; a form that was taken before leads where it led."""
        actor = cast("Request", request).actor
        token = read_token(request.POST.get(SENT, ""))
        if actor.account_id is None or token is None:
            return act()
        try:
            with sent_once(actor.account_id, token) as sent:
                response = act()
                sent.led_to = response.headers.get("Location", "")
                if self.local_key and sent.led_to:
                    erase_draft(actor, address=self.address)
            return response
        except AlreadySentError as error:
            messages.info(request, "C’était déjà enregistré : rien n’est en double.")
            return redirect(error.led_to or self.address)


def _local_key(request: HttpRequest) -> str:
    key = salted_hmac("virage.drafts", request.session.session_key or "", algorithm="sha256")
    return b64encode(key.digest()).decode()


def _resume(form: forms.Form, entered: Entered) -> None:
    """Open a form on a draft; its version too, so that a change made since is seen."""
    for name, field in form.fields.items():
        if values := entered.get(form.add_prefix(name)):
            has_several = isinstance(field, forms.MultipleChoiceField)
            form.initial[name] = values if has_several else values[-1]


def answer_form(
    request: HttpRequest,
    form: forms.Form,
    act: Callable[[], HttpResponse],
    *,
    template: str,
    current: Callable[[], HasVersion] | None = None,
    is_taken_once: bool = True,
    **shown: object,
) -> HttpResponse:
    """Show a form; once it is valid, act, and show on it what the domain answers.

    When someone else went first, both texts are shown and what was typed stays in the form, ready
    to be saved over the version that `current` gives; without it, the conflict is left to the page
    that answers any. What only gives a file need not be taken once, in a transaction that would
    hold the others for as long as the file is made.
    """
    conflict: Conflict | None = None
    cast("Request", request).form_answered = form
    keeping = Keeping.of(request, form)
    if form.is_valid():
        try:
            return keeping.act_once(request, act) if keeping and is_taken_once else act()
        except Conflict as error:
            if current is None or not isinstance(form, VersionedForm):
                raise
            form.renew(current().version)
            conflict = error
        except DomainError as error:
            add_domain_error(form, error)
    status = 409 if conflict else 422 if form.is_bound else 200
    shown |= {"form": form, "conflict": conflict, "keeping": keeping}
    return render(request, template, shown, status=status)


def words_typed(request: HttpRequest) -> str:
    """Return the words of a search, which come by POST so that no name stays in an address.

    No longer than a search can use, without the one sign that PostgreSQL does not store.
    """
    return request.POST.get("q", "").replace("\0", "").strip()[:200]


def choices_asked(request: HttpRequest) -> QueryDict:
    """Return what a list is filtered by: its address, and the choices that came with the words."""
    asked = request.GET.copy()
    for name in request.POST.keys() - {"q", "csrfmiddlewaretoken"}:
        asked.setlist(name, request.POST.getlist(name))
    return asked


def words_in_force(form: forms.Form) -> str:
    """Say what a list is filtered by, for paper, which has no fields: « Sortis · Le Verger ».

    A choice that the form does not offer counts as its first one.
    """
    form.is_valid()
    words = []
    for field in form.visible_fields():
        value = form.cleaned_data.get(field.name)
        if isinstance(field.field, forms.ChoiceField):
            labels: dict[Any, Any] = dict(flatten_choices(cast("Any", field.field.choices)))
            value = value if value in labels else next(iter(labels))
            words += [str(labels[value])] if value else []
        elif isinstance(value, date):
            words.append(f"{str(field.label).lower()} {value:%d/%m/%Y}")
    return " · ".join(words)


class PreferencesForm(forms.Form):
    """What a person sets for this browser: colours and single-key shortcuts."""

    theme = forms.ChoiceField(
        label="Couleurs",
        choices=list(zip(THEMES, THEME_LABELS, strict=True)),
        widget=forms.RadioSelect,
        required=False,
        help_text="« Sombre » fatigue moins les yeux la nuit.",
    )
    has_keys = forms.BooleanField(
        label="Raccourcis à une touche",
        required=False,
        help_text="Par exemple « n » pour créer ou « / » pour chercher. Ctrl-K reste toujours "
        "disponible.",
    )


def _offer(field: forms.ChoiceField, held: Any) -> None:
    """Let a value received from elsewhere stay chosen, though the list does not hold it."""
    if field.choices and held and not field.valid_value(held):
        field.choices = [*cast("list[Any]", field.choices), (held, held)]
