"""What makes a site unfit to serve real people: said at start, before anything is served.

A danger that `stops` keeps the site from starting; the others are told by `virage check
--production`.
"""

import os
import re
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from django.apps import apps
from django.conf import settings
from django.db import DatabaseError
from psycopg.pq import Conninfo

from virage.foundation.backup.archive import recipients
from virage.foundation.backup.rules import DEMO_MARK, BackupFault
from virage.foundation.backup.status import last_backup
from virage.foundation.encryption import master
from virage.foundation.encryption.master import KeyUnavailable

LOOPBACK = frozenset({"127.0.0.1", "localhost", "[::1]", "::1"})
SECRET_LENGTH = 50
SECRET_LETTERS = 10
# Of 32 bytes drawn at random, some thirty differ.
KEY_BYTES_THAT_DIFFER = 10
# A machine without a battery starts in 1970: nothing can be dated there.
NOT_BEFORE = datetime(2026, 1, 1, tzinfo=UTC)
TOKEN_LENGTH = 20
LOCK_MINUTES_AT_MOST = 60
BACKUP_WITHIN = timedelta(hours=26)
FREE_BYTES = 2 * 10**9
MOUNTS = Path("/proc/mounts")
# Several machines reach these; SQLite's shared memory does not.
SHARED_DISKS = (
    *("nfs", "cifs", "smb", "9p", "ceph", "glusterfs", "lustre", "gfs2", "vboxsf", "virtiofs"),
    *("fuse.sshfs", "fuse.ceph", "fuse.glusterfs"),
)


NO_DEMONSTRATION = (
    "VIRAGE_DEMO ne vaut que pour la démonstration, et ce dossier ou cette base n’est pas à elle. "
    "« virage demo » en fait une ailleurs."
)


@dataclass(frozen=True)
class Danger:
    """What is wrong and what to do, in French."""

    text: str
    stops: bool = True


class Unsafe(Exception):
    """The site may not start; its text says why, one danger a line."""


def require_safe() -> None:
    """Raise Unsafe when anything forbids that real people be served, or when what would be served
    as a demonstration is none.
    """
    if settings.IS_DEMO:
        if not is_demonstration():
            raise Unsafe(NO_DEMONSTRATION)
    elif found := [one.text for one in dangers() if one.stops]:
        raise Unsafe("\n".join(found))


def demo_mark() -> Path:
    """Return the file by which a home says that it holds the demonstration, and in which base."""
    return Path(settings.VIRAGE_HOME) / DEMO_MARK


def base_named() -> str:
    """Return what no other base has, the id of its first data key; "" without any."""
    keys = apps.get_model("encryption", "DataKey").objects.order_by("pk")
    try:
        return str(keys.values_list("pk", flat=True).first() or "")
    except DatabaseError:
        return ""


def mark_demonstration(scale: str) -> None:
    """Note in the home that this very base holds the demonstration, and how large it is."""
    demo_mark().write_text(f"{base_named()}\n{scale}\n")


def is_demonstration() -> bool:
    """Whether the demonstration filled this very base: whatever its address, now or before."""
    mark = demo_mark()
    return mark.exists() and mark.read_text().splitlines()[0] == base_named() != ""


def dangers() -> Iterator[Danger]:
    """Return all that is wrong with the settings, the machine and its folders."""
    yield from _settings()
    yield from _address()
    yield from _folders()
    yield from _keys()
    yield from _database()
    yield from _backup()
    if datetime.now(UTC) < NOT_BEFORE:
        yield Danger("L’horloge de la machine est fausse : mettez-la à l’heure.")
    if not settings.MAIL_URL:
        yield Danger(
            "Aucune messagerie (VIRAGE_MAIL_URL) : les liens se remettent en main propre.",
            stops=False,
        )
    if os.geteuid() == 0:
        yield Danger("Le site tourne en root : donnez-lui son propre compte.", stops=False)


