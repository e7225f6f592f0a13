"""The one form by which any instrument is answered: fields made of the questions it asks."""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any
from uuid import UUID

from django import forms
from django.core.exceptions import ValidationError

from virage.foundation.ui.fields import DayField, MomentField
from virage.foundation.ui.widgets import Choices, LongSelect, PlainChoices, SeveralChoices
from virage.instruments.actions import Typed
from virage.instruments.queries import OpenSheet
from virage.instruments.rules.given import Given, Value
from virage.instruments.rules.instrument import COMMENT, Instrument, Item, ItemKind
from virage.instruments.rules.sections import Section, asked_sections

UNKNOWN, ABSENT, NONE_OF_THEM = "?", "-", "!"
ALONE = {UNKNOWN, ABSENT, NONE_OF_THEM}
DO_NOT_KNOW = "Je ne sais pas"
# Rows of a table offered besides those filled in: as many again once these are saved.
SPARE_ROWS = 2
LONGEST_TEXT = 5_000
MOST_ROWS = 100
BOTH = "Gardez la réponse, ou « je ne sais pas », « sans objet », « rien » : pas les deux."
TOO_MANY_ROWS = f"{MOST_ROWS} lignes au plus. Rien n’est enregistré, retirez les lignes en trop."
WHY = "Dites pourquoi la question ne s’applique pas."


class BeginForm(forms.Form):
    """The instrument to begin, among those that someone answers."""

    instrument = forms.ChoiceField(label="Commencer une évaluation", widget=LongSelect)

    def __init__(self, *, themes: Iterable[tuple[str, list[Instrument]]]) -> None:
        super().__init__()
        self.fields["instrument"].choices = [  # type: ignore[attr-defined]
            (theme, [(one.id, one.title) for one in instruments]) for theme, instruments in themes
        ]


