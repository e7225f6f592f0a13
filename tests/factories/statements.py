"""What a costly set-up writes, kept as its SQL, to be written again by the tests that follow."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any, NamedTuple

from django.db import connection, transaction

WRITING = ("INSERT", "UPDATE", "DELETE")


class Statement(NamedTuple):
    """One statement that writes, and its values."""

    sql: str
    values: Any
    is_many: bool


@contextmanager
def written() -> Iterator[list[Statement]]:
    """List what is written inside, in order."""
    statements: list[Statement] = []

    def note(execute: Any, sql: str, values: Any, many: bool, context: Any) -> Any:
        if sql.startswith(WRITING):
            statements.append(Statement(sql, values, many))
        return execute(sql, values, many, context)

    with connection.execute_wrapper(note):
        yield statements


def write_again(statements: Sequence[Statement]) -> None:
    """Write the same rows, all or nothing."""
    with transaction.atomic():
        for sql, values, is_many in statements:
            with connection.cursor() as cursor:
                (cursor.executemany if is_many else cursor.execute)(sql, values)