def _settings() -> Iterator[Danger]:
    if settings.DEBUG:
        yield Danger("Le mode de mise au point est en marche (DEBUG) : il montre tout à tous.")
    secret = settings.SECRET_KEY
    if len(secret) < SECRET_LENGTH or len(set(secret)) < SECRET_LETTERS:
        yield Danger(
            f"VIRAGE_SECRET_KEY se devine : {SECRET_LENGTH} caractères au hasard au moins, ou "
            "aucun pour que le site en fasse un."
        )

    if not 1 <= settings.LOCK_MINUTES <= LOCK_MINUTES_AT_MOST:
        yield Danger(
            f"Une session délaissée se verrouille après {settings.LOCK_MINUTES} minutes "
            f"(VIRAGE_LOCK_MINUTES) : entre 1 et {LOCK_MINUTES_AT_MOST}."
        )
    if settings.METRICS_TOKEN and len(settings.METRICS_TOKEN) < TOKEN_LENGTH:
        yield Danger(
            f"VIRAGE_METRICS_TOKEN se devine : {TOKEN_LENGTH} caractères au hasard au moins."
        )
    mail = urlsplit(settings.MAIL_URL)
    if mail.scheme == "smtp" and mail.hostname not in LOOPBACK:
        yield Danger(
            f"Les courriels vont en clair jusqu’à {mail.hostname} : smtp+starttls:// ou smtps:// "
            "dans VIRAGE_MAIL_URL."
        )


def _address() -> Iterator[Danger]:
    hosts = {host for host in settings.ALLOWED_HOSTS if host}
    if not hosts or any("*" in host or host.rfind(".") == 0 for host in hosts):  # « .fr »
        yield Danger("VIRAGE_HOSTS accepte n’importe quel nom : donnez ceux du site.")
    origins = [urlsplit(origin) for origin in settings.CSRF_TRUSTED_ORIGINS]
    if any("*" in str(origin.hostname) for origin in origins):
        yield Danger("VIRAGE_ORIGINS accepte n’importe quel nom : donnez ceux du site.")
    if not any(origin.scheme == "https" for origin in origins):
        if not settings.INSECURE_HTTP:
            yield Danger(
                "Aucune adresse https dans VIRAGE_ORIGINS : les mots de passe passeraient en "
                "clair. Pour un essai sur cette seule machine : VIRAGE_INSECURE_HTTP=1."
            )
        elif hosts - LOOPBACK:
            yield Danger(
                "VIRAGE_INSECURE_HTTP ne vaut que pour un essai sur cette machine : VIRAGE_HOSTS "
                "ne doit nommer qu’elle (127.0.0.1, localhost)."
            )
    for origin in origins:
        if origin.scheme == "http" and origin.hostname not in LOOPBACK:
            yield Danger(f"VIRAGE_ORIGINS donne une adresse en clair : {origin.geturl()}.")
        elif not _is_served(str(origin.hostname), hosts):
            yield Danger(f"VIRAGE_HOSTS ne nomme pas {origin.hostname}, que VIRAGE_ORIGINS donne.")


def _is_served(name: str, hosts: set[str]) -> bool:
    return any(name == host or (host[0] == "." and name.endswith(host)) for host in hosts)


def _folders() -> Iterator[Danger]:
    home = Path(settings.VIRAGE_HOME)
    keys = home / "keys"
    for path in (home, keys, *sorted(keys.glob("*"))):
        if path.exists() and path.stat().st_mode & 0o077:
            mode = 700 if path.is_dir() else 600
            yield Danger(
                f"{path} est lisible par d’autres comptes de la machine (chmod {mode} {path})."
            )
    if demo_mark().exists():
        yield Danger(
            f"{home} contient la démonstration, dont les mots de passe sont connus : choisissez "
            "un autre VIRAGE_HOME."
        )
    if shutil.disk_usage(home).free < FREE_BYTES:
        yield Danger(f"Il reste moins de {FREE_BYTES // 10**9} Go sur {home}.", stops=False)
    heads = Path(settings.JOURNAL_HEADS)
    if not _may_write(heads):
        yield Danger(
            f"Les têtes du journal ne peuvent pas s’écrire dans {heads} (VIRAGE_JOURNAL_HEADS) : "
            "plus rien n’y serait scellé. Donnez ce dossier au compte du site, et nommez-le dans "
            "ReadWritePaths de virage.service."
        )
    elif heads.parent.exists() and heads.parent.stat().st_dev == home.stat().st_dev:
        yield Danger(
            "Les têtes du journal sont sur le même disque que la base : qui efface l’une efface "
            "l’autre (VIRAGE_JOURNAL_HEADS).",
            stops=False,
        )


