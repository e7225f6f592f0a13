"""What a seal says of the rows it closes: pure functions over rows as they are stored.

A block holds events with their lines. Its digest is over each of their columns, in the order of
ids; its head is over that digest and the head before it, so that no block can be changed, taken
away or put elsewhere without changing all those that follow.
"""

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import msgspec

# The head before the first block.
GENESIS = "0" * 64
# The longest that an event waits to be sealed while a worker runs and nothing holds it.
PERIOD = timedelta(minutes=1)
MAIL_PERIOD = timedelta(days=1)


@dataclass(frozen=True, kw_only=True)
class Block:
    """What is signed: which rows a block holds, by number and digest, and what it follows.

    `after` is the last block that the database held when it was sealed: the one before, unless the
    chain starts again after a break, of which `reason` then says why.
    """

    number: int
    after: int
    sealed_at: datetime
    event_count: int
    line_count: int
    rows_sha256: str
    previous: str
    reason: str = ""

    def head(self) -> str:
        """Return the SHA-256 of all of it, in hexadecimal: what the next block follows."""
        return hashlib.sha256(_encoded(msgspec.to_builtins(self))).hexdigest()


def digest_of(rows: Iterable[Sequence[Any]]) -> str:
    """Return the SHA-256, in hexadecimal, of rows in this order, each with its kind first."""
    digest = hashlib.sha256()
    for row in rows:
        digest.update(_encoded(row) + b"\n")
    return digest.hexdigest()


def _encoded(value: Any) -> bytes:
    return msgspec.json.encode(value, order="deterministic")
