"""A site is copied while it runs, and comes back equal elsewhere: on both databases."""

import base64
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pyrage
import pytest

from tests.services import postgresql
from tests.services.sites import FOUNDED, Site, database
from virage.settings.environment import WILL_NOT_START

needs_postgresql = pytest.mark.skipif(
    not postgresql.is_installed(),
    reason=f"no PostgreSQL 15: install the Debian package `{postgresql.PACKAGE}`",
)
# Each test takes up the sites where the one before left them.
pytestmark = [pytest.mark.services, pytest.mark.xdist_group("backup")]
HELD_WITHIN_S = 90
IDENTITY = pyrage.x25519.Identity.generate()
DATABASES = ["sqlite", pytest.param("postgresql", marks=needs_postgresql)]


@pytest.fixture(scope="module", params=DATABASES)
def addresses(request: pytest.FixtureRequest) -> Iterator[list[str]]:
    with database(request.param) as found:
        yield found


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("sites")


@pytest.fixture(scope="module")
def key(folder: Path) -> Path:
    """The recovery key, as whoever restores has it."""
    path = folder / "recovery"
    path.write_text(f"# au coffre\n{IDENTITY}\n")
    return path


@pytest.fixture(scope="module")
def site(folder: Path, addresses: list[str]) -> Site:
    """A site that has lived: an account, a record with its files, a sealed journal."""
    kept = {"VIRAGE_BACKUP_KEY": str(IDENTITY.to_public()), "VIRAGE_BACKUP_KEEP": "2"}
    home = folder / ("postgresql" if addresses[0] else "sqlite")
    made = Site(home, addresses[0], **kept)
    made.found(folder)
    return made


@pytest.fixture(scope="module")
def archive(site: Site) -> Path:
    assert "Sauvegardé et relu" in site.done("backup")
    (made,) = (site.home / "backups").iterdir()
    return made


def latest_of(site: Site) -> Path:
    """The latest backup of a site; one is made if a test runs alone."""
    backups = site.home / "backups"
    if not backups.exists():
        site.done("backup")
    return max(backups.glob("virage-*"))


def contents(site: Site) -> dict[str, bytes]:
    """Everything that a site stores but its database, by name."""
    found = [*(site.home / "files").rglob("*"), *(site.home / "keys").rglob("*")]
    found += [site.home / "journal.heads"]
    return {str(p.relative_to(site.home)): p.read_bytes() for p in found if p.is_file()}


def test_it_comes_back_equal_and_proved(
    site: Site, archive: Path, key: Path, folder: Path, addresses: list[str]
) -> None:
    assert oct(archive.stat().st_mode)[-3:] == "600"
    assert "entière et intacte" in site.done("backup", "verify", archive, "--key", key)
    other = Site(site.home.with_suffix(".restored"), addresses[1])
    said = other.done("restore", archive, "--key", key)
    # The secret that the command itself had just made there is nobody's.
    assert "remis en place" in said and "est gardé" not in said
    assert not [*other.home.glob("before-restore-*")]
    assert len(contents(other)) > 4
    assert contents(other) == contents(site)
    other.done("check")
    assert "rien n’a bougé" in other.done("journal", "verify")
    assert export(other) == export(site)
    # A second time it would erase a site: it asks, then keeps what was there.
    code, said = other.run("restore", archive, "--key", key)
    assert code == 1 and "--replace" in said
    assert "est gardé" in other.done("restore", archive, "--key", key, "--replace")
    other.done("check")
    if addresses[1]:
        with psycopg.connect(addresses[1]) as here:
            schemas = here.execute("SELECT nspname FROM pg_namespace WHERE nspname ~ '^before_'")
            assert len(schemas.fetchall()) == 1
    else:
        (aside,) = other.home.glob("before-restore-*/virage.sqlite3")


def export(site: Site) -> str:
    return site.done("journal", "export")


