"""How long `virage demo` takes, from an installed environment to its first page."""

import os
import subprocess
import sys
import tempfile
import time

from bench.server import HOST, free_port, stop
from bench.visitor import Visitor

GIVES_UP_AFTER_S = 300


def demo_start_s() -> float:
    """Return the seconds until the first page of a new demo, seeding included."""
    port = free_port()
    with tempfile.TemporaryDirectory(prefix="virage-bench-") as home:
        started = time.perf_counter()
        demo = subprocess.Popen(  # noqa: S603  # our own program
            [sys.executable, "-m", "virage.cli", "demo", "--port", str(port)],
            env=os.environ | {"VIRAGE_HOME": home},
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        try:
            return _first_page(port, started)
        finally:
            stop(demo)


def _first_page(port: int, started: float) -> float:
    while time.perf_counter() - started < GIVES_UP_AFTER_S:
        try:
            if Visitor(HOST, port).get("/connexion/").status == 200:
                return time.perf_counter() - started
        except OSError:
            time.sleep(0.05)
    raise RuntimeError("the demo gives no page")
