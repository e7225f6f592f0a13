"""What an edition holds, whatever the file it becomes: the three writers say all of it alike."""

import re
from collections.abc import Iterable
from dataclasses import dataclass, fields, is_dataclass, replace
from typing import Any, TypeVar

# Neither text nor layout: what no file can hold, and what would turn the order of a whole line.
_NOT_TEXT = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\u202a-\u202e\u2066-\u2069\ud800-\udfff\ufeff"
    "\ufffe\uffff]"
)
_LINE_ENDS = re.compile("\r\n?|[\x85\u2028\u2029]")

Held = TypeVar("Held")


@dataclass(frozen=True)
class Heading:
    """The title of a part."""

    text: str


@dataclass(frozen=True)
class Paragraph:
    """A text, its line ends kept; a strong one says what matters before the rest."""

    text: str
    is_strong: bool = False


@dataclass(frozen=True)
class Items:
    """A list without order."""

    texts: tuple[str, ...]


@dataclass(frozen=True)
class Values:
    """Labels and what stands for each."""

    pairs: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class Column:
    """A column of a table and its share of the width."""

    label: str
    share: int = 1


@dataclass(frozen=True)
class Table:
    """Rows under the labels of their columns, which come again at the top of each page.

    The figures of a chart are one too.
    """

    columns: tuple[Column, ...]
    rows: tuple[tuple[str, ...], ...]


@dataclass(frozen=True)
class Signatures:
    """Who signs, each under his quality, with room to do so."""

    labels: tuple[str, ...]


Part = Heading | Paragraph | Items | Values | Table | Signatures


@dataclass(frozen=True)
class Together:
    """Parts that one page holds whole, where it can."""

    parts: tuple[Part, ...]


Block = Part | Together


@dataclass(frozen=True, kw_only=True)
class Edition:
    """A document to be printed or sent.

    `structure` and `identity` stand at the top of each page, `mark` (what it may not be used for)
    and `maker` (when, by whom) at the foot, with the page's number. A `state` such as
    « Provisoire » is said on each page too.
    """

    title: str
    subtitle: str
    structure: tuple[str, ...]
    identity: tuple[str, ...]
    state: str
    mark: str
    maker: str
    blocks: tuple[Block, ...]


def cleaned(held: Held) -> Held:
    """Return the same edition, or part of one, whose texts any file can hold.

    Line ends are all alike, a tabulation is a space, and control characters are left out.
    """
    result: Any = held
    if isinstance(held, str):
        result = _NOT_TEXT.sub("", _LINE_ENDS.sub("\n", held).replace("\t", " "))
    elif isinstance(held, tuple):
        result = tuple(cleaned(one) for one in held)
    elif is_dataclass(held) and not isinstance(held, type):
        result = replace(held, **{f.name: cleaned(getattr(held, f.name)) for f in fields(held)})
    return result  # type: ignore[no-any-return]


def texts_of(held: Any) -> Iterable[str]:
    """Yield every text of an edition, or of part of one, in the order of its fields."""
    if isinstance(held, str):
        yield held
    elif isinstance(held, tuple):
        for one in held:
            yield from texts_of(one)
    elif is_dataclass(held):
        for field in fields(held):
            yield from texts_of(getattr(held, field.name))
