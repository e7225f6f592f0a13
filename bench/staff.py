"""`python -m bench.staff [--people N]`: the staff of a region, searched and imported.

How long a search takes among them, and how long a table of two thousand keeps the others waiting.
"""

import argparse
from collections.abc import Sequence

from bench.databases import measure_each, write_section
from bench.figures import Figures, load
from bench.machine import load_told

PEOPLE = 30_000
TITLE = "The staff of a region"


def main() -> None:
    """Measure each database in a process of its own; the full staff alone is written down."""
    parser = argparse.ArgumentParser(prog="python -m bench.staff")
    parser.add_argument("--people", type=int, default=PEOPLE)
    people = parser.parse_args().people
    measured = measure_each("bench.one_staff", str(people))
    write_section(TITLE, told([load(path) for _, path in measured]), is_kept=people == PEOPLE)


def told(databases: Sequence[Figures]) -> str:
    """Return the section in Markdown."""
    lines = [
        f"`python -m bench.staff`{load_told()}: {databases[0].usagers:,} people of one operator in "
        "300 establishments of two units. A search returns its first 50 people with where they "
        "work, and how many there are. A table is written in one transaction: on SQLite nobody "
        "else writes meanwhile.",
        "",
        "| gesture | database | median | p95 | budget |",
        "| --- | --- | ---: | ---: | ---: |",
    ]
    for figures in databases:
        for one in figures.gestures:
            is_kept = one.median_ms <= (one.budget_ms or 0)
            verdict = f"{one.budget_ms} ms: {'kept' if is_kept else '**missed**'}"
            times = f"{one.median_ms:.1f} ms | {one.p95_ms:.1f} ms"
            lines.append(f"| {one.name} | {figures.database} | {times} | {verdict} |")
    return "\n".join(lines) + "\n"


main()
