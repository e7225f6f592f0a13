"""Which help a page has, which visit a trade has, and how long a visit takes."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from fnmatch import fnmatchcase

# Words that a reader takes in a minute on a screen; what one gesture on a real page takes.
WORDS_A_MINUTE = 150
MINUTES_A_STEP = 0.75


@dataclass(frozen=True)
class Topic:
    """The help of the doors that one of its patterns names; the longest pattern wins.

    `for_professions` adds what only some trades need, by the profession's key.
    """

    key: str
    title: str
    doors: tuple[str, ...]
    text: tuple[str, ...]
    for_professions: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Theme:
    """A heading of the index, and the keys of the topics under it."""

    title: str
    topics: tuple[str, ...]


@dataclass(frozen=True)
class Help:
    """Every topic, and the headings of their index."""

    version: str
    source: str
    themes: tuple[Theme, ...]
    topics: tuple[Topic, ...]

    @property
    def index(self) -> list[tuple[str, list[Topic]]]:
        """The topics under their headings, in order."""
        by_key = {one.key: one for one in self.topics}
        return [(one.title, [by_key[key] for key in one.topics]) for one in self.themes]

    def topic(self, key: str) -> Topic | None:
        """Return the topic of this key, or None."""
        return next((one for one in self.topics if one.key == key), None)

    def topic_for(self, door: str) -> Topic | None:
        """Return the topic of a door, by the longest pattern that names it, or None."""
        named = [
            (len(pattern), one)
            for one in self.topics
            for pattern in one.doors
            if fnmatchcase(door, pattern)
        ]
        return max(named, key=lambda pair: pair[0])[1] if named else None


@dataclass(frozen=True)
class Step:
    """A stop of a visit: a real page, what to look at there, what to try."""

    title: str
    door: str
    text: str


@dataclass(frozen=True)
class Visit:
    """The visit of a trade, in ten minutes."""

    key: str
    title: str
    professions: tuple[str, ...]
    steps: tuple[Step, ...]

    @property
    def minutes(self) -> float:
        """How long it takes: reading, at 150 words a minute, and 45 seconds on each page."""
        words = sum(len(f"{one.title} {one.text}".split()) for one in self.steps)
        return words / WORDS_A_MINUTE + MINUTES_A_STEP * len(self.steps)


@dataclass(frozen=True)
class Visits:
    """Every visit."""

    version: str
    source: str
    visits: tuple[Visit, ...]

    def visit_for(self, profession: str) -> Visit | None:
        """Return the visit of a profession, by the matrix's key, or None."""
        return next((one for one in self.visits if profession in one.professions), None)


def step_after(current: int, asked: str, steps: Sequence[Step]) -> int:
    """Return the number of the step, from 0, that a gesture leads to; `len(steps)` is the end."""
    moves = {"next": current + 1, "previous": current - 1, "again": 0}
    wanted = int(asked) if asked.isascii() and asked.isdigit() else moves.get(asked, current)
    return min(max(wanted, 0), len(steps))
