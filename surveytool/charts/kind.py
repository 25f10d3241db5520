"""A kind of chart: the function that draws it, and what it needs of a table."""

from __future__ import annotations

from collections.abc import Callable

from surveytool.charts.chart_data import Chart
from surveytool.charts.drawing_tools import DrawingTools
from surveytool.charts.scene import Body
from surveytool.frozen import frozen


def anything(chart: Chart) -> bool:
    """For kinds that can draw every table."""
    return True


@frozen
class Drawing:
    """``focus``: of two answers only the first is drawn. ``intervals``: they are shown.

    ``fits`` says whether the kind can show a chart at all.
    """

    draw: Callable[[Chart, DrawingTools], Body]
    fits: Callable[[Chart], bool] = anything
    focus: bool = False
    intervals: bool = True
