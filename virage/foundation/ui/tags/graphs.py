"""Figures drawn, with the table of what is drawn."""

from django.template import Library

from virage.foundation.ui.charts import Chart, draw

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
