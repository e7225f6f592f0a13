"""What a backup is called, which ones are kept, and what one says of itself."""

import re
from collections.abc import Iterable
from datetime import datetime

import msgspec

from virage.foundation.errors import DomainError

# The file by which a home says that it holds the demonstration.
DEMO_MARK = "demonstration"
FORMAT = 1
NAME = re.compile(r"virage-\d{8}T\d{6}Z\.tar\.age")
DATABASE = "database"
HEADS = "journal.heads"
MANIFEST = "manifest.json"
# What else may stand in an archive: a name that leads elsewhere is never written.
PLACE = re.compile(r"(?:files|keys)(?:/[A-Za-z0-9_-][A-Za-z0-9._-]*)+")


class BackupFault(DomainError):
    """Why a backup was not made, does not hold or was not restored; its text says so in French."""


class Member(msgspec.Struct, frozen=True):
    """One file of the archive."""

    bytes: int
    sha256: str


class Manifest(msgspec.Struct, frozen=True, kw_only=True):
    """What the archive holds, written last in it: the site when the copy was made."""

    format: int
    virage: str
    made_at: datetime
    vendor: str
    migrations: list[str]
    rows: dict[str, int]
    journal_number: int
    journal_head: str
    # What names the master keys without telling them; a former version did not say.
    master_keys: list[str] = []
    is_demo: bool = False
    # How large the demonstration is, "" for a site.
    demo_scale: str = ""
    members: dict[str, Member]


def name_at(at: datetime) -> str:
    """Return the name of a backup made at this instant (UTC)."""
    return f"virage-{at:%Y%m%dT%H%M%SZ}.tar.age"


def scale_in(mark: str) -> str:
    """Return how large the demonstration is, as the mark in its home says; "" when it does not."""
    return (mark.splitlines() + ["", ""])[1]


def is_place(name: str) -> bool:
    """Whether an archive may hold a file of this name; none leads out of the site's folder."""
    return name in (DATABASE, HEADS, MANIFEST) or bool(PLACE.fullmatch(name))


def outdated(names: Iterable[str], made: str, keep: int) -> list[str]:
    """Return the backups that may go once `made` is there: it and the latest before make `keep`.

    Never `made` itself, nor one of a later name (of a clock that was ahead), nor another file.
    """
    earlier = sorted(name for name in names if NAME.fullmatch(name) and name < made)
    return earlier[: max(0, len(earlier) + 1 - keep)]