def _may_write(file: Path) -> bool:
    """Whether a file may be written, or made with the folders that it lacks; touches nothing."""
    there = next(one for one in (file, *file.parents) if os.access(one, os.F_OK))
    return os.access(there, os.W_OK) and (there == file or there.is_dir())


def _keys() -> Iterator[Danger]:
    try:
        given = master.keys()
    except KeyUnavailable as error:
        yield Danger(str(error))
        return
    if any(len(set(key)) < KEY_BYTES_THAT_DIFFER for key in given):
        yield Danger("La clé maîtresse se devine : prenez celle que le site fait de lui-même.")
    if not given and Path(settings.MASTER_KEY_FILE).exists():
        yield Danger(
            f"{settings.MASTER_KEY_FILE} est vide : remettez la clé maîtresse de la sauvegarde."
        )


def _database() -> Iterator[Danger]:
    place = settings.DATABASES["default"]
    if not place["ENGINE"].endswith("sqlite3"):
        asked = _given_to_libpq(place)
        hosts = [asked["service"], *f"{asked['host']},{asked['hostaddr']}".split(",")]
        far = [host for host in hosts if host and host not in LOOPBACK and host[0] != "/"]
        if asked["service"]:  # its file, which is not read here, goes before the environment
            asked["sslmode"] = place["OPTIONS"].get("sslmode", "")
        if far and asked["sslmode"] not in ("verify-full", "verify-ca"):
            yield Danger(
                f"La base {far[0]} est jointe sans vérifier qui répond : ajoutez "
                "?sslmode=verify-full à VIRAGE_DATABASE_URL."
            )
        return
    file = Path(place["NAME"])
    if file.exists() and file.stat().st_mode & 0o077 and file.parent.stat().st_mode & 0o077:
        yield Danger(f"La base {file} est lisible par d’autres comptes (chmod 600 {file}).")
    kind = disk_kind(file.parent)
    if kind.startswith(SHARED_DISKS):
        yield Danger(
            f"La base SQLite est sur un disque partagé ({kind}), qui l’abîmerait : mettez-la sur "
            "un disque de cette machine, ou passez à PostgreSQL."
        )


def _given_to_libpq(place: dict[str, Any]) -> dict[str, str]:
    """Return what says where the database is and how it is joined: the address, what follows `?` in
    it, and for the rest the variables of the environment that libpq reads.
    """
    told = {one.keyword.decode(): (one.val or b"").decode() for one in Conninfo.get_defaults()}
    asked = {**place["OPTIONS"], **({"host": place["HOST"]} if place["HOST"] else {})}
    names = ("service", "host", "hostaddr", "sslmode")
    return {name: str(asked.get(name) or told.get(name, "")) for name in names}


def disk_kind(folder: Path) -> str:
    """Return the kind of file system that holds a folder, as Linux names it; "" if unknown."""
    if not MOUNTS.exists():
        return ""
    # There a space is written as its octal code.
    told = [line.split()[1:3] for line in MOUNTS.read_text().splitlines()]
    held = [
        (re.sub(r"\\(\d{3})", lambda m: chr(int(m[1], 8)), place), kind) for place, kind in told
    ]
    above = {str(one) for one in (folder.resolve(), *folder.resolve().parents)}
    return max((one for one in held if one[0] in above), key=lambda one: len(one[0]))[1]


def _backup() -> Iterator[Danger]:
    if settings.BACKUP_KEEP < 1:
        yield Danger("VIRAGE_BACKUP_KEEP : une sauvegarde au moins doit être gardée.")
    if not settings.BACKUP_KEYS:
        yield Danger("Aucune sauvegarde : commencez par « virage backup key ».", stops=False)
        return
    try:
        recipients(settings.BACKUP_KEYS)
    except BackupFault as error:
        yield Danger(str(error))
    last = last_backup()
    if last is None or datetime.now(UTC) - last.made_at > BACKUP_WITHIN:
        when = f"la dernière est du {last.made_at:%d/%m/%Y}" if last else "il n’y en a pas encore"
        yield Danger(f"Aucune sauvegarde depuis hier : {when}.", stops=False)
    folder = Path(settings.BACKUP_FOLDER)
    home = Path(settings.VIRAGE_HOME)
    if not folder.exists() or folder.stat().st_dev == home.stat().st_dev:
        yield Danger(
            "Les sauvegardes sont sur le même disque que le site (VIRAGE_BACKUP_FOLDER).",
            stops=False,
        )
