"""What an instrument asks: its items, the conditions under which each is asked, their groups."""

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from functools import cached_property
from typing import TypeVar

T = TypeVar("T")
# What a form sends for « je ne sais pas », « sans objet » and « rien de tout cela »: of no option.
UNKNOWN, ABSENT, NONE_OF_THEM = "?", "-", "!"
ALONE = {UNKNOWN, ABSENT, NONE_OF_THEM}
# How much an answer may hold, typed or received: digits of a number, decimals included, rows of a
# table; characters of a text, of why a question does not apply, of the word beside an answer.
MOST_DIGITS, MOST_ROWS = 12, 100
LONGEST_TEXT, LONGEST_REASON, LONGEST_WORD = 5_000, 200, 500


class ItemKind(StrEnum):
    """How an item is answered."""

    CHOICE = "choice"
    MULTIPLE = "multiple"
    NUMBER = "number"
    DATE = "date"
    TEXT = "text"
    TABLE = "table"


@dataclass(frozen=True, kw_only=True)
class When:
    """A condition on what was answered before, or on a score: one test, or several together.

    `among` holds option ids. A condition on what has no answer does not hold.
    """

    of: str = ""
    among: tuple[str, ...] = ()
    at_least: Decimal | None = None
    above: Decimal | None = None
    at_most: Decimal | None = None
    below: Decimal | None = None
    every: tuple["When", ...] = ()
    either: tuple["When", ...] = ()

    def __post_init__(self) -> None:
        tests = bool(self.among) + self.compares
        parts = bool(self.every) + bool(self.either)
        if (tests, parts) != ((1, 0) if self.of else (0, 1)):
            raise ValueError("une condition porte sur une réponse, ou en réunit d’autres")

    @property
    def compares(self) -> bool:
        """Whether it tests a number against a threshold."""
        return any(
            threshold is not None
            for threshold in (self.at_least, self.above, self.at_most, self.below)
        )

    @property
    def mentioned(self) -> Iterator[str]:
        """The ids of all that it tests."""
        if self.of:
            yield self.of
        for part in (*self.every, *self.either):
            yield from part.mentioned


@dataclass(frozen=True, kw_only=True)
class Option:
    """One choice of an item; `points` count in its scores.

    `code` is that of a published list, named by its `system`.
    """

    id: str
    label: str
    points: Decimal | None = None
    code: str = ""
    system: str = ""


@dataclass(frozen=True, kw_only=True)
class Item:
    """One question. `columns` are asked on each row of a table; `unit` goes with a number (UCUM).

    One who may not know answers « je ne sais pas », an answer of its own; where an item may not
    apply, why is said; a word may stand beside what `may_be_commented`. `code` is that of a
    published list, named by its `system`. An item stands `under` another, written before it, whose
    answer it details: without that answer, it is not asked. `nothing_to_do` are the options that
    leave nothing to do: one of them for a choice, all of them together for several.
    """

    id: str
    label: str
    kind: ItemKind
    help: str = ""
    options: tuple[Option, ...] = ()
    columns: tuple["Item", ...] = ()
    unit: str = ""
    at_least: Decimal | None = None
    at_most: Decimal | None = None
    decimals: int = 0
    required: bool = False
    may_not_apply: bool = False
    may_be_unknown: bool = False
    may_be_commented: bool = False
    when: When | None = None
    code: str = ""
    system: str = ""
    under: str = ""
    nothing_to_do: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        is_choice = self.kind in (ItemKind.CHOICE, ItemKind.MULTIPLE)
        if is_choice != bool(self.options):
            raise ValueError(f"«\u00a0{self.id}\u00a0»\u00a0: des options vont avec un choix")
        if (self.kind == ItemKind.TABLE) != bool(self.columns):
            raise ValueError(f"«\u00a0{self.id}\u00a0»\u00a0: des colonnes vont avec un tableau")
        if twice := first_twice(option.id for option in self.options):
            raise ValueError(
                f"«\u00a0{self.id}\u00a0»\u00a0: l’option «\u00a0{twice}\u00a0» revient"
            )
        if lost := set(self.nothing_to_do) - set(self.by_option):
            raise ValueError(
                f"«\u00a0{self.id}\u00a0»\u00a0: pas d’option «\u00a0{min(lost)}\u00a0»"
            )

    @cached_property
    def by_option(self) -> dict[str, Option]:
        """The options by id."""
        return {option.id: option for option in self.options}

    @property
    def is_yes_or_no(self) -> bool:
        """Whether it is answered by yes or no, which other software calls a boolean."""
        return self.kind == ItemKind.CHOICE and set(self.by_option) == {"yes", "no"}

    @property
    def extent(self) -> tuple[Decimal, Decimal]:
        """The least and the most that a number may be, by its bounds and by its digits."""
        most = Decimal(10) ** (MOST_DIGITS - self.decimals) - Decimal(1).scaleb(-self.decimals)
        return (
            -most if self.at_least is None else max(self.at_least, -most),
            most if self.at_most is None else min(self.at_most, most),
        )

    @property
    def points(self) -> list[Decimal]:
        """The points of the options that have some, the least first."""
        return sorted(option.points for option in self.options if option.points is not None)


@dataclass(frozen=True, kw_only=True)
class Group:
    """Items under one heading, which one respondent may be asked for.

    Without a title, they stand in what surrounds them. A group is part of another one or of a
    question (`within`), written before it: it is asked when that is, and has an answer.
    """

    id: str
    title: str
    items: tuple[Item, ...]
    when: When | None = None
    help: str = ""
    within: str = ""


def first_twice(values: Iterable[T]) -> T | None:
    """Return the first of these values that comes again, None when each comes once."""
    return next((value for value, count in Counter(values).items() if count > 1), None)


# What every sheet asks besides: a word on the whole.
COMMENT = Item(id="comment", label="Commentaire", kind=ItemKind.TEXT)
