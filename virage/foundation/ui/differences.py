"""What differs between two texts, word by word."""

import difflib
import re
from dataclasses import dataclass

WORDS = re.compile(r"^\s+|\S+\s*")


@dataclass(frozen=True)
class Passage:
    """A run of words; `is_own` when the other text does not have it."""

    text: str
    is_own: bool


def differences(mine: str, theirs: str) -> tuple[list[Passage], list[Passage]]:
    """Return both texts, cut where they agree and where each has words of its own."""
    own, other = WORDS.findall(mine), WORDS.findall(theirs)
    left: list[Passage] = []
    right: list[Passage] = []
    matcher = difflib.SequenceMatcher(a=own, b=other, autojunk=False)
    for operation, i1, i2, j1, j2 in matcher.get_opcodes():
        for passages, words in ((left, own[i1:i2]), (right, other[j1:j2])):
            if words:
                passages.append(Passage("".join(words), operation != "equal"))
    return left, right
