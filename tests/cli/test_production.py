"""In production: strict transport behind a TLS proxy, and an address that answers without one."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.services.sites import Site
from virage.settings.environment import WILL_NOT_START

SIGN_IN = """
import django
django.setup()
from django.test import Client
from virage.cli.screen import site_address
for headers in ({}, {"X-Forwarded-Proto": "https", "X-Forwarded-For": "192.0.2.1"}):
    answer = Client(SERVER_NAME="127.0.0.1").get("/connexion/", headers=headers)
    secure = bool(answer.cookies and answer.cookies["csrftoken"]["secure"])
    strict = "Strict-Transport-Security" in answer.headers
    print(answer.status_code, secure, strict)
print(site_address("127.0.0.1", 8000))
"""


@pytest.mark.parametrize(
    ("origins", "expected"),
    [
        ("", ["200 False False", "200 False False", "http://localhost:8000"]),
        (
            "https://dossier.example",
            ["301 False False", "200 True True", "https://dossier.example"],
        ),
    ],
)
def test_transport_is_strict_when_there_is_tls(
    tmp_path: Path, origins: str, expected: list[str]
) -> None:
    environment = os.environ | {
        "VIRAGE_HOME": str(tmp_path),
        "VIRAGE_ORIGINS": origins,
        "DJANGO_SETTINGS_MODULE": "virage.settings.production",
    }
    prepared = "from virage.cli.preparing import prepare_database as p, collect_static as c"
    code = SIGN_IN.replace("from django.test", f"{prepared}; p(); c()\nfrom django.test")
    run = subprocess.run(
        [sys.executable, "-c", code], env=environment, capture_output=True, text=True, check=True
    )
    assert run.stdout.splitlines()[-3:] == expected


def test_a_supervisor_asks_on_the_machine_and_a_scanner_costs_one_line(tmp_path: Path) -> None:
    environment = os.environ | {
        "VIRAGE_HOME": str(tmp_path),
        "VIRAGE_HOSTS": "dossier.example",
        "VIRAGE_ORIGINS": "https://dossier.example",
        "DJANGO_SETTINGS_MODULE": "virage.settings.production",
    }
    code = (
        "import django; django.setup()\n"
        "from virage.cli.preparing import collect_static; collect_static()\n"
        "from django.test import Client\n"
        "for name in ('127.0.0.1', 'scanner.example'):\n"
        "    came_from = {'referer': 'http://elsewhere.example/'}\n"
        "    print(Client(SERVER_NAME=name).get('/vivant/', headers=came_from).status_code)\n"
    )
    run = subprocess.run(
        [sys.executable, "-c", code], env=environment, capture_output=True, text=True, check=True
    )
    assert run.stdout.split() == ["200", "400"]
    assert "django.security.DisallowedHost: 400" in run.stderr
    assert all(" INFO " in line or " ERROR " in line for line in run.stderr.splitlines())


@pytest.mark.parametrize(
    "command",
    [("virage.cli", "run"), ("granian", "--interface", "wsgi", "virage.wsgi:application")],
    ids=["run", "any server"],
)
def test_an_unsafe_site_does_not_start(tmp_path: Path, command: tuple[str, ...]) -> None:
    environment = {name: value for name, value in os.environ.items() if "DJANGO" not in name}
    environment |= {"VIRAGE_HOME": str(tmp_path), "VIRAGE_HOSTS": "*"}
    run = subprocess.run(
        [sys.executable, "-m", *command], env=environment, capture_output=True, text=True
    )
    assert run.returncode == (WILL_NOT_START if "run" in command else 1)
    said = " ".join((run.stderr + run.stdout).split())
    assert "VIRAGE_HOSTS accepte n’importe quel nom" in said
    assert "Aucune adresse https dans VIRAGE_ORIGINS" in said


def test_no_server_serves_tables_of_another_version(tmp_path: Path) -> None:
    environment = os.environ | {"VIRAGE_HOME": str(tmp_path), "VIRAGE_INSECURE_HTTP": "1"}
    tmp_path.chmod(0o700)
    environment["DJANGO_SETTINGS_MODULE"] = "virage.settings.production"
    environment.pop("VIRAGE_DATABASE_URL", None)
    run = subprocess.run(
        [sys.executable, "-m", "granian", "--interface", "wsgi", "virage.wsgi:application"],
        env=environment,
        capture_output=True,
        text=True,
    )
    assert run.returncode != 0
    assert "les tables ne sont pas celles de cette version" in run.stderr + run.stdout


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("VIRAGE_LOCK_MINUTES", "dix"),
        ("VIRAGE_SECOND_FACTOR", "dix"),
        ("VIRAGE_DATABASE_URL", "mysql://virage:secret@machine/base"),
        ("VIRAGE_DATABASE_URL", "postgresql://virage:se/cret@machine:5432/base"),
        ("VIRAGE_MAIL_URL", "http://virage:secret@relais"),
    ],
)
def test_a_setting_that_cannot_be_read_is_named(tmp_path: Path, name: str, value: str) -> None:
    environment = os.environ | {"VIRAGE_HOME": str(tmp_path), name: value}
    run = subprocess.run(
        [sys.executable, "-m", "virage.cli", "run"],
        env=environment,
        capture_output=True,
        text=True,
    )
    assert run.returncode == WILL_NOT_START
    assert run.stderr.startswith(f"Erreur\u00a0: {name} attend ")
    assert len(run.stderr.splitlines()) == 1 and "cret" not in run.stderr


@pytest.mark.parametrize("command", ["journal verify", "journal export", "journal key", "check"])
@pytest.mark.parametrize("is_there", [False, True])
def test_what_reads_a_site_creates_none(tmp_path: Path, command: str, is_there: bool) -> None:
    home = tmp_path / "mistyped"
    if is_there:
        home.mkdir()
    site = Site(home)
    code, said = site.run(*command.split())
    assert code == 1
    assert "il n’y a pas de site ici" in said
    assert list(tmp_path.rglob("*")) == [home] * is_there
    assert site.run(*command.split(), "--help")[0] == 0