def test_a_backup_that_does_not_hold_changes_nothing(
    site: Site, archive: Path, key: Path, folder: Path
) -> None:
    before = contents(site)
    bad = folder / "bad.tar.age"
    bad.write_bytes(archive.read_bytes()[:-100])
    code, said = site.run("restore", bad, "--key", key, "--replace")
    assert code == 1 and "altérée ou incomplète" in said
    assert contents(site) == before
    assert not [*site.home.glob("before-restore-*"), *site.home.glob("*-in-progress")]
    site.done("check")


def test_the_latest_are_kept_and_a_failure_keeps_them(site: Site, archive: Path) -> None:
    backups = site.home / "backups"
    foreign = backups / "photo.jpg"
    foreign.touch()
    for _ in range(2):
        site.done("backup")
    kept = sorted(path.name for path in backups.glob("virage-*"))
    assert len(kept) == 2 and foreign.exists()
    lost = Site(site.home, site.environment["VIRAGE_DATABASE_URL"])
    code, said = lost.run("backup")
    assert code == 1 and "VIRAGE_BACKUP_KEY" in said
    assert sorted(path.name for path in backups.glob("virage-*")) == kept
    assert not [*backups.glob(".*")]


def test_any_age_tool_opens_it(site: Site, key: Path, folder: Path) -> None:
    if not shutil.which("age"):
        pytest.skip("no age: install the Debian package `age`")
    latest = latest_of(site)
    clear = folder / "clear.tar"
    subprocess.run(["/usr/bin/age", "-d", "-i", key, "-o", clear, latest], check=True)
    names = subprocess.run(
        ["/usr/bin/tar", "-tf", clear], check=True, capture_output=True, text=True
    )
    assert {"database", "journal.heads", "manifest.json", "keys/journal_key"} <= set(
        names.stdout.split()
    )


@pytest.mark.parametrize("server", ["worker", "any web server"])
def test_a_site_in_service_is_not_replaced(site: Site, key: Path, server: str) -> None:
    archive = latest_of(site)
    running = site.start("worker") if server == "worker" else _any_server(site)
    try:
        deadline = time.monotonic() + HELD_WITHIN_S
        while not _is_held(site):
            assert running.poll() is None and time.monotonic() < deadline
            time.sleep(0.05)
        code, said = site.run("restore", archive, "--key", key, "--replace")
        assert code == 1 and "en marche" in said
        site.done("backup")
    finally:
        running.terminate()
        running.communicate(timeout=60)


def _any_server(site: Site) -> "subprocess.Popen[str]":
    """Serve the site by its web entry point alone, as somebody else's server would."""
    listens = ("--interface", "wsgi", "--port", str(postgresql.free_port()))
    return subprocess.Popen(
        [sys.executable, "-m", "granian", *listens, "virage.wsgi:application"],
        env=site.environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )


def _is_held(site: Site) -> bool:
    """Whether a process holds the site, as the kernel says: trying the lock could refuse it."""
    lock = site.home / "service.lock"
    held = [line.split() for line in Path("/proc/locks").read_text().splitlines()]
    return lock.exists() and any(
        line[5].endswith(f":{lock.stat().st_ino}") for line in held if line[1] == "FLOCK"
    )


@pytest.fixture
def double(site: Site, folder: Path) -> Iterator[Site]:
    """The same site in another folder, to be damaged."""
    environment = {k: v for k, v in site.environment.items() if k.startswith("VIRAGE_")}
    url = environment.pop("VIRAGE_DATABASE_URL")
    made = Site(folder / "double", url, **environment | {"VIRAGE_HOME": str(folder / "double")})
    shutil.copytree(site.home, made.home)
    made.environment["VIRAGE_BACKUP_KEEP"] = "1"
    yield made
    shutil.rmtree(made.home)


def backups_of(site: Site) -> set[str]:
    return {path.name for path in (site.home / "backups").glob("virage-*")}


