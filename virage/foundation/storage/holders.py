"""Which rows name stored files, and whose they are."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.apps import apps
from django.db import connection, models
from django.db.migrations.loader import MigrationLoader

from virage.foundation.storage import files
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


def held_files(
    operator_id: UUID | None = None, *, among: Iterable[type[models.Model]] | None = None
) -> Iterator[Held]:
    """Give every file that a row names, of one operator or of all; one statement a column."""
    for model in apps.get_models() if among is None else among:
        for field in model._meta.local_fields:
            if isinstance(field, FileAddress):
                rows = model._default_manager.exclude(**{field.name: ""}).order_by("pk")
                if operator_id:
                    rows = rows.filter(operator_id=operator_id)
                named = rows.values_list("pk", "operator_id", field.name)
                for row_id, owner, address in named.iterator():
                    yield Held(field, row_id, owner, address)


def is_held(address: str) -> bool:
    """Whether a row names this file: asked of all columns in one statement, at one instant."""
    columns = [
        model._default_manager.filter(**{field.name: address}).order_by().values_list(field.name)
        for model in apps.get_models()
        for field in model._meta.local_fields
        if isinstance(field, FileAddress)
    ]
    return columns[0].union(*columns[1:]).exists()


def faults_of_files() -> Iterator[str]:
    """Read every file that a row names; tell in French the row of each one absent or altered.

    The tables may be those of a former version, which is backed up before it is upgraded.
    """
    for held in held_files(among=_models_of_the_tables()):
        try:
            for _ in files.read(held.address):
                pass
        except (FileNotFoundError, ValueError) as error:
            rows = held.field.model._default_manager.filter(pk=held.row_id)
            if not rows.filter(**{held.field.name: held.address}).exists():
                continue  # removed, or encrypted again, while we were reading
            fault = "absent" if isinstance(error, FileNotFoundError) else "altéré"
            yield f"Fichier {fault} : {held.row_label}."


def _models_of_the_tables() -> Iterable[type[models.Model]]:
    """Return the models as the migrations have left the tables, whatever this version knows."""
    loader = MigrationLoader(connection)
    applied = [node for node in loader.applied_migrations if node in loader.graph.nodes]
    return loader.project_state(applied).apps.get_models()
