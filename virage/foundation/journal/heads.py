"""The heads of the chain, one line each, in a file outside the database.

A database cut at its end is a valid shorter chain: only what was written elsewhere tells. Keep the
file on another disk, or send its last line away.
"""

import fcntl
import os
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from django.conf import settings

from virage.foundation.journal.rules import GENESIS


@dataclass(frozen=True)
class Head:
    """The number and the head of one block."""

    number: int
    head: str


# Where a chain starts: what an empty file says.
FIRST = Head(0, GENESIS)
HEAD = re.compile(r"(\d{1,12}) ([0-9a-f]{64})")
LINE = re.compile(rb"(\d{12}) ([0-9a-f]{64})\n")
LINE_LENGTH = 12 + 1 + 64 + 1


def head_from(text: str) -> Head:
    """Return the head that somebody kept: its number, a space, 64 hexadecimal digits.

    Raises ValueError for anything else.
    """
    match = HEAD.fullmatch(" ".join(text.split()))
    if match is None:
        raise ValueError(text)
    return Head(int(match[1]), match[2])


def heads() -> Iterator[Head | None]:
    """Return what each line says, oldest first; None for a line that is not a head."""
    path = Path(settings.JOURNAL_HEADS)
    if path.exists():
        with path.open("rb") as file:
            while line := file.read(LINE_LENGTH):
                yield _read(line)


def last_head() -> Head | None:
    """Return the last head written whole, `FIRST` when there is none yet, None without a file."""
    path = Path(settings.JOURNAL_HEADS)
    if not path.exists():
        return None
    with path.open("rb") as file:
        return _last(file)[1]


def start() -> None:
    """Make the file, empty, before the first block."""
    path = Path(settings.JOURNAL_HEADS)
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    path.touch(mode=0o600)


def append(following: Iterable[Head]) -> None:
    """Write the heads that follow the last one written, durably, one writer at a time.

    What a power cut left after that one, an unfinished line or none at all, is erased.
    """
    start()
    with Path(settings.JOURNAL_HEADS).open("r+b") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        end, last = _last(file)
        file.truncate(end)
        file.seek(end)
        for one in following:
            if one.number > last.number:
                file.write(f"{one.number:012d} {one.head}\n".encode())
        file.flush()
        os.fsync(file.fileno())


def _last(file: BinaryIO) -> tuple[int, Head]:
    """Return where the last head written whole ends, and the head."""
    for end in range(file.seek(0, os.SEEK_END) // LINE_LENGTH, 0, -1):
        file.seek((end - 1) * LINE_LENGTH)
        if head := _read(file.read(LINE_LENGTH)):
            return end * LINE_LENGTH, head
    return 0, FIRST


def _read(line: bytes) -> Head | None:
    match = LINE.fullmatch(line)
    return Head(int(match[1]), match[2].decode()) if match else None
