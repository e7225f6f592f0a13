"""The closed table of faults that an imported file may show, and what each one leads to."""

from dataclasses import dataclass
from typing import Literal

from virage.foundation.content.loader import load

Level = Literal["warn", "refuse"]


@dataclass(frozen=True)
class Fault:
    """What one fault does: `warn` keeps the value as received, `refuse` stops the whole file."""

    level: Level
    label: str
    help: str


@dataclass(frozen=True)
class FaultTable:
    """Faults by code (English snake case); texts are in French, for the person who imports."""

    version: str
    source: str
    faults: dict[str, Fault]


def import_faults() -> dict[str, Fault]:
    """Return the whole table; a code outside it is a programming error."""
    return load("transfer", "import_faults", FaultTable).faults


def get(code: str) -> Fault:
    """Return the fault of this code; KeyError outside the table."""
    return import_faults()[code]
