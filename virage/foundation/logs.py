"""What the log says of a failure: where it broke and its kind.

Never the error's own text: PostgreSQL, for one, quotes there the row it refused.
"""

import logging
import traceback
from types import TracebackType


def failure_of(error: BaseException) -> str:
    """Return the type of an error and the frames it crossed, those of its cause first."""
    cause = error.__cause__ or (None if error.__suppress_context__ else error.__context__)
    own = "".join(traceback.format_tb(error.__traceback__)) + type(error).__name__
    return f"{failure_of(cause)}\n\n{own}" if cause else own


class DiscreetFormatter(logging.Formatter):
    """Write a record in one line, followed by the frames of its exception when it has one."""

    def formatException(  # noqa: N802 - the name is logging's
        self,
        ei: tuple[type[BaseException], BaseException, TracebackType | None]
        | tuple[None, None, None],
    ) -> str:
        return failure_of(ei[1]) if ei[1] else ""