class AskForm(forms.Form):
    """Which part of a sheet is asked, and of whom: a profession, or a colleague's situation."""

    part = forms.ChoiceField(label="Ce qui est demandé", required=False, widget=LongSelect)
    of = forms.ChoiceField(label="À qui", widget=LongSelect)

    def __init__(
        self,
        *args: Any,
        parts: Iterable[Section],
        professions: Iterable[tuple[str, str]],
        colleagues: Iterable[tuple[str, str]],
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        whole = ("", "Toute la saisie")
        self.fields["part"].choices = [whole, *((one.id, one.title) for one in parts)]  # type: ignore[attr-defined]
        self.professions = dict(professions)
        groups = (("Une profession", [*self.professions.items()]), ("Un collègue", [*colleagues]))
        offered = [group for group in groups if group[1]]
        self.fields["of"].choices = [("", "Choisissez"), *offered]  # type: ignore[attr-defined]

    def asked(self) -> dict[str, Any]:
        """Return what is asked and of whom, for the action."""
        of = self.cleaned_data["of"]
        whom = {"profession": of} if of in self.professions else {"membership_id": UUID(of)}
        return {"section": self.cleaned_data["part"], **whom}


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
            fields["absent"] = forms.CharField(label=label, required=False, max_length=200)
        if item.may_be_commented:
            fields["comment"] = forms.CharField(label="Commentaire", required=False, max_length=500)
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
        """Return the answer typed, or None; ValidationError when it says two things at once."""
        comment = typed.get(f"{self.name}__comment", "").strip()
        reason = typed.get(f"{self.name}__absent", "").strip()
        chosen = self._chosen(typed)
        if not self.item.options:
            chosen += (UNKNOWN,) if typed.get(f"{self.name}__unknown") else ()
            chosen += (ABSENT,) if reason else ()
        if not chosen:
            return None
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


@dataclass(frozen=True)
class ShownQuestion:
    """A question of the form as the page lays it out; `told_by` is who answered it,
    `suggested` what is proposed.

    `rows` are those of a table, each with its heading.
    """

    fields: list[forms.BoundField]
    rows: list[tuple[str, list[forms.BoundField]]]
    told_by: str = ""
    suggested: str = ""


@dataclass(frozen=True)
class ShownGroup:
    """A heading of the form, with its questions."""

    title: str
    help: str
    questions: list[ShownQuestion]


class SheetForm(forms.Form):
    """The questions that a sheet asks now, on the answers in force; none is required to save."""

    happened_at = MomentField(label="Évaluée le")
    # The date that was in force when the page was shown.
    shown_at = MomentField(widget=forms.HiddenInput, required=False)
    seen = forms.IntegerField(widget=forms.HiddenInput, min_value=0)
    accepts_missing = forms.BooleanField(
        label="Terminer sans les réponses qui manquent : le score restera incomplet",
        required=False,
    )

    def __init__(self, data: Any = None, *, opened: OpenSheet) -> None:
        sheet = opened.sheet
        super().__init__(data)
        self.opened = opened
        self.initial = {
            "happened_at": sheet.happened_at,
            "shown_at": sheet.happened_at,
            "seen": sheet.answer_number,
        }
        self.questions = {
            name: Question(item, f"q__{name}", self._rows(item))
            for name, item in opened.asked.items()
        }
        self.order_fields(["happened_at"])
        self.expected = {name for one in self.questions.values() for name in one.expected}
        for name, question in self.questions.items():
            self.fields.update(question.fields)
            self.initial |= question.opened_on(opened.answers.get(name))
        self._ask_again_after_gates()
        if not opened.missing:
            del self.fields["accepts_missing"]

    def clean(self) -> dict[str, Any]:
        """Read each answer; what says two things at once is told at its field."""
        typed = super().clean() or {}
        self.answers: dict[str, Given | None] = {}
        for name, question in self.questions.items():
            if question.item.columns and self._sent_rows(question.item) > MOST_ROWS:
                self.add_error(None, f"«\u00a0{question.item.label}\u00a0»\u00a0: {TOO_MANY_ROWS}")
            try:
                self.answers[name] = question.given(typed)
            except ValidationError as error:
                self.add_error(next(iter(question.fields)), error)
        return typed

    def typed(self) -> Typed:
        """Return what was typed, for the action; a date left as it was shown is not."""
        typed = self.cleaned_data
        is_moved = typed["happened_at"] != typed["shown_at"]
        return Typed(
            seen=typed["seen"],
            answers=self.answers,
            happened_at=typed["happened_at"] if is_moved else None,
        )

    @property
    def asks_missing(self) -> forms.BoundField | None:
        """Whether to finish without what lacks, if something does."""
        return self["accepts_missing"] if "accepts_missing" in self.fields else None

    def groups(self) -> list[ShownGroup]:
        """Return the headings of the page, in order, each with its questions."""
        shown = [
            ShownGroup(
                one.title,
                one.help,
                [self._shown(item.id) for item in one.items if item.id in self.questions],
            )
            for one in asked_sections(self.opened.instrument, self.opened.answers)
        ]
        return [*shown, ShownGroup(COMMENT.label, "", [self._shown(COMMENT.id)])]

    def _shown(self, name: str) -> ShownQuestion:
        row = self.opened.latest.get(name)
        by = f"{row.author_name}" if row and row.author_id != self.opened.sheet.author_id else ""
        question = self.questions[name]
        in_rows = [[field for cell in row for field in cell.fields] for row in question.table]
        others = question.fields.keys() - {one for row in in_rows for one in row}
        return ShownQuestion(
            fields=[self[field] for field in question.fields if field in others],
            rows=[
                (f"{question.item.label}, ligne {number}", [self[field] for field in row])
                for number, row in enumerate(in_rows, start=1)
            ],
            told_by=by,
            suggested=self.opened.sheet.suggestions.get(name, ""),
        )

    def _rows(self, item: Item) -> int:
        """Return how many rows of a table are shown: those filled in or sent, and some more."""
        if not item.columns:
            return 0
        given = self.opened.answers.get(item.id)
        filled = len(given.value) if given and isinstance(given.value, tuple) else 0
        wanted = max(filled, self._sent_rows(item)) if self.is_bound else filled + SPARE_ROWS
        return min(wanted, MOST_ROWS)

    def _sent_rows(self, item: Item) -> int:
        """Return how many rows of a table were sent, empty ones too."""
        before, row = f"q__{item.id}__", re.compile(r"\d{1,9}", re.ASCII)
        sent = (row.match(one, len(before)) for one in self.data if one.startswith(before))
        return max((int(one[0]) + 1 for one in sent if one), default=0)

    def _ask_again_after_gates(self) -> None:
        """Mark the questions on which others depend: once answered, the page asks anew."""
        instrument = self.opened.instrument
        conditions = [group.when for group in instrument.groups]
        conditions += [item.when for item in instrument.items.values()]
        gates = {name for when in conditions if when for name in when.mentioned}
        gates |= {group.within for group in instrument.groups}
        gates |= {item.under for item in instrument.items.values()}
        for name in gates & self.questions.keys():
            self.fields[f"q__{name}"].widget.attrs["data-v-reask"] = True


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
                max_digits=12,
                **shown | {"label": item.label + unit},
            )
        case ItemKind.DATE:
            return DayField(**shown)
    widget = forms.Textarea(attrs={"rows": 1 if is_cell else 2})
    return forms.CharField(max_length=LONGEST_TEXT, widget=widget, **shown)


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
