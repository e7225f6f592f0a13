"""Putting a backup back: whole, after all of it was read and proved, or not at all."""

import os
import shutil
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import IO

from django.conf import settings
from django.db import connection
from django.db.migrations.loader import MigrationLoader
from django.utils import timezone
from pyrage.x25519 import Identity

from virage.foundation.backup.archive import Place, read_archive
from virage.foundation.backup.database import check_sqlite, let_go, put_postgresql
from virage.foundation.backup.locks import is_half_replaced, mark_half_replaced, mark_whole
from virage.foundation.backup.rules import DATABASE, HEADS, BackupFault, Manifest
from virage.foundation.disk import why_refused
from virage.foundation.durable import sync_folder
from virage.foundation.encryption.master import KeyUnavailable, keys_in, print_of


def restore(
    archive: Path, identities: Sequence[Identity], *, is_replacing: bool, is_empty: bool
) -> tuple[Manifest, Path | None]:
    """Put a backup in the place of this site, once it has been read whole and checked.

    For whoever holds the site alone, and calls `mark_whole` once the site may serve again. What was
    there is set aside, in the folder returned, never erased. Raises BackupFault with the site as it
    was: a site that holds something is replaced only when asked to.
    """
    home = Path(settings.VIRAGE_HOME)
    has_files = any(Path(settings.FILES).rglob("*"))
    if not is_replacing and (has_files or not is_empty):
        raise BackupFault(
            "Ce site contient déjà des données. Pour les remplacer, en les gardant de côté : "
            "--replace."
        )
    staging = home / "restore-in-progress"
    shutil.rmtree(staging, ignore_errors=True)  # left by one that was killed
    staging.mkdir(mode=0o700)
    try:
        manifest = read_archive(archive, identities, _placed_in(staging))
        _require_fit(manifest, staging)
        _require_master_key(manifest, staging)
        _require_movable(home, manifest.vendor)
        aside = _swap(home, staging, manifest)
        if aside and not is_replacing and _holds_a_secret_alone(aside):
            shutil.rmtree(aside, ignore_errors=True)
            aside = None
        return manifest, aside
    except OSError as error:
        raise BackupFault(
            f"Rien n’a été restauré : {why_refused(error)} ({error.filename or home})."
        ) from error
    finally:
        shutil.rmtree(staging, ignore_errors=True)


def verify(archive: Path, identities: Sequence[Identity]) -> Manifest:
    """Read all of a backup and check it against its manifest; BackupFault when it does not hold."""
    try:
        return read_archive(archive, identities)
    except OSError as error:
        raise BackupFault(f"{archive} : {why_refused(error)}.") from error


def _placed_in(folder: Path) -> Place:
    return lambda name: _writing(folder / name)


def _require_fit(manifest: Manifest, staging: Path) -> None:
    engine = str(settings.DATABASES["default"]["ENGINE"]).rsplit(".", 1)[-1]
    if manifest.vendor != engine:
        raise BackupFault(
            f"Cette sauvegarde vient d’une base {manifest.vendor} ; celle-ci est {engine}."
        )
    if manifest.is_demo and not settings.IS_DEMO:
        raise BackupFault(
            "Cette sauvegarde vient d’une démonstration, dont chacun connaît les mots de passe"
            "\u00a0: elle ne devient pas un site."
        )
    known = {f"{app}.{name}" for app, name in MigrationLoader(None).disk_migrations}
    if unknown := set(manifest.migrations) - known:
        raise BackupFault(
            f"Cette sauvegarde vient d’une version plus récente de Virage ({manifest.virage}), qui "
            f"a {len(unknown)} évolution(s) de plus : installez-la d’abord."
        )
    if engine == "sqlite3" and check_sqlite(staging / DATABASE) != manifest.rows:
        raise BackupFault("La base sauvegardée n’a pas les lignes annoncées.")


