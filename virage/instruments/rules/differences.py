"""What changed between two results, question by question and score by score."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal

from virage.formats.tddui.record import Answer
from virage.instruments.rules.answers import value_label
from virage.instruments.rules.numbers import said
from virage.instruments.rules.results import FrozenScore


@dataclass(frozen=True)
class Change:
    """One line of a comparison, in words; "" where one of the two had nothing to say."""

    label: str
    before: str
    after: str

    @property
    def is_same(self) -> bool:
        """Whether nothing changed there."""
        return self.before == self.after


@dataclass(frozen=True)
class Shift:
    """A score in two results; `by` is what was gained or lost, where both have a value."""

    label: str
    before: str
    after: str
    by: Decimal | None

    @property
    def told(self) -> str:
        """What was gained or lost, with its sign; "" where it is not known."""
        if self.by is None:
            return ""
        sign = "+" if self.by > 0 else "−" if self.by < 0 else ""
        return sign + said(abs(self.by))


def changes(before: Sequence[Answer], after: Sequence[Answer]) -> list[Change]:
    """Return every question of two results in the order of the later one, its answers in words.

    Two versions of an instrument are compared by the ids of their questions, which stand for ever.
    """
    old, new = dict(_questions(before)), dict(_questions(after))
    names = [*new, *(name for name in old if name not in new)]
    return [
        Change(
            label=(new.get(name) or old[name])[0],
            before=old[name][1] if name in old else "",
            after=new[name][1] if name in new else "",
        )
        for name in names
    ]


def shifts(before: Sequence[FrozenScore], after: Sequence[FrozenScore]) -> list[Shift]:
    """Return the scores that both results have, those by which they are read first; none that was
    without object in both.
    """
    old = {score.id: score for score in before}
    both = [
        score
        for score in after
        if score.id in old and (score.is_counted or old[score.id].is_counted)
    ]
    return [
        Shift(
            label=score.label,
            before=_told(old[score.id]),
            after=_told(score),
            by=_gap(old[score.id].value, score.value),
        )
        for score in sorted(both, key=lambda score: not score.is_result)
    ]


def _questions(tree: Sequence[Answer]) -> Iterator[tuple[str, tuple[str, str]]]:
    """Give each answered question once, by id: its words, and its answers joined."""
    questions: dict[str, tuple[str, list[str]]] = {}
    for line in _leaves(tree):
        questions.setdefault(line.link_id, (line.text, []))[1].append(value_label(line))
    for name, (text, values) in questions.items():
        yield name, (text, ", ".join(values))


def _leaves(tree: Sequence[Answer]) -> Iterator[Answer]:
    for line in tree:
        if line.value is not None:
            yield line
        yield from _leaves(line.children)


def _told(score: FrozenScore) -> str:
    return " · ".join(filter(None, (score.told, score.meaning)))


def _gap(before: Decimal | None, after: Decimal | None) -> Decimal | None:
    return None if before is None or after is None else after - before
