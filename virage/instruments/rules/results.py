"""Results: what is frozen of an instrument answered, so that it is never counted again."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from typing import Any

import msgspec

from virage.formats.tddui.record import Answer
from virage.foundation.coded import Coded
from virage.instruments.rules.given import Answers, Given, asked
from virage.instruments.rules.instrument import Instrument, Item
from virage.instruments.rules.scoring import Scored, Term, scored
from virage.instruments.rules.sheet import told


@dataclass(frozen=True, kw_only=True)
class FrozenScore:
    """A score as it was counted that day, with what made it.

    Without a value, `missing` says which answers lacked; without either, no question applied.
    `is_result` marks those by which the instrument is read; `held_by` says what held it down.
    """

    id: str
    label: str
    value: Decimal | None = None
    unit: str = ""
    meaning: str = ""
    advice: str = ""
    tone: str = ""
    terms: tuple[Term, ...] = ()
    missing: tuple[str, ...] = ()
    because: str = ""
    held_by: str = ""
    is_result: bool = False

    @property
    def told(self) -> str:
        """The value as it is read in France, with its unit; "incomplet" without one."""
        if self.value is None:
            return "Incomplet" if self.missing else "Sans objet"
        return " ".join([str(self.value).replace(".", ","), self.unit]).strip()

    @property
    def is_counted(self) -> bool:
        """Whether it has a value, or would have one if nothing lacked."""
        return self.value is not None or bool(self.missing)

    @property
    def kind(self) -> str:
        """The kind of badge that its meaning is shown as."""
        return self.tone or "neutral"


def frozen(instrument: Instrument, answers: Answers) -> list[FrozenScore]:
    """Return every score of these answers, ready to be kept."""
    results = scored(instrument, answers)
    return [_frozen(one, one.score.id in instrument.read_by) for one in results.values()]


def scores_to_json(scores: Sequence[FrozenScore]) -> list[dict[str, Any]]:
    """Return scores as JSON keeps them; decimals stay exact."""
    stored: list[dict[str, Any]] = msgspec.to_builtins(scores)
    return stored


def scores_from_json(stored: Sequence[dict[str, Any]]) -> list[FrozenScore]:
    """Return scores as they were before `scores_to_json`."""
    return msgspec.convert(stored, list[FrozenScore])


def tree_of(instrument: Instrument, answers: Answers) -> list[Answer]:
    """Return what was asked and answered, group by group, as an evaluation freezes it.

    Answers travel by code; what has no code of a published list keeps its words.
    """
    questions = asked(instrument, answers)
    tree = []
    for group in instrument.groups:
        items = [item for item in group.items if item.id in questions and item.id in answers]
        lines = [line for item in items for line in _lines(item, answers[item.id])]
        if lines:
            tree.append(Answer(link_id=group.id, text=group.title, children=lines))
    return tree


def _frozen(one: Scored, is_result: bool) -> FrozenScore:
    score, band = one.score, one.band
    return FrozenScore(
        id=score.id,
        label=score.label,
        value=one.value,
        unit=score.unit,
        meaning=band.label if band else "",
        advice=band.advice if band else "",
        tone=band.tone if band else "",
        terms=one.terms,
        missing=one.missing,
        because=one.row.because if one.row else "",
        held_by=one.cap.because if one.cap else "",
        is_result=is_result,
    )


def _lines(item: Item, given: Given) -> Iterator[Answer]:
    """Give a line per value: FHIR groups the answers to a repeated question."""
    code = Coded(system=item.system, code=item.code) if item.code else Coded()
    beside = [Answer(link_id=f"{item.id}.comment", text="Commentaire", value=given.comment)]
    line = Answer(
        link_id=item.id, text=item.label, code=code, children=beside if given.comment else []
    )
    value = given.value
    if given.is_unknown or not given.applies:
        yield replace(line, value=told(item, given), value_kind="string")
    elif isinstance(value, Decimal):
        yield replace(line, value=value, value_kind="decimal")
    elif isinstance(value, date):
        yield replace(line, value=value.isoformat(), value_kind="date")
    elif item.options:
        chosen = value if isinstance(value, tuple) else (value,)
        options = [_coded(item, one) for one in chosen if isinstance(one, str)]
        for option in options or [Coded(text=told(item, given))]:
            yield replace(line, value=option, value_kind="Coding")
    elif isinstance(value, tuple):
        for row in value:
            cells = _cells(item, row) if isinstance(row, Mapping) else []
            yield replace(line, children=cells + line.children)
    else:
        yield replace(line, value=value, value_kind="string")


def _cells(item: Item, row: Mapping[str, Given]) -> list[Answer]:
    answered = [(column, row[column.id]) for column in item.columns if column.id in row]
    return [line for column, given in answered for line in _lines(column, given)]


def _coded(item: Item, option_id: str) -> Coded:
    option = item.by_option[option_id]
    return Coded(system=option.system, code=option.code or option.id, display=option.label)
