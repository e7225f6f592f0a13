"""Where the attempts are counted (CACHES): Django's own table, which owns up to a full disk."""

from typing import Any

from django.core.cache.backends.db import DatabaseCache
from django.db import DatabaseError, connection, transaction

from virage.foundation.disk import is_full


class Counts(DatabaseCache):
    """Raises when there is no room to write, where Django says that another has just written.

    An attempt that could not be counted would pass for one too many.
    """

    def _base_set(self, *given: Any, **options: Any) -> bool:
        found: list[DatabaseError] = []

        def note(execute: Any, *asked: Any) -> Any:
            try:
                return execute(*asked)
            except DatabaseError as error:
                if is_full(error):
                    found.append(error)
                raise

        # Some databases find out when the transaction ends, which is then ours.
        with transaction.atomic(), connection.execute_wrapper(note):
            is_written: bool = super()._base_set(*given, **options)  # type: ignore[misc] # not in the stubs
        if found:
            raise found[0]
        return is_written
