"""What was measured, and how it travels from the process that measured to the one that tells."""

import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import msgspec


@dataclass(frozen=True)
class Gesture:
    """Durations in milliseconds over many calls, and the SQL statements of one."""

    name: str
    median_ms: float
    p95_ms: float
    statements: int | None = None
    budget_ms: int | None = None
    max_statements: int | None = None


@dataclass(frozen=True)
class Transfer:
    """Resources treated per second, and how fast the same bytes are merely decoded."""

    name: str
    resources: int
    per_second: float
    floor_per_second: float


@dataclass(frozen=True)
class Comparison:
    """A page with the access rules and without them, in milliseconds, and its SQL statements on all
    the usagers and on few.
    """

    name: str
    with_ms: float
    without_ms: float
    ratio: float
    statements: int
    statements_of_few: int = 0


@dataclass(frozen=True)
class Weight:
    """Bytes of a page with all it links to, as transferred, and the number of files."""

    name: str
    kilobytes: float
    files: int


@dataclass(frozen=True)
class Waits:
    """How long many calls of one kind took, in milliseconds, and how many failed."""

    name: str
    calls: int
    median_ms: float
    p95_ms: float
    p99_ms: float
    faults: int


@dataclass
class Figures:
    """All that one database gave.

    `longest_lock_ms` is the longest that a second writer waited for its turn, `longest_write_ms`
    for its whole transaction.
    """

    database: str
    usagers: int
    notes: int
    fill_s: float = 0
    gestures: list[Gesture] = field(default_factory=list)
    transfers: list[Transfer] = field(default_factory=list)
    weights: list[Weight] = field(default_factory=list)
    comparisons: list[Comparison] = field(default_factory=list)
    worker_mb: float = 0
    background_mb: float = 0
    waits: list[Waits] = field(default_factory=list)
    faults: list[str] = field(default_factory=list)
    writes: int = 0
    longest_lock_ms: float = 0
    longest_write_ms: float = 0


def median(durations_s: Sequence[float]) -> float:
    """Return the median in milliseconds."""
    return sorted(durations_s)[len(durations_s) // 2] * 1000


def p95(durations_s: Sequence[float]) -> float:
    """Return the duration that one call in twenty exceeds, in milliseconds."""
    return sorted(durations_s)[int(len(durations_s) * 0.95)] * 1000


def p99(durations_s: Sequence[float]) -> float:
    """Return the duration that one call in a hundred exceeds, in milliseconds."""
    return sorted(durations_s)[int(len(durations_s) * 0.99)] * 1000


def timed(
    name: str, gesture: Callable[[int], object], *, calls: int, warm_up: int, budget_ms: int
) -> Gesture:
    """Make a gesture many times, each told its rank, the first ones left out of its durations."""
    durations = []
    for call in range(warm_up + calls):
        start = time.perf_counter()
        gesture(call)
        durations.append(time.perf_counter() - start)
    kept = durations[warm_up:]
    return Gesture(name, median(kept), p95(kept), budget_ms=budget_ms)


def save(figures: Figures, path: Path) -> None:
    """Write the figures as JSON."""
    path.write_bytes(msgspec.json.encode(figures))


def load(path: Path) -> Figures:
    """Read figures written by `save`."""
    return msgspec.json.decode(path.read_bytes(), type=Figures)


def gesture_rows(databases: Sequence[Figures]) -> Iterator[str]:
    """Yield the lines of a table of gestures, each by database against its budget."""
    yield "| gesture | database | median | p95 | budget |"
    yield "| --- | --- | ---: | ---: | ---: |"
    for figures in databases:
        for one in figures.gestures:
            is_kept = one.median_ms <= (one.budget_ms or 0)
            verdict = f"{one.budget_ms} ms: {'kept' if is_kept else '**missed**'}"
            times = f"{one.median_ms:.1f} ms | {one.p95_ms:.1f} ms"
            yield f"| {one.name} | {figures.database} | {times} | {verdict} |"
