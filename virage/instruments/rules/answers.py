"""Answers of an evaluation: what a draft holds, and how the tree is stored and read back."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from virage.formats.tddui.record import Answer
from virage.foundation.access.enums import Volet
from virage.foundation.access.rules import Origin, is_future
from virage.foundation.coded import Coded
from virage.foundation.content.nomenclature import words_of
from virage.instruments.rules.results import FrozenScore


@dataclass(frozen=True, kw_only=True)
class EvaluationDraft:
    """An evaluation to freeze: where it goes, what was asked, what was answered and its scores.

    That of a sheet (`sheet_id`) keeps its id: what was attached to the one is so to the other.
    """

    subject_id: UUID
    volet: Volet
    title: str
    happened_at: datetime
    answers: Sequence[Answer] = ()
    questionnaire: str = ""
    type: Coded = Coded()
    status: str = ""
    authored_on: date | None = None
    authored_at: datetime | None = None
    source_id: UUID | None = None
    event_id: UUID | None = None
    stay_id: UUID | None = None
    comment: str = ""
    instrument: str = ""
    instrument_version: str = ""
    scores: Sequence[FrozenScore] = ()
    due_on: date | None = None
    is_published: bool = False
    sheet_id: UUID | None = None
    establishment_id: UUID | None = None
    origin: Origin | None = None


@dataclass(frozen=True, kw_only=True)
class Line:
    """One answered line in words, with the lines below it; `id` is that of its question."""

    label: str
    value: str
    id: str = ""
    lines: tuple["Line", ...] = ()


def faults_of(draft: EvaluationDraft, at: datetime) -> dict[str, list[str]]:
    """Return what refuses an evaluation entered by hand at this instant, by field."""
    faults = {}
    if not draft.title.strip():
        faults["title"] = ["Donnez un titre à l’évaluation."]
    if not draft.answers:
        faults["answers"] = ["Une évaluation contient au moins une réponse."]
    if is_future(draft.happened_at, at):
        faults["happened_at"] = ["Une évaluation ne peut pas être datée dans l’avenir."]
    return faults


def answers_to_json(answers: Sequence[Answer]) -> list[dict[str, Any]]:
    """Return the tree of answers as JSON keeps it, without empty parts; decimals stay exact."""
    return [_answer_to_json(answer) for answer in answers]


def answers_from_json(stored: Sequence[dict[str, Any]]) -> list[Answer]:
    """Return the tree of answers as it was before `answers_to_json`."""
    return [_answer_from_json(line) for line in stored]


def lines_of(stored: Sequence[dict[str, Any]]) -> list[Line]:
    """Return the stored answers in words, each with the lines below it."""
    return [
        Line(
            label=answer.text or words_of(answer.code, "serafin_besoins") or answer.link_id,
            value=value_label(answer),
            id=answer.link_id,
            lines=tuple(lines_of(line.get("children", []))),
        )
        for line, answer in zip(stored, answers_from_json(stored), strict=True)
    ]


def value_label(answer: Answer) -> str:
    """Return the value of an answer in French: « Oui », « 12,5 », « 03/03/2026 », a label."""
    value = answer.value
    if isinstance(value, bool):
        return "Oui" if value else "Non"
    if isinstance(value, Coded):
        return words_of(value, "gir")
    if isinstance(value, Decimal):
        return f"{value:f}".replace(".", ",")
    if isinstance(value, str) and answer.value_kind in ("date", "dateTime"):
        return _day_label(value)
    return "" if value is None else str(value)


def _day_label(value: str) -> str:
    """Return a received date in French order, as far as it goes; what is no date stays as it is."""
    match = re.match(r"(\d{4})(?:-(\d{2}))?(?:-(\d{2}))?", value)
    return "/".join(part for part in reversed(match.groups()) if part) if match else value


def _answer_to_json(answer: Answer) -> dict[str, Any]:
    line = {
        "link_id": answer.link_id,
        "text": answer.text,
        "code": answer.code.parts(),
        "value_kind": answer.value_kind,
        "children": answers_to_json(answer.children),
    }
    line = {name: part for name, part in line.items() if part}
    return line if answer.value is None else line | {"value": _value_to_json(answer.value)}


def _answer_from_json(line: dict[str, Any]) -> Answer:
    return Answer(
        link_id=line.get("link_id", ""),
        text=line.get("text", ""),
        code=Coded(**line.get("code", {})),
        value=_value_from_json(line.get("value")),
        value_kind=line.get("value_kind", ""),
        children=answers_from_json(line.get("children", [])),
    )


def _value_to_json(value: bool | int | Decimal | str | Coded) -> Any:
    if isinstance(value, Decimal):
        return {"decimal": str(value)}
    if isinstance(value, Coded):
        return {"coded": value.parts()}
    return value


def _value_from_json(value: Any) -> Any:
    match value:
        case {"decimal": digits}:
            return Decimal(digits)
        case {"coded": parts}:
            return Coded(**parts)
    return value
