"""docs/transfer.md lists what TDDUI cannot carry: all of it, and nothing else."""

import re
from dataclasses import fields, is_dataclass
from pathlib import Path

from virage.formats.tddui import record
from virage.formats.tddui.complement import WHOLE
from virage.formats.tddui.record import OUTSIDE_TDDUI

DOCUMENT = Path(__file__).resolve().parents[2] / "docs" / "transfer.md"


def test_every_marked_field_is_listed_and_no_other() -> None:
    section = DOCUMENT.read_text().partition("## What TDDUI cannot carry")[2].partition("\n## ")[0]
    listed = set(re.findall(r"`([a-z_]+)`", section))
    kinds = [each for each in vars(record).values() if is_dataclass(each)]
    marked = {
        part.name
        for kind in kinds
        if kind not in WHOLE.values()
        for part in fields(kind)
        if part.metadata == OUTSIDE_TDDUI
    }
    assert listed == marked
