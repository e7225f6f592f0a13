"""The page of the measures says what was measured, and whether each budget is kept."""

import re
from datetime import date

from bench.figures import Figures, Gesture, Transfer, Weight, median, p95
from bench.pages import LIST_MS, MEASURES, RECORD_MS, SAVE_MS, STATEMENTS
from bench.report import MEMORY_BUDGET_MB, START_BUDGET_S, WEIGHT_BUDGET_KB, page
from tests.house.source import ROOT


def _figures(median_ms: float, statements: int) -> Figures:
    return Figures(
        database="SQLite 3",
        usagers=5000,
        notes=300_000,
        gestures=[
            Gesture("Floor", 2, 3),
            Gesture("List", median_ms, 2 * median_ms, statements, 60, 12),
        ],
        transfers=[Transfer("Export", 800, 120, 40_000)],
        weights=[Weight("Sign-in page", 151, 9)],
        worker_mb=90,
        background_mb=70,
    )


def _line(told: str, start: str) -> str:
    return next(line for line in told.splitlines() if line.startswith(f"| {start}"))


def test_a_budget_is_kept_by_time_and_by_statements() -> None:
    for median_ms, statements, verdict in ((60, 12, "kept"), (61, 12, "missed"), (9, 13, "missed")):
        told = page([_figures(median_ms, statements)], 12, date(2026, 3, 11), 0.1)
        assert verdict in _line(told, "List")
        assert "floor" in _line(told, "Floor")


def test_every_database_must_keep_it() -> None:
    told = page([_figures(20, 8), _figures(90, 8)], 21, date(2026, 3, 11), 0.1)
    assert "missed" in _line(told, "List")
    assert "missed" in _line(told, "Start of the demo")
    assert "missed" in _line(told, "Sign-in page")
    assert "kept" in _line(told, "Memory of a web worker")


def test_figures_are_in_milliseconds() -> None:
    durations_s = [number / 1000 for number in range(1, 101)]
    assert median(durations_s) == 51
    assert p95(durations_s) == 96


def test_every_gesture_has_a_budget() -> None:
    assert len({measure.name for measure in MEASURES}) == len(MEASURES)
    assert all(measure.budget_ms > 0 for measure in MEASURES)


def test_the_budgets_measured_are_those_that_the_documents_announce() -> None:
    text = (ROOT / "docs" / "architecture.md").read_text()
    told = text.split("\n## Budgets\n")[1].split("\n## ")[0]
    rows = [line for line in told.splitlines() if line.startswith("|")]
    announced = [int(n) for row in rows for n in re.findall(r"(\d+) (?:ms|SQL|kB|s|MB)\b", row)]
    pages = [LIST_MS, STATEMENTS, RECORD_MS, STATEMENTS, SAVE_MS]
    assert announced == [*pages, WEIGHT_BUDGET_KB, START_BUDGET_S, MEMORY_BUDGET_MB]
