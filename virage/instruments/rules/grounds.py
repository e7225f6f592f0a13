"""What a score looked at, in words: the tests by which a line of its table was chosen."""

from collections.abc import Callable, Iterator

from virage.instruments.rules.given import Known, holds
from virage.instruments.rules.items import When
from virage.instruments.rules.numbers import said

Told = Callable[[str], str]


def grounds_of(when: When, known: Known, told: Told) -> Iterator[str]:
    """Give the tests that a condition stands on, each with what was answered.

    Where one of several is enough, only those that hold, or may hold, are given.
    """
    verdict = holds(when, known)
    for part in when.every:
        yield from grounds_of(part, known, told)
    for part in when.either:
        if holds(part, known) == verdict:
            yield from grounds_of(part, known, told)
    if when.of:
        yield told(when.of) + _threshold(when)


def _threshold(when: When) -> str:
    bounds = {
        "au moins": when.at_least,
        "plus de": when.above,
        "au plus": when.at_most,
        "moins de": when.below,
    }
    words = [f"{word} {said(bound)}" for word, bound in bounds.items() if bound is not None]
    return f" ({', '.join(words)})" if words else ""
