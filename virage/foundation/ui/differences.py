"""What differs between two texts: their lines first, then the words of the lines that changed."""

import difflib
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

WORDS = re.compile(r"^\s+|\S+\s*")
# Comparing costs the product of two lengths, at least: past this many pairs of words over the
# whole of two texts, or past this many lines in one of them, what changed is marked as a whole.
MOST_PAIRS = 1_000_000
MOST_LINES = 5_000

# What is the same in both texts, or what each has instead.
Piece = tuple[Sequence[str], Sequence[str], bool]


@dataclass(frozen=True)
class Passage:
    """A run of words; `is_own` when the other text does not have it."""

    text: str
    is_own: bool


def differences(mine: str, theirs: str) -> tuple[list[Passage], list[Passage]]:
    """Return both texts, cut where they agree and where each has words of its own."""
    left: list[Passage] = []
    right: list[Passage] = []
    for own, other, is_same in _pieces(mine, theirs):
        for passages, words in ((left, own), (right, other)):
            if words:
                passages.append(Passage("".join(words), not is_same))
    return left, right


def _pieces(mine: str, theirs: str) -> Iterator[Piece]:
    pairs_left = MOST_PAIRS
    lines = (mine.splitlines(keepends=True), theirs.splitlines(keepends=True))
    for own, other, is_same in _compared(*lines, is_bounded=max(map(len, lines)) <= MOST_LINES):
        if is_same or not (own and other):
            yield own, other, is_same
            continue
        words = [WORDS.findall("".join(side)) for side in (own, other)]
        pairs = len(words[0]) * len(words[1])
        yield from _compared(*words, is_bounded=pairs <= pairs_left)
        pairs_left -= min(pairs, pairs_left)


def _compared(own: list[str], other: list[str], *, is_bounded: bool) -> Iterator[Piece]:
    """Give what is the same and what is not; between what is the same at both ends, all of it is
    told to differ unless comparing it `is_bounded`.
    """
    shortest = min(len(own), len(other))
    head = next((n for n in range(shortest) if own[n] != other[n]), shortest)
    tail = next(
        (n for n in range(shortest - head) if own[-1 - n] != other[-1 - n]), shortest - head
    )
    ends = (len(own) - tail, len(other) - tail)
    yield own[:head], other[:head], True
    changed = (own[head : ends[0]], other[head : ends[1]])
    if is_bounded:
        matcher = difflib.SequenceMatcher(a=changed[0], b=changed[1])
        for operation, i1, i2, j1, j2 in matcher.get_opcodes():
            yield changed[0][i1:i2], changed[1][j1:j2], operation == "equal"
    else:
        yield *changed, False
    yield own[ends[0] :], other[ends[1] :], True
