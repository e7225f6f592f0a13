"""The one form by which any instrument is answered: fields made of the questions it asks."""

import re
from dataclasses import dataclass
from typing import Any, cast

from django import forms
from django.core.exceptions import ValidationError
from django.http import QueryDict

from virage.foundation.ui.fields import MomentField
from virage.instruments.actions import Typed
from virage.instruments.forms.questions import Question
from virage.instruments.queries import OpenSheet
from virage.instruments.rules.given import Given, missing
from virage.instruments.rules.items import COMMENT, MOST_ROWS, Item
from virage.instruments.rules.sections import asked_sections

# Rows of a table offered besides those filled in: as many again once these are saved.
SPARE_ROWS = 2
NO_TOTAL = "Inscrivez le total pour terminer."
TOO_MANY_ROWS = f"{MOST_ROWS} lignes au plus. Rien n’est enregistré, retirez les lignes en trop."


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

    id: str
    title: str
    help: str
    questions: list[ShownQuestion]


class SheetForm(forms.Form):
    """The questions that a sheet asks now, on the answers in force; none is required to save.

    `is_saved` where what it holds is, although it ends nothing.
    """

    is_saved = False

    happened_at = MomentField(label="Évaluée le")
    # The date that was in force when the page was shown.
    shown_at = MomentField(widget=forms.HiddenInput, required=False)
    seen = forms.IntegerField(widget=forms.HiddenInput, min_value=0)
    accepts_missing = forms.BooleanField(
        label="Terminer sans les réponses qui manquent : le score restera incomplet",
        required=False,
    )
    confirms_doubts = forms.BooleanField(
        label="Ces valeurs sortent de l’ordinaire, et sont justes\u00a0: je les ai vérifiées",
        required=False,
    )

    def __init__(self, data: Any = None, *, opened: OpenSheet, is_ending: bool = False) -> None:
        sheet = opened.sheet
        super().__init__(data)
        self.opened, self.is_ending = opened, is_ending
        self.answers: dict[str, Given | None] = {}
        self.initial = {
            "happened_at": sheet.happened_at,
            "shown_at": sheet.happened_at,
            "seen": sheet.answer_number,
        }
        self.questions = {
            name: Question(item, f"q__{name}", self._rows(item))
            for name, item in {**opened.asked, **self._put_aside()}.items()
        }
        self.order_fields(["happened_at"])
        self.expected = {name for one in self.questions.values() for name in one.expected}
        for name, question in self.questions.items():
            self.fields.update(question.fields)
            self.initial |= question.opened_on(opened.answers.get(name))
        self._ask_again_after_gates()
        if not opened.missing or opened.instrument.is_total_only:
            del self.fields["accepts_missing"]
        if not opened.instrument.plausible:
            del self.fields["confirms_doubts"]

    def clean(self) -> dict[str, Any]:
        """Read each answer; what says two things at once is told at its field."""
        typed = super().clean() or {}
        for name, question in self.questions.items():
            if question.item.columns and self._sent_rows(question.item) > MOST_ROWS:
                self.add_error(None, f"«\u00a0{question.item.label}\u00a0»\u00a0: {TOO_MANY_ROWS}")
            try:
                self.answers[name] = question.given(typed)
            except ValidationError as error:
                self.add_error(next(iter(question.fields)), error)
        if self.is_ending and self.opened.instrument.is_total_only:
            self._require_total(typed)
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

    def saved(self, opened: OpenSheet) -> "SheetForm":
        """Return the form as it was sent, over its answers, which are saved."""
        data = cast("QueryDict", self.data).copy()
        data["seen"] = str(opened.sheet.answer_number)
        data.setlist("shown_at", data.getlist("happened_at"))
        form = SheetForm(data, opened=opened, is_ending=self.is_ending)
        form.is_saved = True
        return form

    @property
    def put_aside(self) -> list[str]:
        """What was answered here to questions that a colleague's answer has put aside meanwhile."""
        seen = self.opened.answers_at(self.cleaned_data["seen"])
        return [
            self.questions[name].item.label
            for name in self._put_aside()
            if self.answers[name] != seen.get(name)
        ]

    @property
    def asks_missing(self) -> forms.BoundField | None:
        """Whether to finish without what lacks, if something does."""
        return self["accepts_missing"] if "accepts_missing" in self.fields else None

    @property
    def lacking(self) -> list[tuple[str, str]]:
        """What a result still needs beyond what is saved or typed: each question, and the id of its
        first field (a table sent without a row shows none).
        """
        answers = {**self.opened.answers, **self.answers}
        answered = {name: given for name, given in answers.items() if given}
        shown = [
            (item.label, next(iter(self.questions[item.id].fields), ""))
            for item in missing(self.opened.instrument, answered)
            if item.id in self.questions
        ]
        return [(label, self[name].auto_id if name else "") for label, name in shown]

    @property
    def asks_to_confirm(self) -> forms.BoundField | None:
        """Whether to confirm what is out of the ordinary, once one was asked to."""
        return self["confirms_doubts"] if "confirms_doubts" in self.errors else None

    def groups(self) -> list[ShownGroup]:
        """Return the headings of the page, in order, each with its questions."""
        shown = [
            ShownGroup(
                one.id,
                one.title,
                one.help,
                [self._shown(item.id) for item in one.items if item.id in self.questions],
            )
            for one in asked_sections(self.opened.instrument, self.opened.answers)
        ]
        return [*shown, ShownGroup(COMMENT.id, COMMENT.label, "", [self._shown(COMMENT.id)])]

    def _put_aside(self) -> dict[str, Item]:
        """Return the questions sent, of a page shown before, that are not asked any more."""
        sent = {name.split("__")[1] for name in self.data if name.startswith("q__")}
        items = self.opened.instrument.items
        return {name: items[name] for name in items if name in sent - self.opened.asked.keys()}

    def _require_total(self, typed: dict[str, Any]) -> None:
        """Refuse to end without the total, which is all that is asked."""
        for name in self.expected - self.errors.keys():
            if typed.get(name) is None:
                self.add_error(name, NO_TOTAL)

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
