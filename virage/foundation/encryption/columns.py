"""Encrypting columns: those of before encryption, and those under a former key.

A row is one step, made only if its value is still the one that was read: a process killed between
two goes on where it was, and what someone writes meanwhile stands.
"""

from collections.abc import Callable, Iterable, Iterator
from typing import Any
from uuid import UUID

from django.apps import apps
from django.db import models, transaction
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models.functions import Cast

from virage.foundation.encryption.fields import EncryptedField, Sealed
from virage.foundation.encryption.keys import current_key_id
from virage.foundation.encryption.master import KeyUnavailable
from virage.foundation.encryption.values import key_id_of

BATCH = 100
# Encrypts again, for an operator (or `models.SITE`), values that no `EncryptedField` holds, each
# unless someone writes it meanwhile, and gives the ids of their rows.
Sweep = Callable[[UUID], Iterator[Any]]
_sweeps: list[Sweep] = []


def register(sweep: Sweep) -> None:
    """Declare, from `apps.ready()`, values encrypted elsewhere than in an `EncryptedField`."""
    _sweeps.append(sweep)


def encrypt_columns_again(operator_id: UUID) -> Iterator[Any]:
    """Encrypt under its operator's key in force each value that is not; give the ids of rows.

    One that was altered is left as it is: it cannot be read.
    """
    for model in apps.get_models():
        yield from encrypt_rows(model, operator_id)
    for sweep in _sweeps:
        yield from sweep(operator_id)


def encrypt_rows(model: type[models.Model], operator_id: UUID | None = None) -> Iterator[Any]:
    """Encrypt the columns of a model, for one operator or all, and give the ids of the rows."""
    for field in model._meta.local_fields:
        if isinstance(field, EncryptedField):
            rows = model._default_manager.exclude(**{field.name: ""})
            rows = rows.exclude(**{f"{field.name}__isnull": True})
            if operator_id:
                rows = rows.filter(**{field.owner: operator_id})
            raw = rows.annotate(raw=Cast(field.name, models.TextField())).order_by("pk")
            listed = raw.values_list("pk", field.owner, "raw")
            yield from _encrypted(model, field, listed)


def forget_former_pages(connection: BaseDatabaseWrapper) -> None:
    """Rewrite the tables, so that no page of the database keeps what was encrypted since."""
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute("VACUUM")
            cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        else:
            # First the statistics, which hold samples of the columns: their table is rewritten too.
            cursor.execute("ANALYZE")
            cursor.execute("VACUUM FULL")


def _encrypted(
    model: type[models.Model], field: EncryptedField, rows: models.QuerySet[Any, Any]
) -> Iterator[Any]:
    last: Any = None
    while batch := list((rows.filter(pk__gt=last) if last else rows)[:BATCH]):
        last = batch[-1][0]
        with transaction.atomic():
            done = list(_written(model, field, batch))
        yield from done


def _written(
    model: type[models.Model], field: EncryptedField, batch: Iterable[tuple[Any, UUID, str]]
) -> Iterator[Any]:
    for row_id, owner, raw in batch:
        text = raw
        if field.is_sealed(raw):
            if key_id_of(raw.rpartition(".")[2]) == current_key_id(owner):
                continue
            try:
                text = field.opened(raw)
            except KeyUnavailable:
                text = raw  # of before encryption, and looks like a token by chance
            except ValueError:
                continue
        unchanged = model._default_manager.filter(pk=row_id, **{field.name: Sealed(raw)})
        if unchanged.update(**{field.name: field.sealed(text, owner)}):
            yield row_id
