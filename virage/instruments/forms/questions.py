"""A question as fields of a form: its answer, and what may be said beside."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from virage.foundation.ui.fields import DayField
from virage.foundation.ui.widgets import Choices, PlainChoices, SeveralChoices
from virage.instruments.rules.given import Given, Value
from virage.instruments.rules.items import (
    ABSENT,
    ALONE,
    LONGEST_REASON,
    LONGEST_TEXT,
    LONGEST_WORD,
    MOST_DIGITS,
    NONE_OF_THEM,
    UNKNOWN,
    Item,
    ItemKind,
)

DO_NOT_KNOW = "Je ne sais pas"
BOTH = "Gardez la réponse, ou « je ne sais pas », « sans objet », « rien » : pas les deux."
BESIDE_NOTHING = "Répondez à la question pour garder ce qui est écrit à côté, ou effacez-le."
WHY = "Dites pourquoi la question ne s’applique pas."


@dataclass(frozen=True)
class Question:
    """One item under one name of field, with what may be said beside: as many fields.

    `rows` is how many rows of a table are shown; the cell of one is short.
    """

    item: Item
    name: str
    rows: int = 0
    is_cell: bool = False

    @cached_property
    def table(self) -> list[list["Question"]]:
        """The questions of a table, row by row."""
        return [
            [
                Question(column, f"{self.name}__{row}__{column.id}", is_cell=True)
                for column in self.item.columns
            ]
            for row in range(self.rows)
        ]

    @property
    def beside(self) -> dict[str, forms.Field]:
        """What may be said beside the answer, by name: not known, does not apply, a word."""
        item, fields = self.item, dict[str, forms.Field]()
        if item.may_be_unknown and not item.options:
            fields["unknown"] = forms.BooleanField(label=DO_NOT_KNOW, required=False)
        if item.may_not_apply:
            label = "Pourquoi sans objet" if item.options else "Sans objet, parce que"
            fields["absent"] = _words(label, LONGEST_REASON)
        if item.may_be_commented:
            fields["comment"] = _words("Commentaire", LONGEST_WORD)
        return fields

    @cached_property
    def fields(self) -> dict[str, forms.Field]:
        """Every field by its name."""
        fields: dict[str, forms.Field] = {}
        for row in self.table:
            for cell in row:
                fields |= cell.fields
        if not self.item.columns:
            fields[self.name] = _field_of(self.item, is_cell=self.is_cell)
        return fields | {f"{self.name}__{part}": field for part, field in self.beside.items()}

    @property
    def expected(self) -> Iterator[str]:
        """The names of the fields that must be answered for a result, in a table row by row."""
        for row in self.table:
            for cell in row:
                yield from cell.expected
        if self.item.required and not self.item.columns:
            yield self.name

    def opened_on(self, given: Given | None) -> dict[str, Any]:
        """Return what the fields open on."""
        if given is None:
            return {}
        opened: dict[str, Any] = {
            f"{self.name}__unknown": given.is_unknown,
            f"{self.name}__absent": given.not_applicable_because,
            f"{self.name}__comment": given.comment,
        }
        if self.item.columns:
            several = given.value if isinstance(given.value, tuple) else ()
            rows = [row for row in several if isinstance(row, Mapping)]
            for questions, row in zip(self.table, rows, strict=False):
                for cell in questions:
                    opened |= cell.opened_on(row.get(cell.item.id))
        else:
            opened[self.name] = _choice_of(given) if self.item.options else given.value
        return opened

    def given(self, typed: Mapping[str, Any]) -> Given | None:
        """Return the answer typed, or None; ValidationError when it says two things at once, or
        something beside no answer: none of what is typed is lost.
        """
        comment = typed.get(f"{self.name}__comment", "").strip()
        reason = typed.get(f"{self.name}__absent", "").strip()
        chosen = self._chosen(typed)
        if not self.item.options:
            chosen += (UNKNOWN,) if typed.get(f"{self.name}__unknown") else ()
            chosen += (ABSENT,) if reason else ()
        if not chosen and (comment or reason):
            raise ValidationError(BESIDE_NOTHING)
        if not chosen:
            return None
        if reason and chosen != (ABSENT,):
            raise ValidationError(BOTH)
        if len(chosen) > 1 and not ALONE.isdisjoint(one for one in chosen if isinstance(one, str)):
            raise ValidationError(BOTH)
        if chosen == (ABSENT,) and not reason:
            raise ValidationError(WHY)
        if chosen in ((ABSENT,), (UNKNOWN,)):
            because = reason if chosen == (ABSENT,) else ""
            return Given(None, not because, because, comment)
        return Given(self._value(chosen), comment=comment)

    def _chosen(self, typed: Mapping[str, Any]) -> tuple[Any, ...]:
        """Return what the field holds, as several values where the item takes one too."""
        if self.item.columns:
            rows = [
                {cell.item.id: found for cell in row if (found := cell.given(typed))}
                for row in self.table
            ]
            return tuple(row for row in rows if row)
        value = typed.get(self.name)
        several = value if isinstance(value, list) else [value]
        return tuple(one for one in several if one not in (None, ""))

    def _value(self, chosen: tuple[Any, ...]) -> Value:
        if self.item.kind == ItemKind.MULTIPLE:
            return tuple(one for one in chosen if one != NONE_OF_THEM)
        if self.item.kind == ItemKind.TABLE:
            return chosen
        value: Value = chosen[0]
        return value


def _field_of(item: Item, *, is_cell: bool) -> forms.Field:
    """Return the field by which an item is answered, whatever its row."""
    shown: dict[str, Any] = {"label": item.label, "help_text": item.help, "required": False}
    match item.kind:
        case ItemKind.CHOICE:
            return forms.ChoiceField(choices=_choices(item), widget=Choices, **shown)
        case ItemKind.MULTIPLE:
            return forms.MultipleChoiceField(choices=_choices(item), widget=SeveralChoices, **shown)
        case ItemKind.NUMBER:
            unit = f" ({item.unit})" if item.unit else ""
            return forms.DecimalField(
                min_value=item.at_least,
                max_value=item.at_most,
                decimal_places=item.decimals,
                max_digits=MOST_DIGITS,
                **shown | {"label": item.label + unit},
            )
        case ItemKind.DATE:
            return DayField(**shown)
    widget = forms.Textarea(attrs={"rows": 1 if is_cell else 2})
    return forms.CharField(max_length=LONGEST_TEXT, widget=widget, **shown)


def _words(label: str, longest: int) -> forms.CharField:
    return forms.CharField(label=label, required=False, max_length=longest)


def _choices(item: Item) -> PlainChoices:
    choices = [(option.id, option.label) for option in item.options]
    if item.kind == ItemKind.MULTIPLE:
        choices.append((NONE_OF_THEM, "Rien de tout cela"))
    if item.may_be_unknown:
        choices.append((UNKNOWN, DO_NOT_KNOW))
    if item.may_not_apply:
        choices.append((ABSENT, "Sans objet"))
    if item.kind == ItemKind.CHOICE and not item.required:
        choices.append(("", "Pas de réponse"))
    return PlainChoices(choices)


def _choice_of(given: Given) -> Any:
    if given.is_unknown:
        return [UNKNOWN]
    if given.not_applicable_because:
        return [ABSENT]
    return given.value or [NONE_OF_THEM]
