"""Charts: figures turned into shapes, worked out here and drawn by `ui/chart.html`.

No script and no inline style, so that the browser's policy stays whole; colours are tokens, so that
night and paper need nothing more. A pattern or a shape always stands beside a colour, and the table
of the figures beside the drawing.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from math import ceil, floor, isfinite, log10
from typing import Any, Literal

from django.utils.formats import number_format

Kind = Literal["bars", "stacked", "lines"]
Values = tuple[float | None, ...]
Height = Callable[[float], float]

# Drawn in units of a phone's pixel, so that its words can be read at 390 px without zoom.
WIDTH, HEIGHT = 340.0, 200.0
LEFT, RIGHT, TOP, BOTTOM = 40.0, 8.0, 10.0, 26.0
TICKS = 4
# Between the middles of two labels at least, and as wide as a character is.
APART, CHARACTER = 48.0, 6.5
MOST_SERIES = 4
NOTHING = "\N{EN DASH}"
NO_BREAK = "\N{NO-BREAK SPACE}"


@dataclass(frozen=True)
class Series:
    """Figures of one kind, one per label of the chart; None where nothing was measured."""

    label: str
    values: Values


@dataclass(frozen=True, kw_only=True)
class Chart:
    """What is drawn. `bounds` are the usual values, drawn as a band; `unit` follows each figure.

    `id` is unique in the page. Bars start from zero, and so take no negative figure. `moments`, one
    per label and the earliest first, place the measures of a line as time goes; without them, and
    for bars, steps are equal.
    """

    id: str
    title: str
    labels: tuple[str, ...]
    series: tuple[Series, ...]
    kind: Kind = "bars"
    unit: str = ""
    decimals: int = 0
    bounds: tuple[float, float] | None = None
    moments: tuple[datetime, ...] = ()

    def __post_init__(self) -> None:
        if len(self.series) > MOST_SERIES:
            raise ValueError(f"no more than {MOST_SERIES} series can be told apart")
        for series in self.series:
            if len(series.values) != len(self.labels):
                raise ValueError(f"{series.label}: one value per label")
        if self.moments and len(self.moments) != len(self.labels):
            raise ValueError("one moment per label")
        if list(self.moments) != sorted(self.moments):
            raise ValueError("the earliest moment first")
        if any(not isfinite(figure) for figure in self.figures):
            raise ValueError("a figure is a finite number")
        if self.kind != "lines" and any(figure < 0 for figure in self.figures):
            raise ValueError("bars take no negative figure")

    @property
    def figures(self) -> list[float]:
        """Every figure that there is."""
        return [value for one in self.series for value in one.values if value is not None]

    def worded(self, value: float | None, *, has_unit: bool = True) -> str:
        """Say a figure as it is read in France: « 1 234,5 kg », or a dash for none."""
        if value is None:
            return NOTHING
        number = str(number_format(value, self.decimals, use_l10n=True, force_grouping=True))
        return f"{number}{NO_BREAK}{self.unit}" if self.unit and has_unit else number

    @property
    def summary(self) -> str:
        """Tell each series in a sentence, for who does not see the drawing."""
        return " ".join(self._told(one) for one in self.series)

    def _told(self, series: Series) -> str:
        known = [(v, x) for v, x in zip(series.values, self.labels, strict=True) if v is not None]
        if not known:
            return f"{series.label}{NO_BREAK}: aucune valeur."
        (least, at_least), (most, at_most) = min(known), max(known)
        latest, at_latest = known[-1]
        if len(known) == 1:
            return f"{series.label}{NO_BREAK}: {self.worded(latest)} ({at_latest}), seule valeur."
        if least == most:
            return (
                f"{series.label}{NO_BREAK}: toujours {self.worded(latest)} "
                f"(de {known[0][1]} à {at_latest})."
            )
        return (
            f"{series.label}{NO_BREAK}: de {self.worded(least)} ({at_least}) à {self.worded(most)} "
            f"({at_most}), en dernier {self.worded(latest)} ({at_latest})."
        )


@dataclass(frozen=True)
class Bar:
    """A rectangle; `number` is that of its series, from 1."""

    x: float
    y: float
    width: float
    height: float
    number: int
    told: str


@dataclass(frozen=True)
class Point:
    """A measure on a line."""

    x: float
    y: float
    number: int
    told: str


@dataclass(frozen=True)
class Tick:
    """A mark of an axis: where, and its words."""

    at: float
    label: str


@dataclass(frozen=True, kw_only=True)
class Drawing:
    """The shapes of a chart. Lines are cut where a measure is missing."""

    ticks: tuple[Tick, ...]
    labels: tuple[Tick, ...]
    bars: tuple[Bar, ...] = ()
    lines: tuple[tuple[int, str], ...] = ()
    points: tuple[Point, ...] = ()
    band: tuple[float, float] | None = None

    @property
    def band_height(self) -> float:
        """How thick the band of the usual values is, a hair at least."""
        top, foot = self.band or (0.0, 0.0)
        return max(_rounded(foot - top), 1.0)


def draw(chart: Chart) -> Drawing:
    """Work out the shapes of a chart that has at least one figure."""
    ticks = ticks_for(*_extent(chart))
    low, high = ticks[0], ticks[-1]

    def up(value: float) -> float:
        share = (value - low) / (high - low)
        return _rounded(HEIGHT - BOTTOM - share * (HEIGHT - TOP - BOTTOM))

    band = (up(chart.bounds[1]), up(chart.bounds[0])) if chart.bounds else None
    across = _across(chart)
    shapes = _lines(chart, up, across) if chart.kind == "lines" else {"bars": _bars(chart, up)}
    return Drawing(
        ticks=tuple(Tick(up(value), _tick_label(chart, value)) for value in ticks),
        labels=_labels(chart, across),
        band=band,
        **shapes,
    )


def ticks_for(low: float, high: float) -> tuple[float, ...]:
    """Return round graduations (1, 2 or 5 by powers of ten) that hold both ends."""
    rough = ((high - low) or abs(high) or 1.0) / TICKS
    power = 10.0 ** floor(log10(rough))
    step = next(power * one for one in (1, 2, 5, 10) if power * one >= rough * 0.999)
    first, last = floor(low / step + 1e-9), ceil(high / step - 1e-9)
    return tuple(round(place * step, 9) for place in range(first, max(last, first + 1) + 1))


def _across(chart: Chart) -> list[float]:
    """Return where each label stands: as time goes, or at equal steps."""
    wide = WIDTH - LEFT - RIGHT
    if chart.kind != "lines" or not chart.moments:
        step = wide / len(chart.labels)
        return [_rounded(LEFT + (place + 0.5) * step) for place in range(len(chart.labels))]
    margin = min(_width(chart), wide) / 2
    first, last = chart.moments[0], chart.moments[-1]
    span = (last - first).total_seconds()
    shares = [(one - first).total_seconds() / span if span else 0.5 for one in chart.moments]
    return [_rounded(LEFT + margin + share * (wide - 2 * margin)) for share in shares]


def _labels(chart: Chart, across: Sequence[float]) -> tuple[Tick, ...]:
    """Give the labels that have room: from the last one on; of dates, the two ends first."""
    apart = max(APART, _width(chart) + CHARACTER)
    order = list(range(len(across)))[::-1]
    if chart.moments:
        order = [*dict.fromkeys([order[0], 0, *order])]
    shown: list[int] = []
    for place in order:
        if all(abs(across[place] - across[other]) >= apart for other in shown):
            shown.append(place)
    return tuple(Tick(across[place], chart.labels[place]) for place in sorted(shown))


def _width(chart: Chart) -> float:
    return CHARACTER * max(map(len, chart.labels))


def _extent(chart: Chart) -> tuple[float, float]:
    if chart.kind == "lines":
        values = [*chart.figures, *(chart.bounds or ())]
        return min(values), max(values)
    columns = zip(*(one.values for one in chart.series), strict=True)
    tops = [sum(v or 0 for v in column) for column in columns]
    most = max(tops if chart.kind == "stacked" else chart.figures)
    return 0.0, max(most, chart.bounds[1] if chart.bounds else 0.0)


def _tick_label(chart: Chart, value: float) -> str:
    decimals = 0 if value == int(value) else max(chart.decimals, 1)
    return str(number_format(value, decimals, use_l10n=True, force_grouping=True))


def _bars(chart: Chart, up: Height) -> tuple[Bar, ...]:
    step = (WIDTH - LEFT - RIGHT) / len(chart.labels)
    is_stacked = chart.kind == "stacked"
    wide = step * 0.7 / (1 if is_stacked else len(chart.series))
    bars = []
    for place, label in enumerate(chart.labels):
        below = 0.0
        for order, series in enumerate(chart.series):
            value = series.values[place]
            if value is None or value == 0:
                continue
            left = LEFT + (place + 0.15) * step + (0 if is_stacked else order * wide)
            top, foot = up(below + value), up(below)
            told = f"{label}, {series.label}{NO_BREAK}: {chart.worded(value)}"
            bars.append(
                Bar(_rounded(left), top, _rounded(wide), _rounded(foot - top), order + 1, told)
            )
            below += value if is_stacked else 0
    return tuple(bars)


def _lines(chart: Chart, up: Height, across: Sequence[float]) -> dict[str, Any]:
    lines: list[tuple[int, str]] = []
    points: list[Point] = []
    for number, series in enumerate(chart.series, 1):
        places = [
            None
            if value is None
            else Point(
                at,
                up(value),
                number,
                f"{label}, {series.label}{NO_BREAK}: {chart.worded(value)}",
            )
            for at, label, value in zip(across, chart.labels, series.values, strict=True)
        ]
        lines += [(number, path) for path in _paths(places)]
        points += [place for place in places if place]
    return {"lines": tuple(lines), "points": tuple(points)}


def _paths(places: Sequence[Point | None]) -> Iterator[str]:
    """Give the lines between measures that follow each other, as SVG writes them."""
    run: list[Point] = []
    for place in [*places, None]:
        if place:
            run.append(place)
            continue
        if len(run) > 1:
            yield " ".join(f"{one.x:g},{one.y:g}" for one in run)
        run = []


def _rounded(value: float) -> float:
    return round(value, 1)
