"""What the command line writes: results on the standard output, all the rest beside it."""

import json
import re
from collections.abc import Callable
from typing import Any

import click
import psycopg
from django.conf import settings
from django.db import Error, OperationalError, connection
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn

from virage.foundation import disk
from virage.foundation.backup.locks import HalfReplaced, HalfUpgraded
from virage.foundation.content.loader import ContentError
from virage.foundation.encryption.master import KeyUnavailable
from virage.foundation.errors import DomainError, Invalid, Refused
from virage.foundation.tables import OutOfStep
from virage.settings.environment import WILL_NOT_START

# Exit codes 2 and 3 belong to an import that is refused or held: a typing error has its own.
click.UsageError.exit_code = 64
# What an option takes, as the help shows it in capitals; click has no gettext for these two.
click.STRING.name = "texte"
click.IntRange.name = "nombre"

LOOPBACK = "127.0.0.1"
PORT = 8000
DISK_FULL = (
    "le disque est plein. Ce qui était enregistré est intact : libérez de la place, recommencez, "
    "puis « virage check »."
)
AWAY = (
    "la base de données ne répond pas. Est-elle en marche, à l’adresse de VIRAGE_DATABASE_URL, et "
    "son disque a-t-il de la place ?"
)
KEPT_OUT = (
    "la base de données est en marche, mais refuse le nom ou le mot de passe de "
    "VIRAGE_DATABASE_URL. Corrigez cette adresse, puis recommencez."
)
CONTROL_CODE = re.compile(r"[\x00-\x09\x0b-\x1f\x7f-\x9f]")
out = Console(highlight=False)
beside = Console(stderr=True, highlight=False)


class WillNotStart(click.ClickException):
    """What refuses once would refuse again: nothing starts it again by itself."""

    exit_code = WILL_NOT_START


class Commands(click.Group):
    """A group of commands whose errors come out in French: of the domain, its content, its place.

    Its place: a full disk, a database that is away.
    """

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **{"subcommand_metavar": "COMMANDE [ARGUMENTS]", **kwargs})

    def invoke(self, ctx: click.Context) -> Any:
        try:
            return super().invoke(ctx)
        except (HalfReplaced, HalfUpgraded, ContentError, OutOfStep, KeyUnavailable) as error:
            raise WillNotStart(str(error)) from error
        except DomainError as error:
            raise click.ClickException(sentence(error)) from error
        except (OSError, Error) as error:
            if disk.is_full(error):
                raise click.ClickException(DISK_FULL) from error
            if isinstance(error, OperationalError) and connection.vendor == "postgresql":
                said = KEPT_OUT if _is_password_refused() else AWAY
                raise click.ClickException(said) from error
            raise


def _is_password_refused() -> bool:
    """Try once more, for a pool tells nothing of its failures: does PostgreSQL want another
    password, or one?

    An attempt to connect fails without a code (SQLSTATE): libpq tells if a password was asked for,
    and the server says in its language, English or French here, that it was wrong.
    """
    try:
        psycopg.connect(**connection.get_connection_params()).close()
    except psycopg.OperationalError as refused:
        words, tried = str(refused), refused.pgconn
        if tried is None or not tried.used_password:
            return False
        return tried.needs_password or "password auth" in words or "par mot de passe" in words
    return False


def sentence(error: DomainError) -> str:
    """Return what a domain error says, in one line."""
    if isinstance(error, Invalid):
        return " ".join(message for messages in error.errors.values() for message in messages)
    return error.sentence if isinstance(error, Refused) else str(error.args[0])


def site_address(host: str, port: int) -> str:
    """Return the first address that the settings know for this site, or the one it listens to.

    This machine by its name: browsers let no security key serve at an address made of figures.
    """
    name = "localhost" if host == LOOPBACK else host
    return next(iter(settings.CSRF_TRUSTED_ORIGINS), f"http://{name}:{port}").rstrip("/")


def write_text(text: str) -> None:
    """Write plain text: what was typed or received in it is neither markup nor a control code."""
    out.print(CONTROL_CODE.sub("\N{REPLACEMENT CHARACTER}", text), markup=False, soft_wrap=True)


def write_json(value: object) -> None:
    """Write a result for another program, alone on the standard output."""
    click.echo(json.dumps(value, ensure_ascii=False, indent=2))


def progress() -> Progress:
    """Return a progress bar with a figure; nothing is drawn where nobody looks."""
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn())
    return Progress(*columns, console=beside, transient=True, disable=not beside.is_terminal)


def as_json() -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """Add the option `--json` to a command."""
    return click.option("--json", "is_json", is_flag=True, help="Écrit le résultat en JSON.")
