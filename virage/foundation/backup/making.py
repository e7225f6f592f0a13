"""Making a backup, and proving that it can be read."""

import hashlib
import shutil
import sqlite3
import time
from collections.abc import Iterator, Sequence
from contextlib import suppress
from importlib.metadata import version
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import DatabaseError
from django.utils import timezone
from pyrage.x25519 import Identity, Recipient

from virage.foundation.backup.archive import read_archive, recipients, write_archive
from virage.foundation.backup.database import applied_migrations, copy_database
from virage.foundation.backup.locks import one_backup
from virage.foundation.backup.rules import (
    DATABASE,
    DEMO_MARK,
    HEADS,
    BackupFault,
    Manifest,
    is_place,
    name_at,
    outdated,
    scale_in,
)
from virage.foundation.backup.status import note_backup
from virage.foundation.disk import is_full, why_refused
from virage.foundation.durable import sync_folder
from virage.foundation.encryption.keys import require_master_key
from virage.foundation.encryption.master import KeyUnavailable, print_of
from virage.foundation.encryption.master import keys as master_keys
from virage.foundation.encryption.queries import data_keys_changed
from virage.foundation.journal.heads import FIRST, last_head
from virage.foundation.storage.files import UNFINISHED
from virage.foundation.storage.holders import faults_of_files

KEYS_CHANGED = "Les clés du site ont changé pendant la copie : recommencez."
ENCRYPTED_SINCE = "encryption.0001_initial"
PART = ".virage-backup.part"


def make_backup(folder: Path, keep: int) -> tuple[Path, Manifest]:
    """Write a backup in a folder, read it all again, then let go of those beyond `keep`.

    Raises BackupFault and leaves nothing half-written; of a site whose files cannot all be read,
    the backup is left and no other goes. A key made for this reading alone opens the
    archive beside the owner's, and is forgotten: the machine cannot open its own backups.
    """
    if keep < 1:
        raise BackupFault("Une sauvegarde au moins doit être gardée (VIRAGE_BACKUP_KEEP).")
    own = Identity.generate()
    opened_by = [*recipients(settings.BACKUP_KEYS), own.to_public()]
    with one_backup():
        try:
            return _make(folder, keep, opened_by, own)
        except (OSError, DatabaseError, sqlite3.Error) as error:
            if not isinstance(error, OSError) and not is_full(error):
                raise
            raise BackupFault(
                f"La sauvegarde n’a pas été faite : {_why(error, folder)}. Les précédentes sont "
                "intactes."
            ) from error


def _why(error: Exception, folder: Path) -> str:
    if not isinstance(error, OSError):
        return "le disque est plein"
    return f"{why_refused(error)} ({error.filename or folder})"


def _make(
    folder: Path, keep: int, opened_by: Sequence[Recipient], own: Identity
) -> tuple[Path, Manifest]:
    home = Path(settings.VIRAGE_HOME)
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    while (final := folder / name_at(made_at := timezone.now())).exists():
        time.sleep(0.1)  # named by the second: never one in the place of another
    part = folder / PART
    # In clear for as long as it is being encrypted: never in the folder of the backups.
    scratch = home / "backup-in-progress"
    part.unlink(missing_ok=True)  # left by one that was killed
    shutil.rmtree(scratch, ignore_errors=True)
    scratch.mkdir(mode=0o700)
    try:
        members, said = _gather(scratch)
        write_archive(part, members, said | {"made_at": made_at}, opened_by)
        manifest = read_archive(part, [own])
        part.chmod(0o600)
        part.rename(final)
        sync_folder(folder)
    finally:
        part.unlink(missing_ok=True)
        shutil.rmtree(scratch, ignore_errors=True)
    if faults := list(faults_of_files()):
        raise BackupFault(
            f"Le site est abîmé : {len(faults)} fichier(s) absent(s) ou altéré(s), que « virage "
            f"check » nomme. Il est sauvegardé tel qu’il est dans {final} ; les sauvegardes "
            "d’avant sont toutes gardées."
        )
    for name in outdated((path.name for path in folder.iterdir()), final.name, keep):
        (folder / name).unlink(missing_ok=True)
    note_backup(made_at, final)
    return final, manifest


def _gather(scratch: Path) -> tuple[Iterator[tuple[str, Path]], dict[str, Any]]:
    """Copy what changes, in the order that makes a whole: the heads, then the database.

    The journal in the database holds all that the heads say; a file is there before its row.
    """
    if not applied_migrations():
        raise BackupFault("Il n’y a rien à sauvegarder : ce site n’a pas encore de base.")
    keys, changed = _fingerprint(_keys()), _data_keys_changed()
    last = last_head() or FIRST
    mark = Path(settings.VIRAGE_HOME) / DEMO_MARK
    if Path(settings.JOURNAL_HEADS).exists():
        shutil.copyfile(settings.JOURNAL_HEADS, scratch / HEADS)
    said = {
        "virage": version("virage"),
        "vendor": _vendor(),
        # By what the house holds, whatever the settings of who copies it.
        "is_demo": settings.IS_DEMO or mark.exists(),
        "demo_scale": scale_in(mark.read_text()) if mark.exists() else "",
        "migrations": applied_migrations(),
        "journal_number": last.number,
        "journal_head": last.head,
        "master_keys": [print_of(key) for key in master_keys()],
        "rows": copy_database(scratch / DATABASE),
    }
    if _fingerprint(_keys()) != keys:
        raise BackupFault(KEYS_CHANGED)
    return _members(scratch, changed), said


def _vendor() -> str:
    from_django = settings.DATABASES["default"]["ENGINE"]
    return str(from_django).rsplit(".", 1)[-1]


def _members(scratch: Path, changed: int) -> Iterator[tuple[str, Path]]:
    yield from ((name, scratch / name) for name in (DATABASE, HEADS) if (scratch / name).exists())
    yield from _keys()
    yield from _under(Path(settings.FILES), "files")
    if _data_keys_changed() != changed:
        # The files that follow may be under a key that the copy of the database lacks.
        raise BackupFault(KEYS_CHANGED)


def _data_keys_changed() -> int:
    """Return how many data keys took the place of another; BackupFault when one does not open.

    A former version, backed up before it is upgraded, may have encrypted nothing.
    """
    if ENCRYPTED_SINCE not in applied_migrations():
        return 0
    try:
        require_master_key()
    except KeyUnavailable as error:
        raise BackupFault(f"Rien n’a été sauvegardé. {error}") from error
    return data_keys_changed()


def _keys() -> Iterator[tuple[str, Path]]:
    yield from _under(Path(settings.VIRAGE_HOME) / "keys", "keys")


def _under(folder: Path, name: str) -> Iterator[tuple[str, Path]]:
    """Give the files of a folder; those being written have a temporary name and no row yet."""
    for path in sorted(folder.rglob("*")):
        place = f"{name}/{path.relative_to(folder).as_posix()}"
        if path.is_file() and is_place(place) and not path.name.startswith(UNFINISHED):
            yield place, path


def _fingerprint(members: Iterator[tuple[str, Path]]) -> dict[str, str]:
    found = {}
    for name, path in members:
        with suppress(FileNotFoundError):
            found[name] = hashlib.sha256(path.read_bytes()).hexdigest()
    return found
