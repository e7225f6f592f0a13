"""How a question of FHIR is asked here, and the ids of the answers that it offers."""

from collections import Counter
from collections.abc import Mapping

from virage.formats.fhir.questionnaire import GROUP, AnswerOption, Question, Typed
from virage.formats.tddui.record import Answer
from virage.foundation.coded import Coded
from virage.instruments.rules.answers import value_label
from virage.instruments.rules.items import ItemKind, Option

# The address of an instrument of ours is this and its id; a received one keeps its own as id.
OURS = "urn:virage:instrument:"
YES, NO = Option(id="yes", label="Oui"), Option(id="no", label="Non")
CHOICES = ("choice", "open-choice")
# What is said with less here: no hour, no form checked, no free answer.
SIMPLIFIED = ("dateTime", "time", "url", "open-choice")
# A decimal number whose places nobody says is asked with so many.
DECIMALS = 6

KINDS = {
    "boolean": ItemKind.CHOICE,
    "decimal": ItemKind.NUMBER,
    "integer": ItemKind.NUMBER,
    "quantity": ItemKind.NUMBER,
    "date": ItemKind.DATE,
    "dateTime": ItemKind.DATE,
    "string": ItemKind.TEXT,
    "text": ItemKind.TEXT,
    "time": ItemKind.TEXT,
    "url": ItemKind.TEXT,
}


def kind_of(question: Question) -> ItemKind | None:
    """Return how it is asked; None for a heading, and for what we cannot ask.

    That is a file, a link, a choice whose answers are elsewhere, a measure in no single unit.
    """
    if question.type == GROUP:
        return ItemKind.TABLE if question.repeats else None
    if question.type in CHOICES:
        kind = ItemKind.MULTIPLE if question.repeats else ItemKind.CHOICE
        return kind if _are_clear(question) else None
    if question.type == "quantity" and not question.unit.code:
        return None
    return KINDS.get(question.type)


def _are_clear(question: Question) -> bool:
    """Whether the answers offered are there, in words, each once."""
    options = options_of(question)
    is_said = all(isinstance(one.value.value, Coded | str | int) for one in question.options)
    return bool(options) and is_said and "" not in options and len(options) == len(question.options)


def is_simplified(question: Question) -> bool:
    """Return whether it is asked with less than it says: one answer where several may come."""
    is_single = question.type not in (GROUP, *CHOICES)
    return question.type in SIMPLIFIED or bool(question.repeats and is_single)


def options_of(question: Question) -> Mapping[str, AnswerOption]:
    """Return the answers offered by id: the code alone where no other list has the same."""
    if question.type == "boolean":
        return {
            YES.id: AnswerOption(Typed("boolean", True)),
            NO.id: AnswerOption(Typed("boolean", False)),
        }
    codes = Counter(_code(option) for option in question.options)
    return {
        _code(option) if codes[_code(option)] == 1 else _whole_code(option): option
        for option in question.options
    }


def option_id(question: Question, value: Typed) -> str:
    """Return the id of the answer that a value is; empty when it is none of those offered."""
    return id_among(options_of(question), value)


def id_among(options: Mapping[str, AnswerOption], value: Typed) -> str:
    """Return the same among the answers offered, found once for many values."""
    return next((name for name, one in options.items() if is_same(one.value, value)), "")


def is_same(one: Typed, other: Typed) -> bool:
    """Return whether two values are one: a code by its list, whatever its label."""
    if isinstance(one.value, Coded) and isinstance(other.value, Coded):
        mine, its = one.value, other.value
        if mine.code or its.code:
            return (mine.system, mine.code) == (its.system, its.code)
        return mine.label == its.label
    return one == other


def label_of(option: AnswerOption) -> str:
    """Return an answer offered in words."""
    value = option.value.value
    if isinstance(value, Coded):
        return value.label
    if isinstance(value, int | str):
        return value_label(Answer(value=value, value_kind=option.value.kind))
    return str(value)


def _code(option: AnswerOption) -> str:
    value = option.value.value
    return value.code or value.label if isinstance(value, Coded) else str(value)


def _whole_code(option: AnswerOption) -> str:
    value = option.value.value
    if isinstance(value, Coded) and not value.system.startswith(OURS):
        return f"{value.system}|{value.code}"
    return _code(option)