def _require_master_key(manifest: Manifest, staging: Path) -> None:
    """Refuse a backup that this site could not read: its master key came from the environment."""
    held = staging / "keys" / "master_key"
    given = settings.MASTER_KEY or (held.read_text() if held.exists() else "")
    try:
        prints = [print_of(key) for key in keys_in(given)]
    except KeyUnavailable as error:
        raise BackupFault(str(error)) from error
    if missing := [one for one in manifest.master_keys if one not in prints]:
        raise BackupFault(
            f"La clé maîtresse {missing[0]} de cette sauvegarde n’est pas celle de ce site : "
            "donnez-la par VIRAGE_MASTER_KEY, ou retirez cette variable si elle y est."
        )


def _folders(home: Path) -> list[tuple[str, Path]]:
    """Return what is exchanged beside the database, where it really is: a link stays a link."""
    return [("files", Path(settings.FILES).resolve()), ("keys", (home / "keys").resolve())]


def _sqlite_file() -> Path:
    return Path(connection.settings_dict["NAME"]).resolve()


def _require_movable(home: Path, vendor: str) -> None:
    """Refuse what could not be exchanged by renaming: a disk of its own."""
    places = [here for _, here in _folders(home)]
    if vendor == "sqlite3":
        places.append(_sqlite_file())
    for here in places:
        if here.is_mount() or here.parent.stat().st_dev != home.stat().st_dev:
            raise BackupFault(
                f"{here} est sur un autre disque que {home} : rien n’a été touché. Restaurez dans "
                "un VIRAGE_HOME d’un seul disque, puis remettez ce disque à sa place."
            )


def _swap(home: Path, staging: Path, manifest: Manifest) -> Path | None:
    """Exchange what is there and what was staged; back again if any step fails."""
    stamp = f"{timezone.now():%Y%m%dt%H%M%S}"
    aside = home / f"before-restore-{stamp}"
    undo: list[Callable[[], object]] = []
    let_go()
    was_whole = not is_half_replaced()
    mark_half_replaced()
    try:
        aside.mkdir(mode=0o700)
        undo.append(aside.rmdir)
        for name, here in _folders(home):
            _exchange(staging / name, here, aside / name, undo)
        heads = Path(settings.JOURNAL_HEADS)
        # Those that are there stay: beyond the copy, they tell what it lacks.
        if not heads.exists() and (staging / HEADS).exists():
            heads.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
            shutil.copyfile(staging / HEADS, heads)
            heads.chmod(0o600)
            undo.append(heads.unlink)
        if manifest.vendor == "sqlite3":
            here = _sqlite_file()
            for suffix in ("-wal", "-shm"):
                beside = here.with_name(here.name + suffix)
                _exchange(staging / "none", beside, aside / beside.name, undo)
            _exchange(staging / DATABASE, here, aside / here.name, undo)
        else:
            put_postgresql(staging / DATABASE, manifest.rows, f"before_restore_{stamp}")
    except BaseException:
        for step in reversed(undo):
            step()
        if was_whole:
            mark_whole()
        raise
    sync_folder(home)
    if any(aside.iterdir()):
        return aside
    aside.rmdir()
    return None


def _holds_a_secret_alone(aside: Path) -> bool:
    """Whether this is what any command makes as it starts where there is no site."""
    files = [path for path in aside.rglob("*") if not path.is_dir()]
    return files == [aside / "keys" / "secret_key"]


def _exchange(new: Path, here: Path, aside: Path, undo: list[Callable[[], object]]) -> None:
    """Rename, never copy: each step is done or not, and the way back is known before it."""
    for source, target in ((here, aside), (new, here)):
        if source.exists():
            undo.append(partial(_rename_back, target, source))
            source.rename(target)


def _rename_back(target: Path, source: Path) -> None:
    if target.exists():
        target.rename(source)


@contextmanager
def _writing(path: Path) -> Iterator[IO[bytes]]:
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    with path.open("xb") as file:
        path.chmod(0o600)
        yield file
        file.flush()
        os.fsync(file.fileno())
