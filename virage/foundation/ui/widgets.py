"""The browser's own pickers: days, hours and long lists, in the form that they read and write."""

from collections.abc import Iterator, Sequence
from typing import Any

from django import forms
from django.forms.utils import flatatt
from django.utils.choices import BaseChoiceIterator
from django.utils.html import escape, format_html, format_html_join
from django.utils.safestring import SafeString


class DayInput(forms.DateInput):
    """A day chosen in the browser's calendar."""

    input_type = "date"

    def __init__(self, attrs: dict[str, object] | None = None) -> None:
        super().__init__(attrs, format="%Y-%m-%d")


class ClockInput(forms.TimeInput):
    """An hour and its minutes."""

    input_type = "time"

    def __init__(self, attrs: dict[str, object] | None = None) -> None:
        super().__init__(attrs, format="%H:%M")


class MomentInput(forms.DateTimeInput):
    """A day and an hour, in Paris time."""

    input_type = "datetime-local"

    def __init__(self, attrs: dict[str, object] | None = None) -> None:
        super().__init__(attrs, format="%Y-%m-%dT%H:%M")


class LongSelect(forms.Select):
    """A choice among many: its options are written at once, not with a template for each."""

    def render(
        self, name: str, value: Any, attrs: dict[str, Any] | None = None, renderer: Any = None
    ) -> SafeString:
        widget = self.get_context(name, value, attrs)["widget"]
        groups = format_html_join(
            "", "{}", ((_group(label, options),) for label, options, _ in widget["optgroups"])
        )
        return format_html(
            '<select name="{}"{}>{}</select>', name, flatatt(widget["attrs"]), groups
        )


class PlainChoices(BaseChoiceIterator):
    """Pairs of a value and a label, without groups: Django, told so, does not look for any in each,
    which a form of a hundred questions feels.
    """

    def __init__(self, pairs: Sequence[tuple[str, str]]) -> None:
        self.pairs = pairs

    def __iter__(self) -> Iterator[tuple[str, str]]:
        return iter(self.pairs)


class _AtOnce(forms.widgets.ChoiceWidget):
    """Choices to be ticked, in the markup of Django, written at once as those of `LongSelect`.

    They are not grouped.
    """

    def render(
        self, name: str, value: Any, attrs: dict[str, Any] | None = None, renderer: Any = None
    ) -> SafeString:
        given = self.build_attrs(self.attrs, attrs)
        place = given.pop("id", "")
        before, beside = f'<input type="{self.input_type}" name="{escape(name)}"', flatatt(given)
        ticked = set(self.format_value(value))
        options = []
        for rank, (choice, label) in enumerate(self.choices):
            own = escape(self.id_for_label(place, str(rank)))
            mark = " checked" if str(choice) in ticked else ""
            written = f'{before} value="{escape(choice)}" id="{own}"{beside}{mark}>'
            options.append(f'<div><label for="{own}">{written} {escape(label)}</label></div>')
        # Every part of it is escaped above.
        return SafeString(f'<div id="{escape(place)}">{"".join(options)}</div>')


class Choices(_AtOnce, forms.RadioSelect):
    """One choice among a few, where a page has many such questions."""


class SeveralChoices(_AtOnce, forms.CheckboxSelectMultiple):
    """Several choices among a few, where a page has many such questions."""


def _group(label: str | None, options: list[dict[str, Any]]) -> SafeString:
    written = format_html_join(
        "",
        '<option value="{}"{}>{}</option>',
        ((option["value"], flatatt(option["attrs"]), option["label"]) for option in options),
    )
    return format_html('<optgroup label="{}">{}</optgroup>', label, written) if label else written
