"""A PostgreSQL 15 server of one's own, in a temporary folder, on a free port.

`python -m tests.services.postgresql COMMAND…` runs a command with VIRAGE_DATABASE_URL set to it,
and stops the server whatever happens.
"""

import os
import pwd
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlsplit

PROGRAMS = Path("/usr/lib/postgresql/15/bin")
PACKAGE = "postgresql-15"
# Nothing in this server outlives the tests, so nothing needs to reach the disk.
OPTIONS = ("fsync=off", "synchronous_commit=off", "full_page_writes=off", "max_connections=50")


def is_installed() -> bool:
    """Whether Debian's package is on this machine."""
    return (PROGRAMS / "pg_ctl").exists()


def _owner() -> str | None:
    """Return the account that runs the server: it refuses root, so Debian's own takes over."""
    return "postgres" if os.geteuid() == 0 else None


def run_program(program: str, *arguments: str) -> None:
    """Run one of the server's programs; its words show only when it fails."""
    owner = _owner()
    done = subprocess.run(
        [PROGRAMS / program, *arguments],
        user=owner,
        group=owner,
        extra_groups=[] if owner else None,
        cwd="/",
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    if done.returncode:
        raise RuntimeError(f"{program}: {done.stdout}")


def free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return int(listener.getsockname()[1])


def place(url: str) -> tuple[str, ...]:
    """Return the options by which the server's programs reach this address."""
    parts = urlsplit(url)
    return ("-h", str(parts.hostname), "-p", str(parts.port), "-U", str(parts.username))


@contextmanager
def running(options: Iterable[str] = OPTIONS, on_disk: Path | None = None) -> Iterator[str]:
    """Start a server, give the address of an empty database, stop and erase everything."""
    folder = Path(tempfile.mkdtemp(prefix="virage-postgresql-", dir=on_disk))
    cluster, port = folder / "cluster", free_port()
    if owner := _owner():
        account = pwd.getpwnam(owner)
        os.chown(folder, account.pw_uid, account.pw_gid)
    settings = f"-p {port} -k {folder} -h 127.0.0.1 " + " ".join(f"-c {o}" for o in options)
    try:
        locale = ("--encoding=UTF8", "--locale=C.UTF-8", "--no-sync")
        run_program("initdb", "-D", str(cluster), "-U", "virage", "-A", "trust", *locale)
        run_program(
            "pg_ctl", "-D", str(cluster), "-w", "-l", str(folder / "log"), "-o", settings, "start"
        )
        try:
            run_program("createdb", "-h", "127.0.0.1", "-p", str(port), "-U", "virage", "virage")
            yield f"postgresql://virage@127.0.0.1:{port}/virage"
        finally:
            run_program("pg_ctl", "-D", str(cluster), "-w", "-m", "immediate", "stop")
    finally:
        shutil.rmtree(folder)


def main(command: list[str]) -> int:
    """Run the command on a fresh server and return its exit status."""
    if not is_installed():
        raise SystemExit(f"No PostgreSQL 15: install the Debian package {PACKAGE}.")
    signal.signal(signal.SIGTERM, lambda number, frame: sys.exit(128 + number))
    with running() as url:
        return subprocess.run(command, env=os.environ | {"VIRAGE_DATABASE_URL": url}).returncode


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
