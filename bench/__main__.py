"""`python -m bench [--quick]`: measure both databases and the start, tell the figures."""

import argparse
import os
import subprocess
import sys
import tempfile
from datetime import datetime
from pathlib import Path

from rich.console import Console

from bench.figures import Figures, load
from bench.report import README, page
from bench.start import demo_start_s
from tests.services import postgresql

# Figures of a database that may lose its last second would flatter it.
DURABLE = ("max_connections=50",)
BUSY = 0.5
beside = Console(stderr=True)


def main() -> None:
    """Measure everything; the full volume alone is written down."""
    parser = argparse.ArgumentParser(prog="python -m bench")
    parser.add_argument("--quick", action="store_true", help="a small volume, nothing written down")
    is_quick = parser.parse_args().quick
    busy = os.getloadavg()[0]
    if busy > BUSY:
        beside.print(f"This machine is busy (load {busy:.1f}): the figures will be worse.")
    beside.print("Start of the demo…")
    start_s = demo_start_s()
    databases = [_measure("SQLite", {}, is_quick)]
    if postgresql.is_installed():
        with postgresql.running(DURABLE) as url:
            databases.append(_measure("PostgreSQL", {"VIRAGE_DATABASE_URL": url}, is_quick))
    told = page(databases, start_s, datetime.now().astimezone().date())
    if not is_quick:
        README.write_text(told)
    Console().print(told, markup=False, soft_wrap=True)


def _measure(name: str, environment: dict[str, str], is_quick: bool) -> Figures:
    beside.print(f"{name}…")
    with tempfile.TemporaryDirectory(prefix="virage-bench-") as home:
        figures = Path(home) / "figures.json"
        command = [sys.executable, "-m", "bench.one_database", str(figures)]
        settings = {"VIRAGE_HOME": home, "DJANGO_SETTINGS_MODULE": "virage.settings.demo"}
        subprocess.run(  # noqa: S603  # our own program
            [*command, "--quick"] if is_quick else command,
            env=os.environ | settings | environment,
            check=True,
        )
        return load(figures)


main()
