"""Encrypting what lies in clear, encrypting again what a former key encrypts, removing what nobody
names.

Each file is one step: a process killed between two goes on where it was, and readers see the file
before or after, never between.
"""

from collections.abc import Iterator
from contextlib import suppress
from datetime import timedelta
from uuid import UUID

from django.db import connection
from django.utils import timezone

from virage.foundation.encryption.columns import forget_former_pages
from virage.foundation.encryption.keys import current_key_id
from virage.foundation.encryption.models import DataKey
from virage.foundation.storage import files
from virage.foundation.storage.holders import held_files, is_held

ABANDONED_AFTER = timedelta(days=1)


def encrypt_clear_files() -> Iterator[str]:
    """Encrypt the files that still lie in clear for their operators, and give each new address.

    A file that is lost or altered is left: `virage check` names its row.
    """
    for held in held_files():
        if not files.is_clear(held.address):
            continue
        with suppress(ValueError):
            address = files.put(files.get(held.address), held.operator_id)
            rows = held.field.model._default_manager.filter(pk=held.row_id)
            rows.filter(**{held.field.name: held.address}).update(**{held.field.name: address})
            yield address


def remove_clear_files() -> None:
    """Remove the clear files that no row names any longer, once the tables have forgotten them.

    They go last: while one is there, what was interrupted is not taken for done.
    """
    named = {held.address for held in held_files()}
    if left := [address for address in files.clear_files() if address not in named]:
        forget_former_pages(connection)
        for address in left:
            files.remove(address)


def remove_abandoned_files() -> None:
    """Remove the encrypted files that no row names, once a day has passed since they were stored.

    Killed between its file and its row, a process leaves one. No transaction lasts a day: what a
    row is about to name stays. So does a file under a key that this database does not hold.
    """
    yesterday = (timezone.now() - ABANDONED_AFTER).timestamp()
    named = {bytes.fromhex(held.address) for held in held_files()}
    ours = set(DataKey.objects.values_list("pk", flat=True))
    for address in files.encrypted_before(yesterday):
        if bytes.fromhex(address) in named or files.key_id_of(address) not in ours:
            continue
        if not is_held(address):  # since `named` was read
            files.remove_unless_stored_since(address, yesterday)
    files.remove_unfinished_before(yesterday)


def encrypt_files_again(operator_id: UUID) -> Iterator[str]:
    """Encrypt under its operator's key in force each file that is not, and give its address.

    A file that is lost or altered is left: `virage check` names its row.
    """
    key_id = current_key_id(operator_id)
    for held in held_files(operator_id):
        if files.key_id_of(held.address) not in (None, key_id):
            with suppress(ValueError):
                files.encrypt_again(held.address, key_id)
                yield held.address
