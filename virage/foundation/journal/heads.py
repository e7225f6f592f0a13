"""The heads of the chain, one line each, in a file outside the database.

A database cut at its end is a valid shorter chain: only what was written elsewhere tells. Keep the
file on another disk, or send its last line away.
"""

import fcntl
import os
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings

from virage.foundation.journal.rules import GENESIS


@dataclass(frozen=True)
class Head:
    """The number and the head of one block."""

    number: int
    head: str


# Where a chain starts: what an empty file says.
FIRST = Head(0, GENESIS)
LINE_LENGTH = 12 + 1 + 64 + 1  # a number, a space, a head, an end of line


def heads() -> Iterator[Head]:
    """Return the heads written, oldest first; ValueError for a line that is not one."""
    path = Path(settings.JOURNAL_HEADS)
    if path.exists():
        with path.open() as file:
            yield from map(_read, file)


def last_head() -> Head | None:
    """Return the last head written whole, `FIRST` when there is none yet, None without a file."""
    path = Path(settings.JOURNAL_HEADS)
    if not path.exists():
        return None
    whole = path.stat().st_size // LINE_LENGTH
    if not whole:
        return FIRST
    with path.open() as file:
        file.seek((whole - 1) * LINE_LENGTH)
        return _read(file.readline())


def start() -> None:
    """Make the file, empty, before the first block."""
    path = Path(settings.JOURNAL_HEADS)
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    path.touch(mode=0o600)


def append(following: Iterable[Head]) -> None:
    """Write the heads that follow the last one written, durably, one writer at a time.

    A line that a power cut left unfinished is written again.
    """
    start()
    with Path(settings.JOURNAL_HEADS).open("a") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        last = last_head() or FIRST
        file.truncate(os.fstat(file.fileno()).st_size // LINE_LENGTH * LINE_LENGTH)
        for one in following:
            if one.number > last.number:
                file.write(f"{one.number:012d} {one.head}\n")
        file.flush()
        os.fsync(file.fileno())


def _read(line: str) -> Head:
    number, head = line.split()
    return Head(int(number), head)
