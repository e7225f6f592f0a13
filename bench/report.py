"""The page that tells the figures: bench/README.md."""

import os
import platform
from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from pathlib import Path

import django

from bench.figures import Figures, Gesture

START_BUDGET_S, FILL_BUDGET_S, MEMORY_BUDGET_MB, WEIGHT_BUDGET_KB = 20, 300, 200, 150
INTRODUCTION = """# What the budgets cost today

| command | measures | expected, alone on 2 cores |
| --- | --- | --- |
| `make bench` | the three that follow, one after the other | 15 minutes |
| `python -m bench` | pages, transfers, start, memory, weight, filling | 6 minutes |
| `python -m bench.load` | thirty people at work for two minutes | 8 minutes |
| `python -m bench.lists` | what the access rules cost a list | 1 minute |
| `python -m bench.staff` | the search among the staff of a region | 1 minute |
| `python -m bench.journal` | a journal of ten million rows (8 GB of disk) | 3 minutes |

Each runs unattended on SQLite, then on PostgreSQL when it is installed, in folders of its own that
it erases, and writes its sections of this page. `--quick` (or `--events 10000` for the journal)
tries one on a small volume and only shows the figures. Nothing else should run meanwhile.

`python -m bench` fills a database, runs the programs as a site runs them (two web workers of one
thread, one background worker) and asks the pages over HTTP.

Each gesture is repeated 60 times on different persons, after 6 calls that do not count. Times run
from the request to the last byte, client included. Statements count session, situation, access and
journal, but not BEGIN, COMMIT and savepoints. Both databases write to the disk at each commit. The
floor is what the same path costs with nothing to do: the sign-in form for pages, the mere decoding
of the same JSON for transfers.
"""


def page(databases: Sequence[Figures], start_s: float, today: date, busy: float) -> str:
    """Return the page in Markdown."""
    volume = databases[0]
    measured = f"{volume.usagers:,} usagers, {volume.notes:,} notes"
    parts = [
        INTRODUCTION,
        f"{today:%Y-%m-%d}, {_machine()}, load {busy:.1f} at the start; {measured}.",
        "\n## Pages\n",
        *_gestures(databases),
        "\n## Transfers\n",
        *_transfers(databases),
        "\n## Start, memory, weight\n",
        *_others(databases, start_s),
    ]
    return "\n".join(parts) + "\n"


def _machine() -> str:
    cpu = next(
        line.partition(":")[2].strip()
        for line in Path("/proc/cpuinfo").read_text().splitlines()
        if line.startswith("model name")
    )
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 1e9
    return (
        f"{os.cpu_count()} cores ({cpu}), {memory:.0f} GB of memory, "
        f"Python {platform.python_version()}, Django {django.get_version()}"
    )


def _gestures(databases: Sequence[Figures]) -> Iterator[str]:
    head = ["gesture"]
    for one in databases:
        head += [f"{one.database}: median", "p95", "statements"]
    rows = []
    for same in zip(*(one.gestures for one in databases), strict=True):
        cells = [cell for gesture in same for cell in _cells(gesture)]
        rows.append([same[0].name, *cells, _budget(same)])
    return _table([*head, "budget"], rows)


def _cells(gesture: Gesture) -> list[str]:
    statements = "" if gesture.statements is None else str(gesture.statements)
    return [f"{gesture.median_ms:.1f} ms", f"{gesture.p95_ms:.1f} ms", statements]


def _budget(same: Sequence[Gesture]) -> str:
    """Say the budget, and whether every database keeps it."""
    first = same[0]
    if first.budget_ms is None:
        return "floor"
    is_kept = all(
        gesture.median_ms <= first.budget_ms
        and (first.max_statements is None or (gesture.statements or 0) <= first.max_statements)
        for gesture in same
    )
    statements = f", {first.max_statements} statements" if first.max_statements else ""
    return f"{first.budget_ms} ms{statements}: {_verdict(is_kept)}"


def _transfers(databases: Sequence[Figures]) -> Iterator[str]:
    rows = [
        [
            f"{transfer.name}, {one.database}",
            f"{transfer.resources:,}",
            f"{transfer.per_second:,.0f}/s",
            f"{transfer.floor_per_second:,.0f}/s",
        ]
        for one in databases
        for transfer in one.transfers
    ]
    return _table(["transfer", "resources", "speed", "floor"], rows)


def _others(databases: Sequence[Figures], start_s: float) -> Iterator[str]:
    rows = [
        ["Start of the demo, first page", f"{start_s:.1f} s", _limit(start_s, START_BUDGET_S, "s")]
    ]
    for one in databases:
        name = f"Filling the large demonstration, seals included, {one.database}"
        rows.append([name, f"{one.fill_s:.0f} s", _limit(one.fill_s, FILL_BUDGET_S, "s")])
    for one in databases:
        for name, memory in (("web", one.worker_mb), ("background", one.background_mb)):
            limit = _limit(memory, MEMORY_BUDGET_MB, "MB")
            rows.append([f"Memory of a {name} worker, {one.database}", f"{memory:.0f} MB", limit])
    for weight in databases[0].weights:
        limit = _limit(weight.kilobytes, WEIGHT_BUDGET_KB, "kB")
        size = f"{weight.kilobytes:.0f} kB in {weight.files} files"
        rows.append([f"{weight.name}, as transferred", size, limit])
    return _table(["what", "measured", "budget"], rows)


def _limit(value: float, limit: int, unit: str) -> str:
    return f"{limit} {unit}: {_verdict(value <= limit)}"


def _verdict(is_kept: bool) -> str:
    return "kept" if is_kept else "**missed**"


def _table(head: Sequence[str], rows: Iterable[Iterable[str]]) -> Iterator[str]:
    yield _line(head)
    yield _line(["---", *["---:"] * (len(head) - 1)])
    for row in rows:
        yield _line(row)


def _line(cells: Iterable[str]) -> str:
    return f"| {' | '.join(cells)} |"
