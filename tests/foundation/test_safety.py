"""A site that would not be safe does not start, and says what to do."""

import os
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from virage.foundation import safety
from virage.foundation.backup.status import note_backup
from virage.settings.database import database_from_url

FAR = "postgresql://virage:x@10.0.0.4:5432/virage"
AGE = "age1ql3z7hjy54pw3hyww5ayyfg7zqgvc7w3j2elw8zmrj2kg5sfn9aqmcac8p"


@pytest.fixture(autouse=True)
def site(settings: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Any:
    """A site that nothing can be said against, but its one disk."""
    tmp_path.chmod(0o700)
    (tmp_path / "keys").mkdir(mode=0o700)
    monkeypatch.setattr("os.geteuid", lambda: 1000)
    monkeypatch.setattr(safety, "base_named", lambda: "this one")
    settings.VIRAGE_HOME = tmp_path
    settings.MASTER_KEY = ""
    settings.MASTER_KEY_FILE = tmp_path / "keys" / "master_key"
    note_backup(datetime.now(UTC), tmp_path)
    sound = SimpleNamespace(
        IS_DEMO=False,
        DEBUG=False,
        VIRAGE_HOME=tmp_path,
        JOURNAL_HEADS=Path("/dev/shm/virage-of-the-tests/heads"),  # noqa: S108
        SECRET_KEY="".join(map(chr, range(40, 100))),
        ALLOWED_HOSTS=["dossier.example"],
        CSRF_TRUSTED_ORIGINS=["https://dossier.example"],
        INSECURE_HTTP=False,
        DATABASES={"default": database_from_url(f"sqlite:///{tmp_path}/virage.sqlite3")},
        MAIL_URL="smtps://relay.example",
        METRICS_TOKEN="",
        LOCK_MINUTES=10,
        MASTER_KEY_FILE=tmp_path / "keys" / "master_key",
        BACKUP_KEEP=30,
        BACKUP_KEYS=[AGE],
        BACKUP_FOLDER=tmp_path / "backups",
    )
    monkeypatch.setattr(safety, "settings", sound)
    return sound


def said(*, stops: bool) -> list[str]:
    return [one.text for one in safety.dangers() if one.stops == stops]


def test_a_sound_site_starts() -> None:
    safety.require_safe()
    (only,) = said(stops=False)
    assert "VIRAGE_BACKUP_FOLDER" in only


UNSAFE: dict[str, tuple[Callable[[Any], object], str]] = {
    "debug": (lambda s: setattr(s, "DEBUG", True), "mise au point"),
    "short": (lambda s: setattr(s, "SECRET_KEY", "abcdefghijkl"), "se devine"),
    "same letter": (lambda s: setattr(s, "SECRET_KEY", "a" * 80), "se devine"),
    "any host": (lambda s: setattr(s, "ALLOWED_HOSTS", ["*"]), "n’importe quel nom"),
    "any name of France": (lambda s: s.ALLOWED_HOSTS.append(".fr"), "n’importe quel nom"),
    "any origin": (
        lambda s: (
            setattr(s, "ALLOWED_HOSTS", [".dossier.example"]),
            setattr(s, "CSRF_TRUSTED_ORIGINS", ["https://*.dossier.example"]),
        ),
        "VIRAGE_ORIGINS accepte",
    ),
    "no host": (lambda s: setattr(s, "ALLOWED_HOSTS", [""]), "n’importe quel nom"),
    "no https": (lambda s: setattr(s, "CSRF_TRUSTED_ORIGINS", []), "VIRAGE_INSECURE_HTTP=1"),
    "clear": (
        lambda s: s.CSRF_TRUSTED_ORIGINS.append("http://dossier.example"),
        "une adresse en clair",
    ),
    "two names": (
        lambda s: setattr(s, "CSRF_TRUSTED_ORIGINS", ["https://other.example"]),
        "ne nomme pas other.example",
    ),
    "home": (lambda s: s.VIRAGE_HOME.chmod(0o750), "chmod 700"),
    "keys": (lambda s: (s.VIRAGE_HOME / "keys" / "k").touch(0o644), "chmod 600"),
    "key of noughts": (lambda s: s.MASTER_KEY_FILE.write_text("A" * 43 + "="), "se devine"),
    "empty key": (lambda s: s.MASTER_KEY_FILE.touch(0o600), "est vide"),
    "heads": (
        lambda s: (
            setattr(s, "JOURNAL_HEADS", s.VIRAGE_HOME / "taken" / "heads"),
            (s.VIRAGE_HOME / "taken").touch(0o600),
        ),
        "VIRAGE_JOURNAL_HEADS.*ReadWritePaths",
    ),
    "database": (
        lambda s: (s.VIRAGE_HOME.chmod(0o755), (s.VIRAGE_HOME / "virage.sqlite3").touch(0o644)),
        "chmod 600 .*virage.sqlite3",
    ),
    "no public key": (lambda s: setattr(s, "BACKUP_KEYS", ["age1x"]), "VIRAGE_BACKUP_KEY"),
    "none kept": (lambda s: setattr(s, "BACKUP_KEEP", 0), "VIRAGE_BACKUP_KEEP"),
    "clear mail": (lambda s: setattr(s, "MAIL_URL", "smtp://relay.example"), "en clair"),
    "token": (lambda s: setattr(s, "METRICS_TOKEN", "short"), "VIRAGE_METRICS_TOKEN"),
    "lock": (lambda s: setattr(s, "LOCK_MINUTES", 100_000), "VIRAGE_LOCK_MINUTES"),
    "far database": (
        lambda s: setattr(s, "DATABASES", {"default": database_from_url(FAR)}),
        "sslmode=verify-full",
    ),
    "demo": (lambda s: (s.VIRAGE_HOME / "demonstration").touch(), "démonstration"),
}


@pytest.mark.parametrize(
    "asked", ["/virage?host=10.0.0.5", "localhost/virage?hostaddr=10.0.0.5", "/virage?service=far"]
)
def test_a_far_database_is_far_however_it_is_named(site: Any, asked: str) -> None:
    site.DATABASES = {"default": database_from_url(f"postgresql://{asked}")}
    assert any("sslmode=verify-full" in one for one in said(stops=True))
    site.DATABASES = {"default": database_from_url(f"postgresql://{asked}&sslmode=verify-full")}
    safety.require_safe()


def test_the_environment_names_a_far_database_too(
    site: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    site.DATABASES = {"default": database_from_url("postgresql:///virage")}
    safety.require_safe()
    monkeypatch.setenv("PGHOST", "db.far")
    assert any("db.far" in one for one in said(stops=True))


@pytest.mark.parametrize("name", UNSAFE)
def test_what_is_unsafe_stops_it(site: Any, name: str) -> None:
    spoil, words = UNSAFE[name]
    spoil(site)
    with pytest.raises(safety.Unsafe, match=words):
        safety.require_safe()
    site.IS_DEMO = True
    safety.demo_mark().write_text("this one\nhouse\n")
    safety.require_safe()


def test_heads_on_a_disk_that_the_service_only_reads_stop_it(
    site: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    site.JOURNAL_HEADS = tmp_path / "apart" / "heads"
    safety.require_safe()
    assert not site.JOURNAL_HEADS.parent.exists()
    readable = os.access
    monkeypatch.setattr("os.access", lambda path, how: how == os.F_OK and readable(path, how))
    with pytest.raises(safety.Unsafe, match="ReadWritePaths"):
        safety.require_safe()


def test_what_is_served_as_a_demonstration_is_one(site: Any) -> None:
    """Neither the home of a site, nor its base under the home of the demonstration."""
    site.IS_DEMO = True
    with pytest.raises(safety.Unsafe, match="VIRAGE_DEMO"):
        safety.require_safe()
    safety.demo_mark().write_text("another one\nhouse\n")
    with pytest.raises(safety.Unsafe, match="VIRAGE_DEMO"):
        safety.require_safe()


def test_a_disk_is_known_whatever_the_name_of_its_place(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    place = tmp_path / "du réseau"
    place.mkdir()
    told = (
        f"/dev/vda1 / ext4 rw 0 0\nnas:/x {str(place).replace(' ', chr(92) + '040')} nfs4 rw 0 0\n"
    )
    monkeypatch.setattr(safety, "MOUNTS", tmp_path / "mounts")
    safety.MOUNTS.write_text(told)
    assert safety.disk_kind(place) == "nfs4"


def test_plain_http_is_said_and_stays_on_the_machine(site: Any) -> None:
    site.CSRF_TRUSTED_ORIGINS = []
    site.INSECURE_HTTP = True
    assert any("ne vaut que pour un essai" in one for one in said(stops=True))
    site.ALLOWED_HOSTS = ["127.0.0.1", "localhost"]
    safety.require_safe()


def test_sqlite_on_a_shared_disk_stops_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(safety, "disk_kind", lambda _: "nfs4")
    assert "disque partagé" in said(stops=True)[0]


def test_a_disk_is_known_by_its_nearest_mount() -> None:
    assert safety.disk_kind(Path("/proc/self")) == "proc"


def test_a_clock_that_starts_over_stops_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(safety, "NOT_BEFORE", datetime.now(UTC) + timedelta(days=1))
    assert said(stops=True) == ["L’horloge de la machine est fausse : mettez-la à l’heure."]


WARNED: dict[str, tuple[Callable[[Any], object], str]] = {
    "mail": (lambda s: setattr(s, "MAIL_URL", ""), "VIRAGE_MAIL_URL"),
    "heads": (
        lambda s: setattr(s, "JOURNAL_HEADS", s.VIRAGE_HOME / "heads"),
        "VIRAGE_JOURNAL_HEADS",
    ),
    "no backup key": (lambda s: setattr(s, "BACKUP_KEYS", []), "virage backup key"),
    "old backup": (
        lambda s: note_backup(datetime.now(UTC) - timedelta(days=2), s.VIRAGE_HOME),
        "depuis hier",
    ),
}


@pytest.mark.parametrize("name", WARNED)
def test_what_could_be_better_is_told_and_does_not_stop_it(site: Any, name: str) -> None:
    spoil, words = WARNED[name]
    spoil(site)
    safety.require_safe()
    assert any(words in one for one in said(stops=False))


def test_a_root_that_serves_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("os.geteuid", lambda: 0)
    assert any("root" in one for one in said(stops=False))


def test_what_the_address_of_the_database_asks_goes_to_libpq() -> None:
    direct = database_from_url(f"{FAR}?sslmode=verify-full")
    assert direct["OPTIONS"]["sslmode"] == "verify-full" and "pool" in direct["OPTIONS"]
    pooled = database_from_url(f"{FAR}?pooler=transaction")
    assert pooled["OPTIONS"] == {"prepare_threshold": None, "connect_timeout": 5}
    assert pooled["DISABLE_SERVER_SIDE_CURSORS"]
