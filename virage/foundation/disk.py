"""Telling a full disk from a fault of ours, whoever met it: a file, SQLite or PostgreSQL."""

import errno

FULL = frozenset({errno.ENOSPC, errno.EDQUOT})
# What the system says in English, in the words that go between a colon and a place.
IN_FRENCH = {
    errno.ENOENT: "ce fichier ou ce dossier n’existe pas",
    errno.EACCES: "l’accès est refusé à ce compte",
    errno.EPERM: "l’accès est refusé à ce compte",
    errno.EROFS: "ce disque ne se laisse que lire",
}
# SQLite's own: no room for rows, or for the memory that its readers share.
SQLITE_FULL = frozenset({"SQLITE_FULL", "SQLITE_IOERR_SHMSIZE"})
# PostgreSQL's code of a disk that is full.
SQLSTATE_FULL = "53100"


def why_refused(error: OSError) -> str:
    """Return in French why the system refused a file; in its own words when it is uncommon."""
    if is_full(error):
        return "le disque est plein"
    return IN_FRENCH.get(error.errno or 0) or error.strerror or str(error)


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
