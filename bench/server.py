"""The programs as they run on a site: two web workers and one in the background."""

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

HOST = "127.0.0.1"
STARTS_WITHIN_S = 60
STOPS_WITHIN_S = 15


def free_port() -> int:
    """Return a port that nothing listens at."""
    with socket.socket() as listener:
        listener.bind((HOST, 0))
        return int(listener.getsockname()[1])


@contextmanager
def running(*, port: int) -> Iterator[tuple[int, int]]:
    """Run the web server and the background worker; give the process ids of both."""
    web = [
        *(sys.executable, "-m", "granian", "--interface", "wsgi", "--no-ws"),
        *("--workers", "2", "--blocking-threads", "1", "--log-level", "warning"),
        *("--host", HOST, "--port", str(port), "virage.wsgi:application"),
    ]
    background = [sys.executable, "-m", "virage.cli", "worker"]
    children = [subprocess.Popen(command) for command in (web, background)]  # noqa: S603
    try:
        wait_for(port, children[0])
        yield children[0].pid, children[1].pid
    finally:
        for child in children:
            stop(child)


@contextmanager
def in_production(*, port: int) -> Iterator[None]:
    """Run the whole site by its command, under the settings of production, for this machine."""
    settings = {
        "DJANGO_SETTINGS_MODULE": "virage.settings.production",
        "VIRAGE_INSECURE_HTTP": "1",
        "VIRAGE_HOSTS": HOST,
    }
    command = [sys.executable, "-m", "virage.cli", "run", "--port", str(port)]
    site = subprocess.Popen(command, env=os.environ | settings, stdout=sys.stderr)  # noqa: S603
    try:
        wait_for(port, site)
        yield
    finally:
        stop(site)


def wait_for(port: int, server: "subprocess.Popen[bytes]") -> None:
    """Wait until something listens; RuntimeError when the server ends or is too long."""
    deadline = time.monotonic() + STARTS_WITHIN_S
    while time.monotonic() < deadline:
        with socket.socket() as probe:
            if probe.connect_ex((HOST, port)) == 0:
                return
        if server.poll() is not None:
            break
        time.sleep(0.05)
    raise RuntimeError("the web server did not start")


def stop(child: "subprocess.Popen[bytes]") -> None:
    """Ask a program to end, as Ctrl-C does, and wait for it."""
    child.send_signal(signal.SIGINT)
    try:
        child.wait(STOPS_WITHIN_S)
    except subprocess.TimeoutExpired:
        child.kill()
        child.wait()


def resident_mb(pid: int) -> float:
    """Return the resident memory of the heaviest process among this one and its children, in MB."""
    return max(_resident_kb(each) for each in (pid, *_children(pid))) / 1024


def _children(pid: int) -> list[int]:
    tasks = Path(f"/proc/{pid}/task")
    return [
        int(child)
        for task in tasks.iterdir()
        for child in (task / "children").read_text().split()
        if os.path.exists(f"/proc/{child}")  # noqa: PTH110  # one may end meanwhile
    ]


def _resident_kb(pid: int) -> int:
    for line in Path(f"/proc/{pid}/status").read_text().splitlines():
        if line.startswith("VmRSS:"):
            return int(line.split()[1])
    return 0
