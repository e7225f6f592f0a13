"""`python -m bench [--quick]`: measure both databases and the start, tell the figures."""

import argparse
import os
from datetime import datetime

from rich.console import Console

from bench.databases import README, beside, measure_each, sections_of, with_sections
from bench.figures import load
from bench.report import page
from bench.start import demo_start_s

BUSY = 0.5


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
    arguments = ["--quick"] if is_quick else []
    databases = [load(path) for _, path in measure_each("bench.one_database", *arguments)]
    told = page(databases, start_s, datetime.now().astimezone().date(), busy)
    if not is_quick:
        measured = sections_of(told)
        others = sections_of(README.read_text())
        README.write_text(
            with_sections(told, {n: t for n, t in others.items() if n not in measured})
        )
    Console().print(told, markup=False, soft_wrap=True)


main()
