"""Forms: label above, help under it, error under the field and summed up on top."""

from collections.abc import Collection
from dataclasses import dataclass

from django import forms
from django.template import Context, Library
from django.template.loader import render_to_string
from django.utils.safestring import SafeString

from virage.foundation.ids import new_id
from virage.foundation.ui.forms import words_in_force
from virage.foundation.ui.tags.controls import ButtonKind

register = Library()


@dataclass(frozen=True)
class FormError:
    """A line of the summary: which field, by its label and address, and what is wrong."""

    label: str
    anchor: str
    message: str


@register.inclusion_tag("ui/form.html", takes_context=True)
def form(
    context: Context,
    form: forms.BaseForm,
    submit: str,
    action: str = "",
    cancel: str = "",
    kind: ButtonKind = "primary",
) -> dict[str, object]:
    """Show a whole form, posted to `action` or to the page's own address.

    `submit` says what the button does; `cancel` is the address that leaves without doing it.
    """
    return _frame(context, form, submit, action, cancel, kind)


@register.simple_block_tag(takes_context=True)
def form_block(
    context: Context,
    content: str,
    form: forms.BaseForm,
    submit: str,
    action: str = "",
    cancel: str = "",
    kind: ButtonKind = "primary",
) -> SafeString:
    """Frame a form whose fields the page lays out itself, with `field` and `fieldset`."""
    shown = _frame(context, form, submit, action, cancel, kind)
    return render_to_string("ui/form_block.html", {**shown, "content": content})


@register.inclusion_tag("ui/field.html")
def field(field: forms.BoundField) -> dict[str, object]:
    """Show one field with its label, its help and its errors, tied for screen readers."""
    widget = field.field.widget
    return {
        "field": field,
        "is_checkbox": isinstance(widget, forms.CheckboxInput),
        "is_group": field.use_fieldset,
        "is_marked": field.field.required or field.name in _expected(field.form),
    }


@register.simple_block_tag
def fieldset(content: str, legend: str, help_text: str = "", anchor: str = "") -> SafeString:
    """Group fields that belong together under a legend; a link may lead to its `anchor`."""
    shown = {"content": content, "legend": legend, "help_text": help_text, "anchor": anchor}
    return render_to_string("ui/fieldset.html", shown)


@register.inclusion_tag("ui/error_summary.html")
def error_summary(form: forms.BaseForm) -> dict[str, object]:
    """Sum up the errors of a form, each with a link to its field."""
    return _summary(form)


@register.inclusion_tag("ui/filters.html", takes_context=True)
def filters(
    context: Context,
    form: forms.BaseForm,
    target: str = "",
    label: str = "Filtrer la liste",
    submit: str = "Filtrer",
    words: str = "",
) -> dict[str, object]:
    """Show a GET form above a list, sent when a choice changes; values stay in the address.

    Of a list that `words` found too, it goes by POST with them, which no address holds. `target` is
    the id of the element that holds the list, swapped alone when given. Without a script, it is
    sent by the button `submit`.
    """
    return {
        "form": form,
        "target": target,
        "path": context["request"].path,
        "label": label,
        "submit": submit,
        "words": words,
        "csrf_token": context.get("csrf_token"),
    }


@register.inclusion_tag("ui/filters_in_force.html")
def filters_in_force(form: forms.Form) -> dict[str, object]:
    """Say on paper what the list is filtered by; it stands beside the list, in what is swapped."""
    return {"words": words_in_force(form)}


@register.inclusion_tag("ui/search_field.html", takes_context=True)
def search_field(
    context: Context,
    url: str,
    label: str,
    value: str = "",
    hint: str = "",
    id: str = "search-words",  # noqa: A002 - the attribute's own name
) -> dict[str, object]:
    """Search by words typed in field `q`: they go by POST, never in the address."""
    return {
        "csrf_token": context.get("csrf_token"),
        "url": url,
        "label": label,
        "value": value,
        "hint": hint,
        "id": id,
    }


def _frame(
    context: Context,
    form: forms.BaseForm,
    submit: str,
    action: str,
    cancel: str,
    kind: ButtonKind,
) -> dict[str, object]:
    keeping = context.get("keeping")
    return {
        "csrf_token": context.get("csrf_token"),
        "form": form,
        "keeping": keeping if keeping and keeping.form is form else None,
        "sent": new_id(),
        **_summary(form),
        "submit": submit,
        "action": action,
        "cancel": cancel,
        "kind": kind,
        "has_required": any(field.field.required for field in form.visible_fields()),
        "has_expected": bool(_expected(form)),
    }


def _expected(form: forms.BaseForm) -> Collection[str]:
    """Return the names of the fields that a form may be saved without, and not be finished."""
    expected: Collection[str] = getattr(form, "expected", ())
    return expected


def _summary(form: forms.BaseForm) -> dict[str, object]:
    """Return the errors, and what comes back of the typing: never a password, nor a file; a form
    may say that it `is_saved` all the same.
    """
    has_password = any(isinstance(bound.field.widget, forms.PasswordInput) for bound in form)
    return {
        "errors": _errors(form),
        "is_kept": not has_password,
        "is_saved": getattr(form, "is_saved", False),
        "has_file": form.is_multipart(),
    }


def _errors(form: forms.BaseForm) -> list[FormError]:
    if not form.errors:  # a long form asks nothing of each field
        return []
    errors = [FormError("", "", str(message)) for message in form.non_field_errors()]
    for bound in form:
        # A group of choices has no element of its own: its first choice receives the focus.
        anchor = bound.id_for_label or f"{bound.auto_id}_0"
        label = "" if bound.is_hidden else str(bound.label)
        errors += [
            FormError(label, anchor, _after(label, str(message))) for message in bound.errors
        ]
    return errors


def _after(label: str, message: str) -> str:
    """Return a sentence as it follows a label and a colon; an acronym keeps its capitals."""
    if not label or message[1:2].isupper():
        return message
    return message[:1].lower() + message[1:]
