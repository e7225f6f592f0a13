"""Every page journals what it showed before it leaves; a page that is only read cannot write."""

from collections.abc import Callable
from contextlib import nullcontext
from typing import Any

from django.db import connection
from django.http import HttpRequest, HttpResponse

from virage.foundation.errors import Conflict
from virage.foundation.journal.collector import collecting_reads, forget_reads

Handler = Callable[[HttpRequest], HttpResponse]
READING = ("SELECT", "SAVEPOINT", "RELEASE", "ROLLBACK")


class JournalReads:
    """Run the view, then insert its journal rows; the insert is the one write of a safe request."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        is_safe = request.method in ("GET", "HEAD", "OPTIONS")
        with collecting_reads(), _reading_only() if is_safe else nullcontext():
            return self.get_response(request)

    def process_exception(self, request: HttpRequest, error: Exception) -> None:
        """Forget what a refused page would have shown; a conflict shows what it read."""
        if not isinstance(error, Conflict):
            forget_reads()


class WriteWhileReading(RuntimeError):
    """A page asked for with GET tried to change the database: a bug of ours."""


def _reading_only() -> Any:
    return connection.execute_wrapper(_refuse_writes)


def _refuse_writes(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
    # PostgreSQL puts each part of a union in brackets.
    if not sql.lstrip("( \n").startswith(READING):
        raise WriteWhileReading(sql[:80])
    return execute(sql, params, many, context)
