"""What every object of a record in transit has, and the mark of what TDDUI cannot."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

OUTSIDE_TDDUI = {"outside_tddui": True}


def outside(default: Any = "") -> Any:
    """Declare a field that TDDUI cannot carry; a list or dict default is made afresh."""
    if isinstance(default, type):
        return field(default_factory=default, metadata=OUTSIDE_TDDUI)
    return field(default=default, metadata=OUTSIDE_TDDUI)


@dataclass(kw_only=True)
class Item:
    """What every object of the record in transit has."""

    key: str
    path: str = field(default="", compare=False)


@dataclass(kw_only=True)
class Written(Item):
    """What a team writes in a record: by whom, where, when it was entered, who may read it.

    `author` and `structure` are keys; the name and the profession are those of the time.
    """

    volet: str = outside()
    is_published: bool = outside(False)
    structure: str = outside()
    author: str = outside()
    author_name: str = outside()
    author_profession: str = outside()
    recorded_at: datetime | None = outside(None)
