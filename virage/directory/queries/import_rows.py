"""Rows of a table to import, with what becomes of each; both kinds of table share this."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from virage.directory.enums import RowOutcome
from virage.directory.models import DirectoryImport
from virage.directory.rules.imports import values_of


@dataclass
class ImportRow:
    """One row: its values by field, what is done for it, and what is wrong, by field."""

    number: int
    values: dict[str, Any]
    errors: dict[str, str]
    label: str = ""
    told: list[str] = field(default_factory=list)
    is_created: bool = False
    steps: list[tuple[str, dict[str, Any]]] = field(default_factory=list)

    def does(self, step: str, told: str, *, creates: bool = False, **given: Any) -> None:
        """Plan a step: its name, what the report says of it, and what the action needs."""
        self.steps.append((step, given))
        self.told.append(told)
        self.is_created = self.is_created or creates

    @property
    def outcome(self) -> RowOutcome:
        """What becomes of the row, in one word."""
        if self.errors:
            return RowOutcome.ERROR
        if self.is_created:
            return RowOutcome.CREATED
        return RowOutcome.CHANGED if self.steps else RowOutcome.UNCHANGED


def rows_of(given: DirectoryImport) -> Iterator[ImportRow]:
    """Yield the rows that hold something, numbered as a spreadsheet shows them."""
    for place, cells in enumerate(given.rows, start=given.heading_row + 1):
        values, errors = values_of(cells, given.mapping)
        if values or errors:
            yield ImportRow(place, values, errors)
