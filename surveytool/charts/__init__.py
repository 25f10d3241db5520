"""A table to a figure: one file a kind of chart, drawn from the table's rows and words.

``CHARTS`` names a ``Drawing`` a kind, imported on first use. To add a kind,
write its file and name it here; its contract tests run by themselves.
Nothing here computes a number, and nothing is shown that the table holds back.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from surveytool.errors import unknown
from surveytool.lazy import lazy_names, registered

if TYPE_CHECKING:
    from surveytool.charts.build import chart_of
    from surveytool.charts.chart_data import Chart
    from surveytool.charts.kind import Drawing
    from surveytool.charts.scene import Scene

CHARTS: dict[str, str] = {
    "dots": "dots:DOTS",
    "bars": "bars:BARS",
    "stacked": "stacked:STACKED",
    "diverging": "diverging:DIVERGING",
    "multiples": "multiples:MULTIPLES",
    "slope": "slope:SLOPE",
    "heat": "heat:HEAT",
    "pyramid": "pyramid:PYRAMID",
    "alluvial": "alluvial:ALLUVIAL",
    "line": "line:LINE",
}
AUTO = "auto"
FORMATS = ("png", "svg", "pdf")
SUFFIXES: dict[str, str] = {f".{name}": name for name in FORMATS}


def drawing(kind: str) -> Drawing:
    """The drawing of a kind; ``UsageError`` for one that is not known."""
    if kind not in CHARTS:
        raise unknown("chart", kind, [AUTO, *CHARTS], "--kind")
    kind_drawing: Drawing = registered(__name__, CHARTS[kind])
    return kind_drawing


def compose(chart: Chart, theme: str = "plain") -> Scene:
    """The whole page of a chart as marks in points."""
    from surveytool.charts.drawing_tools import DrawingTools
    from surveytool.charts.page import page
    from surveytool.charts.theme import theme as dress

    worn = dress(theme)
    body = drawing(chart.kind).draw(chart, DrawingTools(theme=worn, width=worn.width - 2 * worn.margin))
    return page(chart, body, worn)


def draw(chart: Chart, format: str = "svg", theme: str = "plain") -> bytes:
    """A chart as png, svg or pdf; the same bytes each time. Raises ``UsageError``."""
    from surveytool.charts.paint import paint

    if format not in FORMATS:
        raise unknown("chart format", format, FORMATS, "--format")
    return paint(compose(chart, theme), format, chart.title, chart.alt)


__getattr__ = lazy_names(__name__, {"build": ["chart_of"]})


__all__ = ["AUTO", "CHARTS", "FORMATS", "SUFFIXES", "chart_of", "compose", "draw", "drawing"]
