"""`python -m bench.load [--quick]`: thirty people at work for two minutes, on both databases.

What each page costs whoever waits for it, and how long SQLite makes a second writer wait.
"""

import argparse
import os
from collections.abc import Iterator, Sequence

from bench.databases import measure_each, write_section
from bench.figures import Figures, load

USERS, SECONDS = 30, 120
P95_MS = 300
TITLE = "Thirty people at work"


def main() -> None:
    """Measure each database in a process of its own; the full load alone is written down."""
    parser = argparse.ArgumentParser(prog="python -m bench.load")
    parser.add_argument("--quick", action="store_true", help="four people, 10 s, a small volume")
    is_quick = parser.parse_args().quick
    arguments = ["4", "10", "--quick"] if is_quick else [str(USERS), str(SECONDS)]
    busy = os.getloadavg()[0]
    databases = [load(path) for _, path in measure_each("bench.one_load", *arguments)]
    write_section(TITLE, told(databases, busy), is_kept=not is_quick)


def told(databases: Sequence[Figures], busy: float) -> str:
    """Return the section in Markdown."""
    one = databases[0]
    lines = [
        f"`python -m bench.load`: {USERS} people signed in by the form with their second factor, "
        f"nurses, educators, physicians and a director of {one.usagers:,} usagers, each with a "
        f"pause of 1 to 3 s between two calls, for {SECONDS} s. `virage run` serves them under the "
        "settings of production; the people, the site and its database share the 2 cores. The "
        "load of the machine before all that was "
        f"{busy:.1f}. Meanwhile a second writer puts 20 transmissions at a time in the same "
        "database, four times a second. There is no planning screen yet.",
        "",
        "| page | database | calls | p50 | p95 | p99 | errors | budget |",
        "| --- | --- | ---: | ---: | ---: | ---: | ---: | ---: |",
        *(line for figures in databases for line in _lines(figures)),
        "",
        *(line for figures in databases for line in _writes(figures)),
    ]
    return "\n".join(lines) + "\n"


def _lines(figures: Figures) -> Iterator[str]:
    for one in figures.waits:
        is_kept = one.p95_ms <= P95_MS and not one.faults
        times = " | ".join(f"{each:.0f} ms" for each in (one.median_ms, one.p95_ms, one.p99_ms))
        verdict = f"{P95_MS} ms, no error: {'kept' if is_kept else '**missed**'}"
        yield (
            f"| {one.name} | {figures.database} | {one.calls:,} | {times} | {one.faults} "
            f"| {verdict} |"
        )


def _writes(figures: Figures) -> Iterator[str]:
    yield (
        f"- {figures.database}: the second writer waited at most {figures.longest_lock_ms:.0f} ms "
        f"for its turn, and at most {figures.longest_write_ms:.0f} ms for a whole transaction, "
        f"over {figures.writes} transactions."
    )
    if figures.faults:
        yield f"- {figures.database}, errors: {'; '.join(figures.faults)}"


if __name__ == "__main__":
    main()
