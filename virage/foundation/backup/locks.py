"""Who holds the site: programs that serve it share it, what replaces it wants it alone."""

import fcntl
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from django.conf import settings

from virage.foundation.backup.rules import BackupFault


@contextmanager
def in_service() -> Iterator[None]:
    """Hold the site while it serves; BackupFault while it is being replaced."""
    with _held("service.lock", fcntl.LOCK_SH, "Le site est en cours de remplacement : attendez."):
        yield


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
def _held(name: str, kind: int, refusal: str) -> Iterator[None]:
    with (Path(settings.VIRAGE_HOME) / name).open("a") as file:
        try:
            fcntl.flock(file, kind | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise BackupFault(refusal) from error
        yield
