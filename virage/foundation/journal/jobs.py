"""The job of the journal: to seal it, every minute."""

from collections.abc import Mapping
from typing import Any

from virage.foundation.journal.sealing import seal_journal


def seal(_payload: Mapping[str, Any]) -> None:
    """Seal what waits."""
    seal_journal()
