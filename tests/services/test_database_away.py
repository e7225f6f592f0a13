"""The database goes away while the site runs: it says so, and goes on by itself afterwards."""

import signal
import subprocess
import time
from collections.abc import Callable, Iterator
from http.client import HTTPConnection
from pathlib import Path

import psycopg
import pytest

from tests.services import postgresql
from tests.services.sites import FOUNDED, Site

pytestmark = [
    pytest.mark.services,
    pytest.mark.skipif(
        not postgresql.is_installed(),
        reason=f"no PostgreSQL 15: install the Debian package `{postgresql.PACKAGE}`",
    ),
]
WITHIN_S = 90
NO_BREAK = "\N{NO-BREAK SPACE}"
# A supervisor does not wait longer.
ANSWERS_WITHIN_S = 10


def ask(port: int, path: str, **headers: str) -> tuple[int, str]:
    """Ask for a page; (0, "") while nobody answers."""
    connection = HTTPConnection("127.0.0.1", port, timeout=60)
    try:
        connection.request("GET", path, headers=headers)
        answer = connection.getresponse()
        return answer.status, answer.read().decode()
    except OSError:
        return 0, ""
    finally:
        connection.close()


def wait_for(is_reached: Callable[[], bool]) -> None:
    deadline = time.monotonic() + WITHIN_S
    while not is_reached():
        assert time.monotonic() < deadline
        time.sleep(0.2)


@pytest.fixture
def running(tmp_path: Path) -> Iterator[tuple[str, int, "subprocess.Popen[str]"]]:
    with postgresql.running() as url:
        port = postgresql.free_port()
        site = Site(tmp_path / "home", url, VIRAGE_LOG="json")
        site.done(*FOUNDED)
        process = site.start("run", "--port", port)
        try:
            wait_for(lambda: ask(port, "/pret/")[0] == 200)
            # The page answers first; a worker that finds no database as it starts stops them both.
            wait_for(lambda: has_worked(url))
            yield url, port, process
        finally:
            process.send_signal(signal.SIGTERM)
            process.communicate(timeout=60)


def has_worked(url: str) -> bool:
    with psycopg.connect(url) as here:
        done = "SELECT EXISTS (SELECT FROM outbox_message WHERE done_at IS NOT NULL)"
        return here.execute(done).fetchone() == (True,)


def works(url: str) -> bool:
    """Whether the worker has done what is due, or has nothing to do yet."""
    with psycopg.connect(url) as here:
        due = "SELECT count(*) FROM outbox_message WHERE next_at <= now()"
        return here.execute(due).fetchone() == (0,)


def test_it_comes_back_by_itself(running: tuple[str, int, "subprocess.Popen[str]"]) -> None:
    url, port, process = running
    with psycopg.connect(url) as here:
        (cluster,) = here.execute("SHOW data_directory").fetchone() or ("",)
        (number,) = here.execute("SHOW port").fetchone() or ("",)
    postgresql.run_program("pg_ctl", "-D", cluster, "-w", "-m", "immediate", "stop")
    try:
        started = time.monotonic()
        assert ask(port, "/pret/") == (503, "indisponible")
        assert time.monotonic() - started < ANSWERS_WITHIN_S
        assert ask(port, "/vivant/")[0] == 200
        status, page = ask(port, "/", Cookie="sessionid=of-another-day")
        assert (status, "La base de données ne répond pas" in page) == (503, True), page
        # Long enough for the worker to meet it more than once.
        time.sleep(3)
    finally:
        options = f"-p {number} -k {Path(cluster).parent} -h 127.0.0.1"
        log = str(Path(cluster).parent / "log")
        postgresql.run_program("pg_ctl", "-D", cluster, "-w", "-l", log, "-o", options, "start")
    wait_for(lambda: ask(port, "/pret/")[0] == 200)
    with psycopg.connect(url) as here:
        here.execute("UPDATE outbox_message SET next_at = now()")
    wait_for(lambda: works(url))
    assert process.poll() is None


@pytest.mark.parametrize("command", ["journal seal", "run"])
def test_a_command_says_so_in_one_line(tmp_path: Path, command: str) -> None:
    """And with the code that has systemd start the site again, unlike what would refuse again."""
    url = f"postgresql://virage@127.0.0.1:{postgresql.free_port()}/virage"
    site = Site(tmp_path, url)
    code, said = site.run(*command.split())
    assert code == 1
    assert "Erreur : la base de données ne répond pas" in said.replace(NO_BREAK, " ")
    assert "Traceback" not in said and "File " not in said


@pytest.mark.parametrize("password", ["", ":wrong"])
def test_a_refused_password_is_not_a_database_away(tmp_path: Path, password: str) -> None:
    with postgresql.running() as url:
        with psycopg.connect(url, autocommit=True) as here:
            here.execute("CREATE ROLE someone LOGIN PASSWORD 'right'")
            (rules,) = here.execute("SHOW hba_file").fetchone() or ("",)
            trusting = Path(rules).read_text()
            Path(rules).write_text(f"host all someone 127.0.0.1/32 scram-sha-256\n{trusting}")
            here.execute("SELECT pg_reload_conf()")
        theirs = url.replace("virage@", f"someone{password}@")
        wait_for(lambda: "no password" in refusal(url.replace("virage@", "someone@")))
        code, said = Site(tmp_path, theirs).run("run")
    assert code == 1
    assert "refuse le nom ou le mot de passe de VIRAGE_DATABASE_URL" in said
    assert "ne répond pas" not in said and "Traceback" not in said


def refusal(url: str) -> str:
    """Return why this address opens nothing."""
    try:
        psycopg.connect(url).close()
    except psycopg.OperationalError as refused:
        return str(refused)
    return ""