def test_a_destroyed_site_does_not_push_its_backups_out(double: Site, archive: Path) -> None:
    before = backups_of(double)
    noted = (double.home / "last_backup.json").read_bytes()
    for path in (double.home / "files").rglob("*"):
        if path.is_file():
            path.write_bytes(b"encrypted by someone else")
    code, said = double.run("backup")
    assert code == 1 and "abîmé" in said
    assert before < backups_of(double)
    kept = backups_of(double)
    master = double.home / "keys" / "master_key"
    master.write_text("garbage")
    code, said = double.run("backup")
    assert code == 1 and "clé maîtresse" in said
    master.unlink()
    code, said = double.run("backup")
    assert code == 1 and "clé maîtresse" in said
    assert backups_of(double) == kept
    assert (double.home / "last_backup.json").read_bytes() == noted


def test_a_restoration_killed_half_way_is_told_until_it_is_done_again(
    double: Site, key: Path, addresses: list[str]
) -> None:
    if addresses[0]:
        pytest.skip("SQLite alone: it is killed between two renamings of the file of the database")
    killed = (
        "import os, sys; from pathlib import Path; rename = Path.rename\n"
        "def dies(self, to):\n"
        "    rename(self, to)\n"
        "    if self.name == 'virage.sqlite3': os.kill(os.getpid(), 9)\n"
        "Path.rename = dies\n"
        "from virage.cli import main; main()"
    )
    latest = max((double.home / "backups").glob("virage-*"))
    arguments = ["restore", latest, "--key", key, "--replace"]
    died = subprocess.run(
        [sys.executable, "-c", killed, *map(str, arguments)], env=double.environment
    )
    assert died.returncode == -signal.SIGKILL
    commands = [["run"], ["worker"], ["check"], ["backup"], ["upgrade"], [*FOUNDED]]
    commands += [["journal", "seal"], ["keys", "rotate-master"], ["link", "a@example.org"]]
    for command in commands:
        code, said = double.run(*command)
        assert code in (1, WILL_NOT_START) and "n’est pas entier" in said, command
    served = _any_server(double)
    assert "n’est pas entier" in served.communicate(timeout=60)[0]
    assert served.returncode != 0
    assert not (double.home / "virage.sqlite3").exists()
    double.done(*arguments)
    double.done("check")
    assert len(list(double.home.glob("before-restore-*/virage.sqlite3"))) == 1


def test_a_backup_of_the_demonstration_never_becomes_a_site(
    double: Site, key: Path, folder: Path, addresses: list[str]
) -> None:
    """Its passwords are known to all; whoever copies it by the commands of a site included."""
    (double.home / "demonstration").write_text("a base\nregion\n")
    double.done("backup")
    latest = max((double.home / "backups").glob("virage-*"))
    arguments = ("restore", latest, "--key", key, "--replace")
    code, said = Site(folder / "of-a-demo", addresses[1]).run(*arguments)
    assert code == 1 and "vient d’une démonstration" in said
    again = Site(folder / "of-a-demo", addresses[1], VIRAGE_DEMO="1")
    again.done(*arguments)
    assert (again.home / "demonstration").read_text().splitlines()[1] == "region"


def test_a_link_stays_one_and_another_master_key_changes_nothing(
    site: Site, folder: Path, key: Path, addresses: list[str]
) -> None:
    folder = Path(tempfile.mkdtemp(dir=folder))
    home = folder / "linked"
    home.mkdir(mode=0o700)
    (folder / "elsewhere").mkdir(mode=0o700)
    (home / "files").symlink_to(folder / "elsewhere")
    latest = latest_of(site)
    arguments = ("restore", latest, "--key", key, "--replace")
    other_key = Site(home, addresses[1], VIRAGE_MASTER_KEY=base64.b64encode(b"k" * 32).decode())
    code, said = other_key.run(*arguments)
    assert code == 1 and "clé maîtresse" in said
    assert not list((folder / "elsewhere").iterdir())
    heads = folder / "not" / "made" / "yet" / "heads"
    linked = Site(home, addresses[1], VIRAGE_JOURNAL_HEADS=str(heads))
    linked.done(*arguments)
    assert heads.exists()
    assert (home / "files").is_symlink() and any((folder / "elsewhere").iterdir())
    linked.done("check")
