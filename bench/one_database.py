"""Measures one database, in a process whose environment names it: `FIGURES.json [--quick]`."""

import argparse
import time
from pathlib import Path

import django

django.setup()

# Models exist once Django is set up.
from django.core.management import call_command  # noqa: E402

from bench import server  # noqa: E402
from bench.figures import Figures, save  # noqa: E402
from bench.machine import name_of_database  # noqa: E402
from bench.pages import measure_pages  # noqa: E402
from bench.transfers import measure_transfers  # noqa: E402
from virage.demo.scales import BENCH  # noqa: E402
from virage.demo.volume import FULL, QUICK, fill  # noqa: E402
from virage.foundation.safety import mark_demonstration  # noqa: E402


def main() -> None:
    """Fill the database, run the programs beside it, measure, and write the figures."""
    parser = argparse.ArgumentParser()
    parser.add_argument("figures", type=Path)
    parser.add_argument("--quick", action="store_true")
    arguments = parser.parse_args()
    volume = QUICK if arguments.quick else FULL
    for command in ("migrate", "createcachetable"):
        call_command(command, verbosity=0)
    call_command("collectstatic", interactive=False, verbosity=0)
    start = time.perf_counter()
    fill(volume)
    figures = Figures(
        database=name_of_database(),
        usagers=volume.usagers,
        notes=volume.notes,
        fill_s=time.perf_counter() - start,
    )
    mark_demonstration(BENCH)
    port = server.free_port()
    with server.running(port=port) as (web, background):
        figures.gestures, figures.weights = measure_pages(port)
        figures.worker_mb = server.resident_mb(web)
        figures.background_mb = server.resident_mb(background)
    figures.transfers = measure_transfers()
    save(figures, arguments.figures)


main()
