"""Killed or out of room in the middle of a write, a backup or a migration, nothing is lost.

Real processes, on a small disk where the machine lets one be mounted: the site's own folder with
SQLite, the space of its tables with PostgreSQL.
"""

import json
import os
import shutil
import sqlite3
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager, suppress
from pathlib import Path

import psycopg
import pyrage
import pytest

from tests.services import postgresql
from tests.services.sites import FOUNDED, Site, database
from virage.settings.environment import WILL_NOT_START

pytestmark = pytest.mark.services
needs_postgresql = pytest.mark.skipif(
    not postgresql.is_installed(),
    reason=f"no PostgreSQL 15: install the Debian package `{postgresql.PACKAGE}`",
)
DATABASES = ["sqlite", pytest.param("postgresql", marks=needs_postgresql)]
SIZE = "80m"
NO_SMALL_DISK = "this machine lets nobody mount a small disk: it takes root, and the right to"
ROOM = 300_000
LARGE_BYTES = 20 * 2**20
# What a former version had not, and this site has not used: each makes tables.
BEFORE = [("agenda", "zero"), ("editions", "zero")]
WITHIN_S = 60

# Several commands in one process, then some code; the first that fails ends it.
COMMANDS = """
import django, json, sys
django.setup()
from virage.cli.commands import virage
for command in json.loads(sys.argv[1]):
    try:
        virage(command)
    except SystemExit as end:
        if end.code:
            raise
"""
# Send one file after another: each is a file, a row, an event and a message, then acknowledged.
WRITE = """
import django, os
django.setup()
from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import HttpResponse
from django.test import Client
from django.urls import path
from django.utils import timezone
from virage import urls
from virage.directory.models import Establishment
from virage.directory.queries import actor_of, system_membership
from virage.exchange.actions import receive_file
plain = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
settings.STORAGES = settings.STORAGES | {"staticfiles": plain}
home = Establishment.objects.get()
actor = actor_of(system_membership(home.operator), timezone.now(), "import")

@login_not_required
def receive(request):
    content = os.urandom(1000)
    return HttpResponse(
        str(receive_file(actor, file_name="a", content=content, establishment=home).pk)
    )

urls.urlpatterns.append(path("recu/", receive))
browser = Client(raise_request_exception=False, headers={"host": "127.0.0.1"})
while (answer := browser.post("/recu/")).status_code == 200:
    print(answer.text, flush=True)
told = ("Le disque est plein", "La base de données ne répond pas")
print(answer.status_code, *[words for words in told if words in answer.text], flush=True)
"""
# Back to the tables of a former version.
BACK = f"""
import django
django.setup()
from django.core.management import call_command
for one in {BEFORE}:
    call_command("migrate", *one, verbosity=0)
"""
DIES_AFTER_THE_LAST_MIGRATION = """
import django, os
django.setup()
from virage.cli import upgrading
from virage.cli.commands import virage
upgrading.seal_journal = lambda: os.kill(os.getpid(), 9)
virage(["upgrade"])
"""
# Whoever signs in, leaves or locks: the status of each, and whether nobody can go on there.
DOORS = """
import django, time
django.setup()
from django.conf import settings
from django.contrib.auth import get_user_model
from django.test import Client
settings.STORAGES = settings.STORAGES | {
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
}
account = get_user_model().objects.exclude(email="").first()
account.set_password("une phrase à moi")
account.save()
there = [Client(raise_request_exception=False, headers={"host": "127.0.0.1"}) for _ in range(4)]
for one in there[1:]:
    one.force_login(account)
    # The last one was left alone since.
    kept = one.session
    kept["seen"] = 0 if one is there[-1] else time.time()
    kept.save()
print("ready", flush=True)
input()
typed = {"login": account.email, "password": "une phrase à moi"}
doors = (("/connexion/", typed), ("/deconnexion/", {}), *[("/verrouiller/", {})] * 2)
for browser, (door, sent) in zip(there, doors):
    answer = browser.post(door, sent)
    kept = browser.cookies.get("sessionid")
    is_shut = not (kept and kept.value) or bool(browser.session.locked_page)
    print(door, answer.status_code, is_shut, flush=True)
"""
# Everything that was acknowledged can be read, and is in the journal.
READ = """
from virage.exchange.models import Import
from virage.foundation.journal.models import JournalEvent
from virage.foundation.storage import files
acknowledged = sys.argv[2:]
rows = Import.objects.in_bulk(acknowledged)
assert len(rows) == len(acknowledged)
assert all(len(files.get(one.digest)) == one.size_bytes for one in Import.objects.all())
assert JournalEvent.objects.filter(action="import.receive").count() == Import.objects.count()
"""


