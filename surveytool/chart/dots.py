"""Dots with intervals: a row a group, the estimate a dot, its interval a thin line."""

from __future__ import annotations

from surveytool.chart.grid import Grid, draw_grid
from surveytool.chart.kind import Drawing
from surveytool.chart.layout import rows_and_panels
from surveytool.chart.model import Chart
from surveytool.chart.pen import Pen
from surveytool.chart.scene import Body


def draw(chart: Chart, pen: Pen) -> Body:
    """Every group; several levels are panels, and many levels are rows."""
    stubs, panels = rows_and_panels(chart)
    grid = Grid(
        stubs=stubs, panels=panels, axis=chart.axis, share=chart.share, zero=chart.zero, n_label=chart.n_label
    )  # fmt: skip
    return draw_grid(grid, pen)


DOTS = Drawing(draw=draw, focus=True)
