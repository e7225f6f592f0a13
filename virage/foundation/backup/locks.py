"""Who holds the site: programs that serve it share it, what replaces it wants it alone.

A replacement, or an upgrade, that was killed half-way leaves a mark: nothing uses the site until it
is done again.
"""

import fcntl
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

from django.conf import settings

from virage.foundation.backup.rules import BackupFault
from virage.foundation.backup.way_back import way_back
from virage.foundation.durable import sync_folder

_until_the_end = ExitStack()
HALF_REPLACED = (
    "Une restauration s’est arrêtée en chemin : le site n’est pas entier. Recommencez-la : "
    "« virage restore … --replace ». Ce qui était là est gardé dans before-restore-…."
)
HALF_UPGRADED = (
    "Une mise à jour s’est arrêtée en chemin. « virage upgrade », le site étant arrêté, la reprend "
    "et la termine."
)


@contextmanager
def in_service() -> Iterator[None]:
    """Hold the site while it serves; BackupFault while it is being replaced, or half changed.

    A backup is refused too: it could let go of the one that is the way back.
    """
    with _held("service.lock", fcntl.LOCK_SH, "Le site est en cours de remplacement : attendez."):
        require_whole()
        if way_back():
            raise HalfUpgraded(HALF_UPGRADED)
        yield


def hold_in_service() -> None:
    """Hold the site as one that serves until this process ends; BackupFault as `in_service`."""
    _until_the_end.enter_context(in_service())


def is_half_replaced() -> bool:
    """Whether a replacement of the site began and did not come to its end."""
    return _mark().exists()


class HalfReplaced(BackupFault):
    """The site is half replaced, by a restoration that was cut short."""


class HalfUpgraded(BackupFault):
    """The tables are half upgraded, or nothing has verified them since."""


def require_whole() -> None:
    """Raise HalfReplaced for a site that is half replaced."""
    if is_half_replaced():
        raise HalfReplaced(HALF_REPLACED)


def mark_half_replaced() -> None:
    """Write down, durably, that the site is not whole from here on."""
    _mark().touch(mode=0o600)
    sync_folder(_mark().parent)


def mark_whole() -> None:
    """Say that the site is whole again, as it was or replaced."""
    sync_folder(_mark().parent)
    _mark().unlink()
    sync_folder(_mark().parent)


def _mark() -> Path:
    return Path(settings.VIRAGE_HOME) / "half-replaced"


@contextmanager
def out_of_service() -> Iterator[None]:
    """Hold the site alone; BackupFault while a program of this machine serves it."""
    with _held("service.lock", fcntl.LOCK_EX, "Le site est en marche : arrêtez-le d’abord."):
        yield


@contextmanager
def one_backup() -> Iterator[None]:
    """Make one backup at a time."""
    with _held("backup.lock", fcntl.LOCK_EX, "Une sauvegarde est déjà en cours."):
        yield


@contextmanager
def one_change_of_keys() -> Iterator[None]:
    """Change keys once at a time: of two new master keys, one would replace the other."""
    with _held("keys.lock", fcntl.LOCK_EX, "Un changement de clés est déjà en cours."):
        yield


@contextmanager
def _held(name: str, kind: int, refusal: str) -> Iterator[None]:
    with (Path(settings.VIRAGE_HOME) / name).open("a") as file:
        try:
            fcntl.flock(file, kind | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise BackupFault(refusal) from error
        yield