class Place:
    """A site on a small disk, and where its tables and its backups are."""

    def __init__(self, site: Site, small: Path | None, backups: Path) -> None:
        self.site, self.small, self.backups = site, small, backups
        self.acknowledged: list[str] = []

    def python(self, code: str, *arguments: str) -> "subprocess.Popen[str]":
        return subprocess.Popen(
            [sys.executable, "-c", code, *arguments],
            env=self.site.environment | {"DJANGO_SETTINGS_MODULE": "virage.settings.production"},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )

    def write(self) -> "subprocess.Popen[str]":
        return self.python(WRITE)

    def require_sound(self, *before: tuple[str, ...]) -> None:
        """What was acknowledged is there, and the site holds together, after some commands."""
        proofs = [*before, ("check",), ("journal", "seal"), ("journal", "verify")]
        said = end(self.python(COMMANDS + READ, json.dumps(proofs), *self.acknowledged))
        assert "rien n’a bougé" in said

    def migrations(self) -> int:
        """Count what the tables have been through, from outside."""
        counted = "SELECT count(*) FROM django_migrations"
        if url := self.site.environment["VIRAGE_DATABASE_URL"]:
            with psycopg.connect(url) as here:
                (count,) = here.execute(counted).fetchone() or (0,)
        else:
            with closing(sqlite3.connect(self.site.home / "virage.sqlite3")) as file:
                (count,) = file.execute(counted).fetchone()
        return int(count)


def end(process: "subprocess.Popen[str]") -> str:
    """Let a process that must succeed come to its end."""
    written, beside = process.communicate(timeout=2 * WITHIN_S)
    assert process.returncode == 0, written + beside
    return written


def kill(process: "subprocess.Popen[str]", is_reached: Callable[[], bool]) -> None:
    """End a process without a word once it has gone so far, and not further."""
    deadline = time.monotonic() + WITHIN_S
    while not is_reached():
        assert process.poll() is None and time.monotonic() < deadline
        time.sleep(0.001)
    process.kill()
    process.communicate()
    assert process.returncode == -9


def require_backed_up(upgrade: "subprocess.Popen[str]") -> None:
    """Wait until an upgrade has its backup, made or found: it changes the tables from then on."""
    assert upgrade.stdout
    said = upgrade.stdout.readline()
    assert "Sauvegardé et relu" in said or "sauvegardée avant de commencer" in said


@contextmanager
def small_disk() -> Iterator[Path | None]:
    """Give a disk that is soon full, None where nobody may mount one.

    Away from the folders of the tests, which whoever runs others may clear away.
    """
    folder = Path(tempfile.mkdtemp(prefix="virage-small-"))
    mount = ["/usr/bin/mount", "-t", "tmpfs", "-o", f"size={SIZE}", "tmpfs", folder]
    is_mounted = os.geteuid() == 0 and not subprocess.run(mount, capture_output=True).returncode
    try:
        yield folder if is_mounted else None
    finally:
        if is_mounted:
            subprocess.run(["/usr/bin/umount", "--lazy", folder], check=True)
        folder.rmdir()


@contextmanager
def full(small: Path, leaving: int = 0) -> Iterator[None]:
    """Take all the room of a disk but so many bytes, for a time."""
    with tempfile.NamedTemporaryFile(dir=small) as filler:
        room = os.statvfs(small)
        if (taken := room.f_bavail * room.f_frsize - leaving) > 0:
            os.posix_fallocate(filler.fileno(), 0, taken)
        yield


@pytest.fixture(scope="module", params=DATABASES)
def place(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Place]:
    """A site that has lived a little."""
    folder = tmp_path_factory.mktemp("cut_short")
    with small_disk() as mounted, database(request.param) as (url, _):
        small = mounted or folder
        if url:
            url = in_space(url, small) if mounted else url
        home = folder / "home" if url else small / "home"
        key = str(pyrage.x25519.Identity.generate().to_public())
        backups = folder / "backups"
        site = Site(home, url, VIRAGE_BACKUP_KEY=key, VIRAGE_BACKUP_FOLDER=str(backups))
        made = Place(site, mounted, backups)
        made.require_sound(FOUNDED, ("backup",))
        yield made


def in_space(url: str, folder: Path) -> str:
    """Make a database whose tables lie in this folder; its log stays on the large disk."""
    space = folder / "space"
    space.mkdir()
    shutil.chown(space, "postgres", "postgres")
    folder.chmod(0o755)
    with psycopg.connect(url, autocommit=True) as here:
        here.execute(f"CREATE TABLESPACE small LOCATION '{space}'")  # type: ignore[arg-type]
        here.execute("CREATE DATABASE short TABLESPACE small")
    return url.rsplit("/", 1)[0] + "/short"


