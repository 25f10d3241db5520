"""Dots with intervals: a row a group, the estimate a dot, its interval a thin line."""

from __future__ import annotations

from surveytool.charts.chart_data import Chart
from surveytool.charts.drawing_tools import DrawingTools
from surveytool.charts.grid import Grid, draw_grid
from surveytool.charts.kind import Drawing
from surveytool.charts.layout import rows_and_panels
from surveytool.charts.scene import Body


def draw(chart: Chart, tools: DrawingTools) -> Body:
    """Every group; several levels are panels, and many levels are rows."""
    stubs, panels = rows_and_panels(chart)
    grid = Grid(
        stubs=stubs, panels=panels, axis=chart.axis, share=chart.share, zero=chart.zero, n_label=chart.n_label
    )  # fmt: skip
    return draw_grid(grid, tools)


DOTS = Drawing(draw=draw, focus=True)
