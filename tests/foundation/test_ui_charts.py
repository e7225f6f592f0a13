"""Charts: shapes that say the figures, and words for who does not see them."""

import re
from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest
from django.template import Context, Template
from hypothesis import given
from hypothesis import strategies as st

from virage.foundation.ui.charts import HEIGHT, WIDTH, Chart, Series, draw, ticks_for

FIGURES = st.floats(-1e7, 1e7, allow_nan=False).map(lambda value: round(value, 2))


def _chart(*values: float | None, **given: object) -> Chart:
    labels = tuple(f"S{place}" for place in range(len(values)))
    return Chart(id="c", title="Poids", labels=labels, series=(Series("Poids", values),), **given)


def _html(chart: Chart) -> str:
    return Template("{% chart chart %}").render(Context({"chart": chart})).replace("\xa0", " ")


@given(st.lists(FIGURES | st.none(), min_size=1).filter(any), st.booleans())
def test_nothing_is_drawn_outside(values: list[float | None], is_line: bool) -> None:
    kept = values if is_line else [None if v is None else abs(v) for v in values]
    drawing = draw(_chart(*kept, kind="lines" if is_line else "bars"))
    assert all(0 <= point.x <= WIDTH and 0 <= point.y <= HEIGHT for point in drawing.points)
    for bar in drawing.bars:
        assert bar.x >= 0 and bar.x + bar.width <= WIDTH
        assert bar.y >= 0 and bar.y + bar.height <= HEIGHT
    assert len(drawing.points) == (sum(v is not None for v in kept) if is_line else 0)
    assert len(drawing.labels) <= 6


@given(FIGURES, FIGURES)
def test_graduations_hold_both_ends_and_are_few(one: float, other: float) -> None:
    low, high = sorted((one, other))
    ticks = ticks_for(low, high)
    slack = 1e-6 * max(abs(low), abs(high), 1)
    assert ticks[0] <= low + slack and ticks[-1] >= high - slack
    assert 2 <= len(ticks) <= 7
    assert list(ticks) == sorted(set(ticks))


@pytest.mark.parametrize(
    ("low", "high", "expected"),
    [
        (0, 12, (0, 15)),
        (58.9, 66, (58, 66)),
        (0, 1, (0, 1)),
        (5, 5, (4, 6)),
        (-3, 7, (-5, 10)),
    ],
)
def test_graduations_are_round(low: float, high: float, expected: tuple[float, ...]) -> None:
    ticks = ticks_for(low, high)
    assert (ticks[0], ticks[-1]) == expected


START = datetime(2020, 1, 1, tzinfo=UTC)
SECONDS = st.lists(st.integers(0, 2 * 10**8), min_size=1)
MOMENTS = SECONDS.map(lambda late: [START + timedelta(seconds=one) for one in sorted(late)])


@given(MOMENTS)
def test_dated_measures_stand_as_time_goes_under_labels_that_do_not_overlap(
    moments: list[datetime],
) -> None:
    labels = tuple(f"{one:%d/%m/%Y}" for one in moments)
    values = (1.0,) * len(moments)
    series = (Series("Score", values),)
    drawing = draw(
        Chart(id="c", title="", labels=labels, series=series, kind="lines", moments=tuple(moments))
    )
    places = [point.x for point in drawing.points]
    span, wide = (moments[-1] - moments[0]).total_seconds(), places[-1] - places[0]
    for moment, place in zip(moments, places, strict=True):
        share = (moment - moments[0]).total_seconds() / span if span else 0
        assert abs(place - places[0] - share * wide) <= 0.2
    assert wide > 200 or not span
    shown = [label.at for label in drawing.labels]
    assert shown[-1] == places[-1]
    # A date takes some sixty units of the drawing.
    assert all(after - before >= 60 for before, after in pairwise(shown))
    assert shown[0] - 30 >= 0 and shown[-1] + 30 <= WIDTH


def test_moments_go_with_their_labels_in_order() -> None:
    for moments in ((START,), (START, START - timedelta(days=1))):
        with pytest.raises(ValueError, match="moment"):
            _chart(1, 2, kind="lines", moments=moments)


def test_a_missing_measure_cuts_the_line() -> None:
    drawing = draw(_chart(1, 2, None, 3, 4, None, 5, kind="lines"))
    assert len(drawing.lines) == 2
    assert len(drawing.points) == 5


def test_figures_are_french_and_told_in_words() -> None:
    html = _html(_chart(1234.5, None, 61.25, kind="lines", unit="kg", decimals=1))
    assert "Poids : de 61,2 kg (S2) à 1 234,5 kg (S0), en dernier 61,2 kg (S2)." in html
    assert '<td class="number">–</td>' in html
    # Coordinates keep the point that SVG reads.
    assert not re.search(r'(?:[xy]|width|height)="\d+,', html)


@pytest.mark.parametrize(
    ("values", "told"),
    [
        ((None, 61.25, None), "Poids : 61,2 kg (S1), seule valeur."),
        ((58, None, 58), "Poids : toujours 58,0 kg (de S0 à S2)."),
        ((None, None), "Poids : aucune valeur."),
    ],
)
def test_what_does_not_vary_is_told_as_one_value(values: tuple[float, ...], told: str) -> None:
    chart = _chart(*values, kind="lines", unit="kg", decimals=1)
    assert chart.summary.replace("\xa0", " ") == told


def test_the_browser_policy_stays_whole() -> None:
    html = _html(_chart(1, 2, 3, bounds=(1, 2)))
    assert not re.search(r"<style|<script|\sstyle=|\son\w+=", html)
    assert 'role="img" aria-labelledby="c-title" aria-describedby="c-desc"' in html


def test_nothing_is_said_when_there_is_nothing() -> None:
    html = _html(_chart())
    assert "Aucune valeur sur cette période." in html
    assert "<svg" not in html
    assert "<svg" in _html(_chart(0))


@pytest.mark.parametrize("values", [(-1,), (float("nan"),), (float("inf"),)])
def test_a_figure_that_cannot_be_drawn_is_refused(values: tuple[float, ...]) -> None:
    with pytest.raises(ValueError, match="figure"):
        _chart(*values)


def test_each_label_has_its_value() -> None:
    with pytest.raises(ValueError, match="per label"):
        Chart(id="c", title="", labels=("a",), series=(Series("b", (1, 2)),))
