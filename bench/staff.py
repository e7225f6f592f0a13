"""`python -m bench.staff [--people N]`: the staff of a region, searched and imported.

How long a search takes among them, and how long a table of two thousand keeps the others waiting.
"""

import argparse
from collections.abc import Sequence

from bench.databases import measure_each, write_section
from bench.figures import Figures, gesture_rows, load
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
        *gesture_rows(databases),
    ]
    return "\n".join(lines) + "\n"


main()
