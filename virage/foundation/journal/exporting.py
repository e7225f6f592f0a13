"""The sealed journal in full, for an inspector who verifies it by himself."""

from collections.abc import Iterator
from dataclasses import fields
from typing import Any

from virage.foundation.journal.models import JournalEvent, JournalSeal
from virage.foundation.journal.rules import Block
from virage.foundation.journal.sealing import EVENT_COLUMNS, LINE_COLUMNS, rows_of


def blocks_in_full() -> Iterator[dict[str, Any]]:
    """Return what the columns of the rows are, then each block: what is signed, and its rows.

    The rows stand as they are hashed; `docs/journal.md` says how to do it again.
    """
    yield {"JournalEvent": EVENT_COLUMNS, "JournalLine": LINE_COLUMNS}
    for seal in JournalSeal.objects.order_by("number").iterator():
        yield {
            "block": {each.name: getattr(seal, each.name) for each in fields(Block)},
            "head": seal.head,
            "signature": seal.signature,
            "rows": list(rows_of(JournalEvent.objects.filter(seal=seal))),
        }
