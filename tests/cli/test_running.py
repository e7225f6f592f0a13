"""Programs that stay up: they start together, stop together, and the worker survives a fault."""

import os
import re
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import closing
from http.client import HTTPConnection
from pathlib import Path
from typing import Any

import click
import pytest
from django.db import OperationalError

from tests.cli.command import run
from tests.services.sites import FOUNDED, Site
from virage.cli import processes, running
from virage.demo.builder import DemoAccount
from virage.foundation import safety
from virage.foundation.backup.locks import out_of_service
from virage.foundation.outbox import jobs
from virage.settings.environment import WILL_NOT_START

START_WITHIN_S = 120
LISTEN = "import socket, time; s = socket.create_server(('127.0.0.1', {port})); time.sleep(60)"


@pytest.fixture
def port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as server:
        return int(server.getsockname()[1])


@pytest.fixture(autouse=True)
def own_signals() -> Iterator[None]:
    kept = {number: signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM)}
    yield
    for number, handler in kept.items():
        signal.signal(number, handler)


def listens(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


def test_all_stop_when_asked(port: int) -> None:
    python = [sys.executable, "-c"]
    commands = [[*python, LISTEN.format(port=port)], [*python, "import time; time.sleep(60)"]]
    ready = lambda: os.kill(os.getpid(), signal.SIGINT)  # noqa: E731
    assert processes.run_together(commands, ("127.0.0.1", port), ready) == 0
    assert not listens(port)


def test_what_does_not_stop_is_killed_with_what_it_started(
    port: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(processes, "STOP_WITHIN_S", 0.2)
    stubborn = (
        "import signal, subprocess, sys; signal.signal(signal.SIGTERM, signal.SIG_IGN); "
        f"subprocess.run([sys.executable, '-c', {LISTEN.format(port=port)!r}])"
    )
    ready = lambda: os.kill(os.getpid(), signal.SIGTERM)  # noqa: E731
    command = [sys.executable, "-c", stubborn]
    assert processes.run_together([command], ("127.0.0.1", port), ready) == 0
    deadline = time.monotonic() + 10  # the kernel buries the second one by itself
    while listens(port) and time.monotonic() < deadline:
        time.sleep(0.05)
    assert not listens(port)


def test_all_stop_when_one_ends(port: int) -> None:
    python = [sys.executable, "-c"]
    commands = [[*python, LISTEN.format(port=port)], [*python, "import time; time.sleep(1)"]]
    assert processes.run_together(commands, ("127.0.0.1", port), lambda: None) == 1


def test_a_port_already_taken_is_told(capsys: pytest.CaptureFixture[str]) -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        address = ("127.0.0.1", server.getsockname()[1])
        assert processes.run_together([], address, lambda: None) == 1
    assert "--port" in capsys.readouterr().err


def test_the_worker_goes_on_after_a_database_fault(monkeypatch: pytest.MonkeyPatch) -> None:
    rounds: list[int] = []

    def drain(_: object) -> int:
        rounds.append(1)
        if len(rounds) == 1:
            raise OperationalError
        return 0

    monkeypatch.setattr(jobs, "arm", lambda: None)
    monkeypatch.setattr(jobs, "drain", drain)
    monkeypatch.setattr(jobs, "close_old_connections", lambda: None)
    monkeypatch.setattr(jobs, "PAUSE_S", 0.01)
    jobs.work(lambda: len(rounds) == 2)
    assert len(rounds) == 2


class Demo:
    """The demonstration, run as a visitor runs it."""

    def __init__(self, home: Path, port: int, *options: str) -> None:
        self.port = port
        self.process = subprocess.Popen(
            [sys.executable, "-m", "virage.cli", "demo", "--port", str(port), *options],
            env=Site(home).environment,
            stdout=subprocess.PIPE,
            text=True,
        )

    def first_page(self) -> str:
        """Wait for the address to be printed, then ask for the sign-in page."""
        assert self.process.stdout
        deadline = time.monotonic() + START_WITHIN_S
        for line in self.process.stdout:
            assert time.monotonic() < deadline
            if f":{self.port}/" in line:
                break
        with closing(HTTPConnection("127.0.0.1", self.port, timeout=20)) as connection:
            connection.request("GET", "/connexion/")
            return connection.getresponse().read().decode()

    def stop(self) -> int:
        """Press Ctrl-C."""
        self.process.send_signal(signal.SIGINT)
        self.process.communicate(timeout=60)
        return self.process.returncode


def test_the_demonstration_starts_keeps_its_data_and_stops(tmp_path: Path, port: int) -> None:
    home, marks = tmp_path / "demo", set()
    for _ in range(2):
        demo = Demo(home, port)
        try:
            assert "Se connecter" in demo.first_page()
        finally:
            assert demo.stop() == 0
        marks.add((home / "demonstration").stat().st_mtime_ns)
    assert len(marks) == 1
    assert not listens(port)


def test_the_demonstration_never_touches_real_data(tmp_path: Path, port: int) -> None:
    site = Site(tmp_path / "home", DJANGO_SETTINGS_MODULE="virage.settings.demo")
    site.done(*FOUNDED)
    # A demonstration was once in this folder, when its database was elsewhere.
    mark = tmp_path / "home" / "demonstration"
    for options in ((), ("--reset",)):
        mark.write_text("sqlite   /ailleurs/virage.sqlite3")
        code, said = site.run("demo", "--port", port, *options)
        assert code == 1
        assert "ne viennent pas de la démonstration" in said
    # Its own base for the demonstration does not make the home of a site hers.
    mark.unlink()
    kept = site.home / "files" / "kept"
    kept.parent.mkdir(exist_ok=True)
    kept.touch()
    site.environment["VIRAGE_DATABASE_URL"] = f"sqlite:///{tmp_path}/other.sqlite3"
    for options in ((), ("--reset",)):
        code, said = site.run("demo", "--port", port, *options)
        assert code == 1 and "un dossier et une base à elle" in said
    assert kept.exists() and not mark.exists()


@pytest.mark.django_db
def test_a_demonstration_of_another_size_is_not_thrown_away_unasked(
    tmp_path: Path, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.VIRAGE_HOME = tmp_path
    monkeypatch.setattr(safety, "base_named", lambda: "this one")
    mark = tmp_path / "demonstration"
    mark.write_text("this one")
    assert [running._seed(None), running._seed("house")] == ["house", "house"]
    mark.write_text("this one\nbench\n")
    assert running._seed(None) == "bench"
    with pytest.raises(click.ClickException, match="--reset"):
        running._seed("house")


@pytest.mark.parametrize("command", ["run", "demo"])
def test_the_tables_are_not_changed_while_the_site_is_being_replaced(
    command: str, tmp_path: Path, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.VIRAGE_HOME = tmp_path
    changed: list[str] = []
    monkeypatch.setattr(running, "_require_safe", lambda: None)
    monkeypatch.setattr(running, "prepare_database", lambda: changed.append(command))
    monkeypatch.setattr(running, "collect_static", lambda: None)
    with out_of_service():
        result = run(command)
    assert result.exit_code == 1 and "remplacement" in result.stderr
    assert not changed


@pytest.mark.parametrize("command", ["run", "worker"])
def test_nothing_that_serves_starts_where_it_would_not_be_safe(
    command: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse() -> None:
        raise safety.Unsafe("VIRAGE_HOSTS accepte n’importe quel nom.")

    monkeypatch.setattr(safety, "require_safe", refuse)
    monkeypatch.setattr(running, "prepare_database", lambda: pytest.fail("it goes on"))
    monkeypatch.setattr(running, "require_in_step", lambda: pytest.fail("it goes on"))
    result = run(command)
    assert result.exit_code == WILL_NOT_START and "VIRAGE_HOSTS" in result.stderr


def test_the_code_of_the_demonstration_is_given_as_it_is_told(tmp_path: Path) -> None:
    environment = os.environ | {"VIRAGE_HOME": str(tmp_path)}
    for name in ("VIRAGE_DEMO", "DJANGO_SETTINGS_MODULE"):
        environment.pop(name, None)
    told = subprocess.run(
        [sys.executable, "-m", "virage.cli", "code"],
        env=environment,
        capture_output=True,
        text=True,
    )
    assert told.returncode == 0, told.stderr
    assert re.fullmatch(r"\d{6}\n", told.stdout)


def test_the_accounts_are_told_by_operator_in_the_order_of_words() -> None:
    accounts = [
        DemoAccount("Awa", "Secrétaire", "awa@a", "Les Ormes"),
        DemoAccount("Bo", "Éducatrice", "bo@a", "Les Ormes"),
        DemoAccount("Cléo", "Secrétaire", "cleo@a", "Les Ormes"),
        DemoAccount("Dina", "Médecin", "dina@b", "Étoile"),
    ]
    assert running._by_operator(accounts) == [
        ("Étoile", [("Médecin", "dina@b")]),
        ("Les Ormes", [("Éducatrice", "bo@a"), ("Secrétaire", "awa@a")]),
    ]
