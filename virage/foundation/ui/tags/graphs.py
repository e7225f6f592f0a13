"""Figures drawn, with the table of what is drawn."""

from django.template import Library

from virage.foundation.ui.charts import NOTHING, Chart, Values, draw, sparkline

register = Library()


@register.inclusion_tag("ui/chart.html")
def chart(chart: Chart) -> dict[str, object]:
    """Draw bars, stacked bars or lines; without any figure, say so."""
    has_figures = bool(chart.figures)
    columns = zip(chart.labels, *(one.values for one in chart.series), strict=True)
    return {
        "chart": chart,
        "drawing": draw(chart) if has_figures else None,
        "names": [(number, one.label) for number, one in enumerate(chart.series, 1)],
        "rows": [(label, [chart.worded(value) for value in values]) for label, *values in columns],
        "bounds": [chart.worded(bound) for bound in chart.bounds or ()],
    }


@register.inclusion_tag("ui/sparkline.html")
def trend(
    label: str,
    values: Values,
    unit: str = "",
    decimals: int = 0,
    bounds: tuple[float, float] | None = None,
) -> dict[str, object]:
    """Draw the trend of a measure beside its latest figure, and say it in words."""
    told = Chart(
        id="", title=label, labels=("",) * len(values), series=(), unit=unit, decimals=decimals
    )
    known = [value for value in values if value is not None]
    latest = known[-1] if known else None
    is_outside = bool(known and bounds and not bounds[0] <= known[-1] <= bounds[1])
    return {
        "label": label,
        "drawing": sparkline(values, bounds) if known else None,
        "latest": told.worded(latest),
        "least": told.worded(min(known)) if known else NOTHING,
        "most": told.worded(max(known)) if known else NOTHING,
        "bounds": [told.worded(bound) for bound in bounds or ()],
        "is_outside": is_outside,
    }
