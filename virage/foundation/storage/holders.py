"""Which rows name stored files, and whose they are."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.apps import apps

from virage.foundation.storage.fields import FileAddress


@dataclass(frozen=True)
class Held:
    """A file that a row names."""

    field: FileAddress
    row_id: Any
    operator_id: UUID
    address: str

    @property
    def row_label(self) -> str:
        return f"{self.field.model._meta.verbose_name} {self.row_id}"


def held_files(operator_id: UUID | None = None) -> Iterator[Held]:
    """Give every file that a row names, of one operator or of all; one statement a column."""
    for model in apps.get_models():
        for field in model._meta.local_fields:
            if isinstance(field, FileAddress):
                rows = model._default_manager.exclude(**{field.name: ""}).order_by("pk")
                if operator_id:
                    rows = rows.filter(operator_id=operator_id)
                named = rows.values_list("pk", "operator_id", field.name)
                for row_id, owner, address in named.iterator():
                    yield Held(field, row_id, owner, address)