def test_a_write_then_a_backup_killed_in_the_middle(place: Place) -> None:
    writer = place.write()
    assert writer.stdout
    told = [writer.stdout.readline() for _ in range(20)]
    writer.kill()
    # The last line may have been cut: nobody was told of it.
    told += writer.communicate()[0].splitlines(keepends=True)
    place.acknowledged += [line.strip() for line in told if line.endswith("\n")]
    kept = {path.name: path.read_bytes() for path in place.backups.iterdir()}
    large = place.site.home / "files" / "aa" / "large"
    large.parent.mkdir(exist_ok=True)
    large.write_bytes(os.urandom(LARGE_BYTES))
    part = place.backups / ".virage-backup.part"
    kill(place.site.start("backup"), lambda: part.exists() and part.stat().st_size > 2**20)
    large.unlink()
    assert {path.name: path.read_bytes() for path in place.backups.glob("virage-*")} == kept
    place.require_sound(("backup",))
    assert len([*place.backups.iterdir()]) == 2
    assert not [*place.site.home.glob("*-in-progress")]


def test_a_migration_killed_then_out_of_room(place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(place.site.environment, "VIRAGE_BACKUP_KEEP", "1")
    before = place.migrations()
    end(place.python(BACK))
    older = place.migrations()
    upgrade = place.site.start("upgrade")
    require_backed_up(upgrade)
    (archive,) = place.backups.iterdir()
    kill(upgrade, lambda: place.migrations() > older)
    assert older < place.migrations() < before
    # Neither the service nor the backup of the night comes between.
    for command in ("run", "backup", "check"):
        code, said = place.site.run(command)
        assert code and "virage upgrade" in said, command
    if place.small:
        upgrade = place.site.start("upgrade")
        require_backed_up(upgrade)
        with full(place.small):
            _, said = upgrade.communicate(timeout=WITHIN_S)
            assert upgrade.returncode == 1 and "le disque est plein" in said
        assert place.migrations() < before
    dies = place.python(DIES_AFTER_THE_LAST_MIGRATION)
    dies.communicate(timeout=WITHIN_S)
    assert dies.returncode == -9 and place.migrations() == before
    assert place.site.run("worker")[0] == WILL_NOT_START
    said = place.site.done("upgrade")
    assert f"virage restore {archive} --replace" in said and "Le journal se tient" in said
    assert [*place.backups.iterdir()] == [archive]
    assert "Rien à mettre à jour" in place.site.done("upgrade")
    place.require_sound(("backup",))


def test_a_full_disk_refuses_what_it_cannot_keep(place: Place) -> None:
    if place.small is None:
        pytest.skip(NO_SMALL_DISK)
    aside = place.small / "backups"
    shutil.copytree(place.backups, aside)
    kept = {path.name: path.read_bytes() for path in aside.iterdir()}
    with full(place.small, leaving=ROOM):
        *acknowledged, told = end(place.write()).splitlines()
        assert told == "507 Le disque est plein"
        with full(place.small):
            code, said = place.site.run("backup", "--into", aside)
    assert code == 1
    # PostgreSQL may have no room left even to open a session.
    assert "le disque est plein" in said or "la base de données ne répond pas" in said, said
    assert {path.name: path.read_bytes() for path in aside.iterdir()} == kept
    place.acknowledged += acknowledged
    place.require_sound()


def test_on_a_full_disk_nobody_is_told_of_attempts_nor_left_signed_in(place: Place) -> None:
    if place.small is None:
        pytest.skip(NO_SMALL_DISK)
    doors = place.python(DOORS)
    assert doors.stdout and doors.stdout.readline() == "ready\n"
    with full(place.small):
        written, beside = doors.communicate("\n", timeout=WITHIN_S)
    sign_in, *leaving = written.splitlines()
    assert sign_in == "/connexion/ 507 True", beside
    # PostgreSQL may find some room in the pages that it has.
    assert len(leaving) == 3 and all(one.endswith(("507 True", "302 True")) for one in leaving)


@needs_postgresql
def test_postgresql_ends_itself_rather_than_lose_what_it_kept(tmp_path: Path) -> None:
    """Its own log is on a full disk: it stops, and takes all up again once there is room."""
    with small_disk() as small:
        if small is None:
            pytest.skip(NO_SMALL_DISK)
        small.chmod(0o755)
        # As it is by default: what it acknowledges is in its log.
        with postgresql.running(options=(), on_disk=small) as url:
            site = Site(tmp_path / "home", url)
            place = Place(site, small, tmp_path)
            place.require_sound(FOUNDED)
            writer = place.write()
            assert writer.stdout
            acknowledged = [writer.stdout.readline().strip() for _ in range(5)]
            with psycopg.connect(url, autocommit=True) as here, full(small):
                # The next file of the log is due: there is no room for it.
                with suppress(psycopg.OperationalError):
                    here.execute("SELECT pg_switch_wal()")
                *more, told = end(writer).splitlines()
            # Whoever writes last meets the full disk, or a database that it has already ended.
            assert told in ("503 La base de données ne répond pas", "507 Le disque est plein")
            (cluster,) = small.glob("*/cluster")
            log = str(cluster.parent / "log")
            postgresql.run_program("pg_ctl", "-D", str(cluster), "-w", "-l", log, "restart")
            place.acknowledged += acknowledged + more
            place.require_sound()
