"""Conditions: our `When` and FHIR's `enableWhen`, which says less.

All of its tests hold, or any of them; it has no « all of these, and any of those ».
"""

from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal
from itertools import groupby

from virage.formats.fhir.questionnaire import EnableWhen, Quantity, Question, Typed
from virage.instruments.rules.fhir.kinds import option_id, options_of
from virage.instruments.rules.items import ItemKind, When

ALL, ANY = "all", "any"
THRESHOLDS = {">=": "at_least", ">": "above", "<=": "at_most", "<": "below"}
BOUNDS = {operator: (name,) for operator, name in THRESHOLDS.items()} | {
    "=": ("at_least", "at_most")
}
Asked = Mapping[str, tuple[Question, ItemKind]]


class Unsayable(Exception):
    """A condition that the other side has no words for."""


def when_of(question: Question, before: Asked) -> When | None:
    """Return what a question waits for, among those asked before; Unsayable otherwise."""
    tests = [_test_of(test, before) for test in question.conditions]
    if len(tests) < 2:
        return tests[0] if tests else None
    if question.behavior not in (ALL, ANY):
        raise Unsayable
    merge = _one_of if question.behavior == ANY else _between
    parts = tuple(
        part for _, run in groupby(tests, lambda test: test.of) for part in merge(list(run))
    )
    if len(parts) == 1:
        return parts[0]
    return When(either=parts) if question.behavior == ANY else When(every=parts)


def _test_of(test: EnableWhen, before: Asked) -> When:
    if test.question not in before or test.answer is None:
        raise Unsayable
    question, kind = before[test.question]
    if kind in (ItemKind.CHOICE, ItemKind.MULTIPLE):
        return When(of=test.question, among=_chosen(test, test.answer, question))
    if kind == ItemKind.NUMBER:
        return _compared(test, test.answer)
    raise Unsayable


def _chosen(test: EnableWhen, answer: Typed, question: Question) -> tuple[str, ...]:
    if test.operator == "exists" and answer.value is True:
        return tuple(options_of(question))
    found = option_id(question, answer)
    if test.operator != "=" or not found:
        raise Unsayable
    return (found,)


def _compared(test: EnableWhen, answer: Typed) -> When:
    value = answer.value.value if isinstance(answer.value, Quantity) else answer.value
    if isinstance(value, bool) or not isinstance(value, int | Decimal):
        raise Unsayable
    if test.operator not in BOUNDS:
        raise Unsayable
    return _bounded(test.question, {name: Decimal(value) for name in BOUNDS[test.operator]})


def _bounded(of: str, bounds: Mapping[str, Decimal]) -> When:
    return When(
        of=of,
        at_least=bounds.get("at_least"),
        above=bounds.get("above"),
        at_most=bounds.get("at_most"),
        below=bounds.get("below"),
    )


def _one_of(tests: Sequence[When]) -> Sequence[When]:
    """Several answers to one question are one test."""
    if not all(test.among for test in tests):
        return tests
    among = dict.fromkeys(one for test in tests for one in test.among)
    return [When(of=tests[0].of, among=tuple(among))]


def _between(tests: Sequence[When]) -> Sequence[When]:
    """Thresholds on one number are one test."""
    bounds = [
        (name, threshold)
        for test in tests
        for name in THRESHOLDS.values()
        if (threshold := getattr(test, name)) is not None
    ]
    if not all(test.compares for test in tests):
        return tests
    of = tests[0].of
    if len(dict(bounds)) < len(bounds):  # two of a kind: each on its own, as they go out
        return [_bounded(of, {name: threshold}) for name, threshold in bounds]
    return [_bounded(of, dict(bounds))]


def conditions_of(
    when: When | None, question_of: Callable[[str], Question]
) -> tuple[str, tuple[EnableWhen, ...]]:
    """Return how its tests combine, empty when alone, and the tests; Unsayable otherwise."""
    if when is None:
        return "", ()
    behavior, tests = _tests_of(when, question_of)
    return behavior if len(tests) > 1 else "", tuple(tests)


def _tests_of(
    when: When, question_of: Callable[[str], Question]
) -> tuple[str, Sequence[EnableWhen]]:
    if when.among:
        options = options_of(question_of(when.of))
        return ANY, [EnableWhen(when.of, "=", options[one].value) for one in when.among]
    if when.of:
        kind = question_of(when.of).type
        return ALL, [
            EnableWhen(when.of, operator, numeric(kind, threshold))
            for operator, name in THRESHOLDS.items()
            if (threshold := getattr(when, name)) is not None
        ]
    wanted = ALL if when.every else ANY
    tests: list[EnableWhen] = []
    for part in when.every or when.either:
        behavior, below = _tests_of(part, question_of)
        if len(below) > 1 and behavior != wanted:
            raise Unsayable
        tests += below
    return wanted, tests


def numeric(type_: str, value: Decimal) -> Typed:
    """Return a number as a question of this type has it: whole for an integer, where it is."""
    if type_ == "integer" and value == value.to_integral_value():
        return Typed("integer", int(value))
    return Typed("decimal", value)
