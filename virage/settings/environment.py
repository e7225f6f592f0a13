"""The variables by which one site differs from the next; `virage docs` lists them."""

import os
import sys
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, NoReturn

# EX_CONFIG of sysexits.h: systemd does not start again what would refuse again.
WILL_NOT_START = 78


@dataclass(frozen=True)
class Variable:
    """What a variable holds, in words, and its value when the environment does not give one."""

    holds: str
    default: str = ""
    default_in_words: str = ""


VARIABLES = {
    "VIRAGE_HOME": Variable(
        "folder of the database, the files and the keys; made at first use, readable by its owner "
        "alone",
        "var",
    ),
    "VIRAGE_DATABASE_URL": Variable(
        "`sqlite:///path` or `postgresql://user:password@host:port/name`, with `?sslmode=…` and "
        "other words of libpq where needed; `?pooler=transaction` behind pgbouncer",
        default_in_words="a SQLite file in `VIRAGE_HOME`",
    ),
    "VIRAGE_SECRET_KEY": Variable(
        "the secret that signs sessions and one-time links",
        default_in_words="a file in `VIRAGE_HOME`, made at first use",
    ),
    "VIRAGE_MASTER_KEY": Variable(
        "the key that wraps the keys of the data, 32 bytes in base64; during a rotation the new "
        "one, a comma, the former one. Lost, nothing encrypted can be read",
        default_in_words="a file in `VIRAGE_HOME`, made at first use",
    ),
    "VIRAGE_JOURNAL_HEADS": Variable(
        "the file of the heads of the sealed journal; best on another disk than the database",
        default_in_words="a file in `VIRAGE_HOME`",
    ),
    "VIRAGE_JOURNAL_MAIL": Variable(
        "the address that is sent the last head of the journal once a day; best outside the site",
        default_in_words="none",
    ),
    "VIRAGE_HOSTS": Variable(
        "the names under which the site answers, separated by commas", "127.0.0.1,localhost"
    ),
    "VIRAGE_ORIGINS": Variable(
        "the addresses from which forms may come behind a proxy, with their scheme, separated by "
        "commas; the first one stands in the links that mails and the command line give",
        default_in_words="none",
    ),
    "VIRAGE_INSECURE_HTTP": Variable(
        "`1` lets a site without an https address start, on the machine where it is tried and for "
        "that machine alone",
        default_in_words="not set: such a site does not start",
    ),
    "VIRAGE_SECOND_FACTOR": Variable(
        "who must have a second factor: `health` (whoever reads a medical or care volet) or `all`",
        "health",
    ),
    "VIRAGE_LOCK_MINUTES": Variable("minutes after which an unused session is locked", "10"),
    "VIRAGE_MAIL_URL": Variable(
        "the mail relay: `smtp://`, `smtp+starttls://` or `smtps://`, then "
        "`user:password@host:port`",
        default_in_words="none: no mail leaves, and `virage link` replaces it",
    ),
    "VIRAGE_MAIL_FROM": Variable("the sender of mails", "virage@localhost"),
    "VIRAGE_BACKUP_KEY": Variable(
        "the public keys (`age1…`, separated by commas) for which backups are encrypted; `virage "
        "backup key` makes one",
        default_in_words="none: no backup is made",
    ),
    "VIRAGE_BACKUP_FOLDER": Variable(
        "where backups are written; best on another disk, or another machine",
        default_in_words="the folder `backups` in `VIRAGE_HOME`",
    ),
    "VIRAGE_BACKUP_KEEP": Variable("how many backups that folder keeps", "30"),
    "VIRAGE_DRAFT_DAYS": Variable("for how many days an unfinished text waits for its author", "7"),
    "VIRAGE_LOG": Variable("how the log is written: `line`, or `json` for a machine", "line"),
    "VIRAGE_METRICS_TOKEN": Variable(
        "what Prometheus shows (`Authorization: Bearer …`) to read `/metriques/`",
        default_in_words="none: there are no metrics to read",
    ),
    "VIRAGE_DEMO": Variable(
        "`1` makes the `virage` commands act on the demonstration, whose own "
        "`VIRAGE_HOME` is `var/demo`",
        default_in_words="not set",
    ),
    "VIRAGE_CLAMAV": Variable(
        "the antivirus: the path of clamd's socket, or its `host:port`",
        default_in_words="none: documents are said not to be analysed",
    ),
    "VIRAGE_IMPORT_MAX_FILE_BYTES": Variable("largest file an import reads, in bytes", "60000000"),
    "VIRAGE_IMPORT_MAX_ATTACHMENT_BYTES": Variable(
        "largest attachment in it, in bytes", "20000000"
    ),
    "VIRAGE_IMPORT_MAX_DEPTH": Variable("deepest nesting in it, in levels", "64"),
    "VIRAGE_IMPORT_MAX_ENTRIES": Variable("most entries in it", "20000"),
}


def variable(name: str) -> str:
    """Return a variable of the environment, or its default; KeyError outside the list."""
    return os.environ.get(name) or VARIABLES[name].default


def whole_number(name: str) -> int:
    """Return a variable that counts; the program ends, saying so, when it is no number."""
    given = variable(name)
    if not given.isdecimal():
        unreadable(name, "un nombre entier")
    return int(given)


def address(name: str, read: Callable[[str], dict[str, Any]], expected: str) -> dict[str, Any]:
    """Return what is read of an address; the program ends, saying so, when it is none."""
    try:
        return read(variable(name))
    except ValueError:
        unreadable(name, expected)


def unreadable(name: str, expected: str) -> NoReturn:
    """End the program, naming the variable; its value, which may hold a password, is not told."""
    sys.stderr.write(f"Erreur : {name} attend {expected}.\n")
    raise SystemExit(WILL_NOT_START)
