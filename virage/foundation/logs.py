"""What the log says: who was refused what under which reference, what broke and where.

Never the error's own text: PostgreSQL, for one, quotes there the row it refused. Never an address:
it holds the ids of a record.
"""

import json
import logging
import sys
import traceback
from contextvars import ContextVar
from datetime import UTC, datetime
from types import TracebackType

# Names the request, or the message of the outbox, that a line belongs to.
current_request: ContextVar[str] = ContextVar("current_request", default="")
FACTS = ("method", "route", "status", "ms", "statements")


def failure_of(error: BaseException) -> str:
    """Return the type of an error and the frames it crossed, those of its cause first."""
    cause = error.__cause__ or (None if error.__suppress_context__ else error.__context__)
    own = "".join(traceback.format_tb(error.__traceback__)) + type(error).__name__
    return f"{failure_of(cause)}\n\n{own}" if cause else own


def told_at_the_end(
    kind: type[BaseException], error: BaseException, frames: TracebackType | None
) -> None:
    """Tell what ends a program (`sys.excepthook`), as the log would."""
    if not issubclass(kind, KeyboardInterrupt):
        sys.stderr.write(failure_of(error) + "\n")


class OfRequest(logging.Filter):
    """Give each record the name of its request, and take out the address that Django writes."""

    def filter(self, record: logging.LogRecord) -> bool:
        record.request_id = current_request.get() or "-"
        if record.name.startswith("django.") and hasattr(record, "status_code"):
            record.msg, record.args = "%s", (record.status_code,)
        if record.name == "django.security.DisallowedHost":
            record.exc_info = None  # any scanner's doing: one line is enough
        return True


class DiscreetFormatter(logging.Formatter):
    """Write a record in one line, followed by the frames of its exception when it has one."""

    def formatException(  # noqa: N802 - the name is logging's
        self,
        ei: tuple[type[BaseException], BaseException, TracebackType | None]
        | tuple[None, None, None],
    ) -> str:
        return failure_of(ei[1]) if ei[1] else ""


class JsonFormatter(DiscreetFormatter):
    """Write a record as one object of JSON on one line, for a machine."""

    def format(self, record: logging.LogRecord) -> str:
        said = {
            "at": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname,
            "logger": record.name,
            "request": getattr(record, "request_id", "-"),
            "message": record.getMessage(),
        }
        said |= {fact: getattr(record, fact) for fact in FACTS if hasattr(record, fact)}
        if record.exc_info:
            said["failure"] = self.formatException(record.exc_info)
        return json.dumps(said, ensure_ascii=False)
