"""`python -m bench.journal [--events N]`: a journal of years, on both databases.

What one page pays for its journal, and how long a search in it takes, by person and by actor.
"""

import argparse
import os
from collections.abc import Sequence

from bench.databases import measure_each, write_section
from bench.figures import Figures, gesture_rows, load

EVENTS = 5_000_000
TITLE = "The journal of years"


def main() -> None:
    """Measure each database in a process of its own; the full journal alone is written down."""
    parser = argparse.ArgumentParser(prog="python -m bench.journal")
    parser.add_argument("--events", type=int, default=EVENTS)
    events = parser.parse_args().events
    busy = os.getloadavg()[0]
    databases = [load(path) for _, path in measure_each("bench.one_journal", str(events))]
    write_section(TITLE, told(databases, busy), is_kept=events == EVENTS)


def told(databases: Sequence[Figures], busy: float) -> str:
    """Return the section in Markdown."""
    events = databases[0].notes
    lines = [
        f"`python -m bench.journal`: {events:,} events with a line each, {2 * events:,} rows in "
        f"all; {databases[0].usagers:,} persons, 500 actors. A page pays for one event and a line "
        "for each person it shows, in a transaction written to the disk. A search returns its "
        "first 50 rows and how many there are. The load of the machine before all that was "
        f"{busy:.1f}.",
        "",
        *gesture_rows(databases),
    ]
    return "\n".join(lines) + "\n"


main()
