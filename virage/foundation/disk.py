"""Telling a full disk from a fault of ours, whoever met it: a file, SQLite or PostgreSQL."""

import errno

FULL = frozenset({errno.ENOSPC, errno.EDQUOT})
# SQLite's own: no room for rows, or for the memory that its readers share.
SQLITE_FULL = frozenset({"SQLITE_FULL", "SQLITE_IOERR_SHMSIZE"})
# PostgreSQL's code of a disk that is full.
SQLSTATE_FULL = "53100"


def is_full(error: BaseException | None) -> bool:
    """Whether there was no room left to write: what this error says, or the one that caused it."""
    if error is None:
        return False
    if isinstance(error, OSError) and error.errno in FULL:
        return True
    if getattr(error, "sqlite_errorname", "") in SQLITE_FULL:
        return True
    if getattr(error, "sqlstate", None) == SQLSTATE_FULL:
        return True
    return is_full(error.__cause__)
